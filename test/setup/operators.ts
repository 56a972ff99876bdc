import { mayUseDueType } from '../../db/ente/due-type-access.ts'
import type { Knex } from 'knex'
import { createHash, randomUUID } from 'node:crypto'
import { bookExport } from '../../db/export/export.ts'
import { writeJournal } from '../../db/journal/journal.ts'
import { insertDraft } from '../../db/flow/draft.ts'
import { insertFlow } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { iuv17 } from '../../domain/iuv.ts'
import { aBegunPayment } from './begun.ts'
import { anAct } from './bulk.ts'
import { aDue, anEnte, PAYER } from './builders.ts'
import type { AppRoute } from './routes.ts'
import { aCredit } from './treasury.ts'
import { aQuadratura, aReportedRow, aReportingFlow } from './reporting.ts'
import { signInAs } from './session.ts'
import type { Visitor } from './visitor.ts'

/** People of the demo installation. */
export const PAOLO = {
  codiceFiscale: 'FRRPLA64P30M999Q',
  anagrafica: 'Paolo Ferri',
  email: 'paolo@example.org',
}
export const SARA = { codiceFiscale: 'GLLSRA78E45M999O', anagrafica: 'Sara Gallo', email: 'sara@example.org' }
export const ELENA = {
  codiceFiscale: 'CNTLNE01A49M999C',
  anagrafica: 'Elena Conti',
  email: 'elena@example.org',
}

/** Signs Elena in as administrator of the region; inserts her when the database has no demo data. */
export async function enterAsElena(db: Knex, visitor: Visitor): Promise<Visitor> {
  await db('operator')
    .insert({ codice_fiscale: ELENA.codiceFiscale, name: ELENA.anagrafica, platform_admin: true })
    .onConflict('codice_fiscale')
    .ignore()
  return signInAs(db, visitor, ELENA)
}

/** Code of the ente that the people above work for. */
export const CODE = 'C_X902'

export interface OperatorWorld {
  dueId: string
  flowId: string
  /** Of Elena, because a draft is seen by its sender only. */
  draftId: string
  exportId: string
  operatorId: string
  cartId: string
  attemptId: string
  messageId: string
  anomalyId: string
  actId: string
  reportingFlowId: string
  quadraturaId: string
  reportedRowId: string
  treasuryFileId: string
  creditId: string
  tieId: string
}

/** Inserts one of each thing that has a page (due, flow, export, cart and others) for the ente of the operators. */
export async function anOperatorWorld(db: Knex): Promise<OperatorWorld> {
  const { id: enteId, domain } = (await db('ente')
    .first('id', { domain: 'codice_fiscale' })
    .where({ cod_ipa: CODE })) as { id: string; domain: string }
  const { id: operatorId } = (await db('operator')
    .first('id')
    .where({ codice_fiscale: PAOLO.codiceFiscale })) as { id: string }
  const flowId = uuidv7()
  await insertFlow(db, {
    id: flowId,
    enteId,
    baseName: `${CODE}-MONDO${randomUUID().slice(0, 8)}-1_3`,
    iuf: `MONDO${randomUUID().slice(0, 8)}`,
    format: '1_3',
    operatorId,
    requestToken: null,
    sha256: createHash('sha256').update(flowId).digest(),
    zipBytes: 1,
    csvBytes: 1,
    wantsNotices: true,
    header: 'IUD',
    firstByte: 0,
  })
  await db('flow')
    .where({ id: flowId })
    .update({ rows_read: 2, rows_rejected: 1, rows_loaded: 1, notices_wanted: 1 })
  await db('flow_reject').insert({
    flow_id: flowId,
    row: 1,
    reasons: JSON.stringify([{ kind: 'form', fault: 'missing', header: 'IUD' }]),
    raw: Buffer.from('x'),
  })
  const exportId = await bookExport(db, {
    kind: 'paid',
    enteId,
    operatorId,
    format: '1_3',
    withReceipt: true,
    fromOn: '2026-01-01',
    toOn: '2026-01-31',
    dueTypes: [],
    asSecondary: false,
  })
  const { id: elenaId } = (await db('operator')
    .first('id')
    .where({ codice_fiscale: ELENA.codiceFiscale })) as { id: string }
  const draftId = await aDraft(db, { enteId, operatorId: elenaId, fileName: 'dovuti.csv' })
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select d.id from due d join ente_due_type t on t.id = d.ente_due_type_id
     where d.ente_id = ? and d.state = 'payable' and d.iuv is not null and ${mayUseDueType('?', 't.id')}
       and not is_expired(d.due_on, t.due_on_binding) order by d.id limit 1`,
    [enteId, operatorId],
  )
  const { cartId, attemptIds } = await aBegunPayment(db, [await aDue(db, await anEnte(db))])
  const messageId = await aMessage(db, cartId)
  const dueId = rows[0]!.id
  const anomalyId = await anAnomaly(db, dueId)
  const by = { id: operatorId, name: PAOLO.anagrafica }
  const actId = await anAct(db, { kind: 'export', ids: [dueId], enteId, by })
  const reportingFlowId = await aReportingFlow(db, { enteId, domain })
  const reportedRowId = await aReportedRow(db, reportingFlowId, { domain, iuv: '22000000000000171' })
  return {
    dueId,
    flowId,
    draftId,
    exportId,
    operatorId,
    cartId,
    attemptId: attemptIds[0]!,
    messageId,
    anomalyId,
    actId,
    reportingFlowId,
    reportedRowId,
    quadraturaId: await aQuadratura(db, { enteId, domain }),
    ...(await aCredit(db, { enteId, operatorId, reportingFlowId })),
  }
}

/** A CSV of a person, who is asked for its version. */
export async function aDraft(
  db: Knex,
  { enteId, operatorId, fileName }: { enteId: string; operatorId: string; fileName: string },
): Promise<string> {
  const id = uuidv7()
  await insertDraft(db, {
    id,
    enteId,
    operatorId,
    kind: 'csv',
    fileName,
    bytes: 1,
    sha256: createHash('sha256').update(id).digest(),
    wantsNotices: false,
    iuf: 'dovuti',
    format: '1_1',
  })
  return id
}

/** Money for a due that belongs to nobody; the same one when it is asked for again. */
export async function anAnomaly(db: Knex, dueId: string): Promise<string> {
  const facts = { kind: 'paid_after_cancel', due_id: dueId }
  const known = (await db('anomaly').first('id').where(facts)) as { id: string } | undefined
  if (known) return known.id
  const [row] = (await db('anomaly')
    .insert({ ...facts, unplaced_cents: 1850 })
    .returning('id')) as { id: string }[]
  return row!.id
}

async function aMessage(db: Knex, cartId: string): Promise<string> {
  await writeJournal(db, [
    {
      direction: 'in',
      operation: 'paaInviaRT',
      cartId,
      domain: '99999902028',
      iuv: '22000000000000171',
      attemptCode: 'n/a',
      outcome: 'OK',
      httpStatus: 200,
      durationMs: null,
      request: Buffer.from(`<a>${'x'.repeat(300)}<rt>${Buffer.from('<RT/>').toString('base64')}</rt></a>`),
      response: Buffer.from('<esito>OK</esito>'),
    },
  ])
  return ((await db('journal').first('id').where({ cart_id: cartId })) as { id: string }).id
}

/** True for a page of operators, administrators or support. */
export const isOperatorPath = (path: string): boolean => /^\/(operatore|admin|supporto)/.test(path)

/** Inserts payable dues of the ente, one for each progressive number of an IUV; returns their ids in that order. */
export async function newDues(
  db: Knex,
  progressives: readonly number[],
  given: { code?: string; values?: (progressive: number) => Record<string, unknown> } = {},
): Promise<string[]> {
  const { code = 'LUCE_VOTIVA', values } = given
  const dueType = (await db('ente_due_type as t')
    .join('ente as e', 'e.id', 't.ente_id')
    .first({ id: 't.id', enteId: 'e.id', domain: 'e.codice_fiscale', name: 'e.name', iban: 'e.iban' })
    .where({ 'e.cod_ipa': CODE, 't.code': code })) as Record<
    'id' | 'enteId' | 'domain' | 'name' | 'iban',
    string
  >
  const rows = progressives.map((progressive) => ({
    id: uuidv7(),
    ente_id: dueType.enteId,
    ente_due_type_id: dueType.id,
    iud: `NUOVO-${progressive}`,
    iuv: iuv17({ segregationCode: '22', sil: '09', progressive }),
    importo_cents: 1850,
    causale: `Luce ${progressive}`,
    pagatore_codice: PAYER.codice,
    pagatore: JSON.stringify(PAYER),
    ...values?.(progressive),
  }))
  await db.batchInsert('due', rows, 500)
  await db.batchInsert(
    'due_share',
    rows.map(({ id, importo_cents, causale }) => ({
      due_id: id,
      position: 1,
      domain: dueType.domain,
      ente_id: dueType.enteId,
      ente_name: dueType.name,
      iban: dueType.iban,
      importo_cents,
      causale,
      dati_specifici_riscossione: '9/0114100TS/',
    })),
    500,
  )
  return rows.map(({ id }) => id)
}

/** The address of a route of operators, with the ids of things that exist. */
export function operatorAddress(path: string, world: OperatorWorld, codIpa = CODE): string {
  const values: Record<string, string> = {
    ':codIpa': codIpa,
    ':dueId': world.dueId,
    ':flowId': world.flowId,
    ':draftId': world.draftId,
    ':operatorId': world.operatorId,
    ':kind': 'originale',
    ':code': 'LUCE_VOTIVA',
    ':receiptId': randomUUID(),
    ':exportId': world.exportId,
    ':actId': world.actId,
    ':reportingFlowId': world.reportingFlowId,
    ':quadraturaId': world.quadraturaId,
    ':reportedRowId': world.reportedRowId,
    ':treasuryFileId': world.treasuryFileId,
    ':creditId': world.creditId,
    ':tieId': world.tieId,
    ':cartId': world.cartId,
    ...(path.includes('/giornale/') ? { ':id': world.messageId } : {}),
    ...(path.startsWith('/supporto') ? { ':kind': 'rpt', ':id': world.attemptId } : {}),
    ...(path.includes('/anomalie/') ? { ':id': world.anomalyId } : {}),
    ':queue': 'senza-esito',
  }
  return path.replace(/:\w+/g, (name) => values[name] ?? randomUUID())
}

/** Sends a request of a visitor to a route. A form has the token of the visitor's session. The body of a stream is not read. */
export async function answerOf(
  { method, path }: AppRoute,
  address: string,
  visitor: Visitor,
): Promise<{ status: number; body: string }> {
  const given = { headers: { cookie: visitor.cookie() }, redirect: 'manual' } as const
  const answer =
    method === 'get'
      ? await fetch(address, { ...given, signal: AbortSignal.timeout(5_000) })
      : await fetch(address, { ...given, method: 'POST', body: await emptyForm(path, visitor) })
  const { status } = answer
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream'))
    return { status, body: await answer.text() }
  await answer.body?.cancel()
  return { status, body: '' }
}

async function emptyForm(path: string, visitor: Visitor): Promise<FormData | URLSearchParams> {
  const page = await visitor.get('/avviso')
  const token = /name="_csrf" value="([^"]+)"/.exec(page.html)![1]!
  const form = /\/(flussi|correzione|logo|tesoreria)$/.test(path) ? new FormData() : new URLSearchParams()
  form.append('_csrf', token)
  return form
}
