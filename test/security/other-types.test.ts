import { mayUseDueType } from '../../db/ente/due-type-access.ts'
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createExportFlowActivities } from '../../activities/export-flow/index.ts'
import { bookDuesSheet, type BookedSearch } from '../../db/export/dues-sheet.ts'
import { bookExport, findExport, type NewExport } from '../../db/export/export.ts'
import { exportFile, flowFiles } from '../../services/file-store.ts'
import { insertFlow } from '../../db/flow/flow.ts'
import { answerRt } from '../../api/node/answer-rt.ts'
import { signedPath } from '../../templates/signed-link.ts'
import { unzip } from '../flows/world.ts'
import { aBegunPayment, askAbout, payCartActivities, US } from '../setup/begun.ts'
import { anAct, workAct } from '../setup/bulk.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { aTarget, DUE_WAYS, noTarget, type Senders } from '../setup/due-ways.ts'
import { KEYS } from '../setup/keys.ts'
import {
  aDraft,
  anAnomaly,
  answerOf,
  CODE,
  operatorAddress,
  PAOLO,
  SARA,
  type OperatorWorld,
} from '../setup/operators.ts'
import { routesOf, type AppRoute } from '../setup/routes.ts'
import { buildRtFor } from '../setup/rt.ts'
import { aCredit } from '../setup/treasury.ts'
import { aQuadratura, aReportedRow, aReportingFlow } from '../setup/reporting.ts'
import { signInAs } from '../setup/session.ts'
import { waitUntil } from '../setup/wait.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const MARCO = { codiceFiscale: 'RVIMRC83C17M999W', anagrafica: 'Marco Riva', email: 'marco@example.org' }
/** Word that is only in things of the ente CODE of a type that Paolo may not use. */
const CANARY = 'CANARINO'

let site: Site
let routes: AppRoute[]
let world: OperatorWorld
let paolo: Visitor
let sara: Visitor
/** Administrator of another ente only. */
let marco: Visitor
let hidden: { dueId: string; iud: string; iuv: string; code: string; receipt: string }
let enteId: string

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  routes = routesOf(site.app).filter(({ path }) => /^\/(operatore|admin)/.test(path))
  enteId = await idOf('ente', { cod_ipa: CODE })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
  marco = await signInAs(site.db, site.visitor(), MARCO)
  await site.db('operator').insert({ codice_fiscale: MARCO.codiceFiscale, name: MARCO.anagrafica })
  await site.db('operator_grant').insert({
    operator_id: await idOf('operator', { codice_fiscale: MARCO.codiceFiscale }),
    ente_id: await idOf('ente', { cod_ipa: 'C_X903' }),
    role: 'admin',
  })
  hidden = await hiddenDue()
  const operatorId = await idOf('operator', { codice_fiscale: SARA.codiceFiscale })
  const flowId = await aFlowOf(operatorId)
  const exportId = await anExportOf(operatorId)
  // Pages of the region are not tested here, so their ids need not exist.
  const elsewhere = { cartId: randomUUID(), attemptId: randomUUID(), messageId: randomUUID() }
  const anomalyId = await anAnomaly(site.db, hidden.dueId)
  const draftId = await aDraft(site.db, { enteId, operatorId, fileName: `${CANARY}.csv` })
  const { domain } = (await site.db('ente').first({ domain: 'codice_fiscale' }).where({ id: enteId })) as {
    domain: string
  }
  const reportingFlowId = await aReportingFlow(site.db, { enteId, domain })
  const reportedRowId = await aReportedRow(site.db, reportingFlowId, { domain, iuv: hidden.iuv })
  const quadraturaId = await aQuadratura(site.db, { enteId, domain })
  const judged = { class: 'receipt_missing', due_id: hidden.dueId, classified_at: site.db.fn.now() }
  await site.db('reported_row').where({ id: reportedRowId }).update(judged)
  const by = { id: operatorId, name: SARA.anagrafica }
  const actId = await anAct(site.db, { kind: 'export', ids: [hidden.dueId], enteId, by })
  const credit = await aCredit(site.db, { enteId, operatorId, reportingFlowId })
  const files = { flowId, draftId, exportId, reportingFlowId, reportedRowId, quadraturaId, ...credit }
  world = { dueId: hidden.dueId, ...files, operatorId, anomalyId, actId, ...elsewhere }
})
afterAll(() => site.close())

const summaryOf = (page: Page): string => /id="errori">[\s\S]*?<\/ul>/.exec(page.html)![0]

async function idOf(table: string, where: Record<string, string>): Promise<string> {
  return ((await site.db(table).first('id').where(where)) as { id: string }).id
}

/** An unpaid due of a type that Paolo may not use, and the receipt of another such due, which is paid. */
async function hiddenDue(): Promise<typeof hidden> {
  const { rows } = await site.db.raw<{ rows: { id: string; iud: string; iuv: string; code: string }[] }>(
    `select d.id, d.iud, d.iuv, t.code from due d join ente_due_type t on t.id = d.ente_due_type_id
     where d.ente_id = ? and d.state = 'payable' and d.iuv is not null and not is_expired(d.due_on, t.due_on_binding)
       and not ${mayUseDueType('(select id from operator where codice_fiscale = ?)', 't.id')} order by d.id`,
    [enteId, PAOLO.codiceFiscale],
  )
  const [due, paid] = rows
  for (const { id } of [due!, paid!])
    await site
      .db('due')
      .where({ id })
      .update({ causale: `${CANARY} ${id}` })
  await site.db('due_share').where({ due_id: paid!.id }).update({ causale: CANARY })
  const receipt = await paidReceipt(paid!.id)
  return { dueId: due!.id, iud: due!.iud, iuv: due!.iuv, code: due!.code, receipt }
}

/** Pays a due; returns the id of the receipt of its first beneficiary. */
async function paidReceipt(dueId: string): Promise<string> {
  const { attemptIds, cartId } = await aBegunPayment(site.db, [dueId])
  for (const attemptId of attemptIds)
    await answerRt(site.db, US, (await buildRtFor(site.db, attemptId, { outcome: 0 })).envelope)
  await payCartActivities(site.db).settleCart(askAbout(cartId))
  return idOf('receipt', { attempt_id: attemptIds[0]! })
}

async function aFlowOf(operatorId: string): Promise<string> {
  // Files wait for their turn in order of their ids, so this one comes after all others.
  const id = `ffffffff${randomUUID().slice(8)}`
  await insertFlow(site.db, {
    id,
    enteId,
    baseName: `${CODE}-${CANARY}-1_3`,
    iuf: CANARY,
    format: '1_3',
    operatorId,
    requestToken: null,
    sha256: createHash('sha256').update(id).digest(),
    zipBytes: 1,
    csvBytes: 1,
    wantsNotices: false,
    header: 'IUD',
    firstByte: 0,
  })
  writeFileSync(await site.files.prepare(flowFiles(id).zip), CANARY)
  await site.db('flow').where({ id }).update({ rows_read: 1, rows_rejected: 1 })
  await site.db('flow_reject').insert({
    flow_id: id,
    row: 1,
    reasons: JSON.stringify([{ kind: 'form', fault: 'amount', header: 'importoDovuto', value: CANARY }]),
    raw: Buffer.from(CANARY),
  })
  return id
}

const anExportOf = (operatorId: string): Promise<string> =>
  bookExport(site.db, {
    ...PERIOD,
    enteId,
    operatorId,
    dueTypes: [],
  } as NewExport)

const PERIOD = {
  kind: 'paid',
  format: '1_3',
  withReceipt: true,
  fromOn: '2026-01-01',
  toOn: '2026-01-31',
  asSecondary: false,
} as const

const at = (route: AppRoute, codIpa = CODE): string =>
  site.url + operatorAddress(route.path.replace(':receiptId', hidden.receipt), world, codIpa)
const with_ = (name: string): AppRoute[] => routes.filter(({ path }) => path.includes(name))

/** A page without its forms, its active filters, the sentence about them and the queries of its links, because these repeat the search. */
const found = (page: Page): string =>
  page.html
    .replace(/<form[\s\S]*?<\/form>/g, '')
    .replace(/<div class="mypay-active">[\s\S]*?<\/div>/g, '')
    .replace(/<p role="status"[\s\S]*?<\/p>/g, '')
    .replace(/\?[^"]*"/g, '"')

describe('a due of a type that an operator was not given', () => {
  it('does not exist at any of its addresses, and nothing is done to it', async () => {
    const ofDue = with_(':dueId')
    expect(ofDue.length).toBeGreaterThan(6)
    const before = await site.db('due').where({ id: hidden.dueId }).first()
    for (const route of ofDue) {
      const { status, body } = await answerOf(route, at(route), paolo)
      expect([route, status, body.includes(CANARY)]).toEqual([route, 404, false])
    }
    expect(await site.db('due').where({ id: hidden.dueId }).first()).toEqual(before)
  })

  it('exists for an administrator of the ente, so the addresses above are right', async () => {
    const path = `/operatore/${CODE}/dovuti/${hidden.dueId}`
    expect((await sara.get(path)).html).toContain(CANARY)
    expect((await sara.get(`${path}/modifica`)).status).toBe(200)
    expect((await sara.download(`${path}/avviso.pdf`)).status).toBe(200)
  })

  it.each(['', 'vista=archivio'])('is in no search result and in no CSV: %s', async (view) => {
    const asks: Record<string, string>[] = [
      {},
      { iud: hidden.iud },
      { iuv: hidden.iuv },
      { iuv: `3${hidden.iuv}` },
      { causale: CANARY },
      { q: CANARY },
      { q: hidden.iud },
      { q: hidden.iuv },
      { ordine: 'nome' },
      { prima: hidden.dueId },
      { tipo: hidden.code },
      { dopo: 'ffffffff-ffff-7fff-bfff-ffffffffffff' },
    ]
    for (const ask of asks) {
      const search = `${new URLSearchParams(ask).toString()}&${view}`
      const page = await paolo.get(`/operatore/${CODE}/dovuti?${search}`)
      expect([ask, page.status, found(page).includes(CANARY)]).toEqual([ask, 200, false])
      const csv = await paolo.download(`/operatore/${CODE}/dovuti.csv?${search}`)
      expect([ask, csv.status, csv.bytes.includes(CANARY)]).toEqual([ask, 200, false])
      if (ask['causale']) {
        expect(found(await sara.get(`/operatore/${CODE}/dovuti?${search}`))).toContain(CANARY)
        const all = await sara.download(`/operatore/${CODE}/dovuti.csv?${search}`)
        expect(all.bytes.includes(CANARY)).toBe(true)
      }
    }
  })

  it('cannot be inserted by writing its type into the form by hand', async () => {
    const form = await paolo.get(`/operatore/${CODE}/dovuti/nuovo?tipo=LUCE_VOTIVA`)
    expect(form.html).not.toContain(`value="${hidden.code}"`)
    const unknown = await paolo.submit(form, '/nuovo', { tipoDovuto: 'INESISTENTE' })
    const answer = await paolo.submit(form, '/nuovo', {
      tipoDovuto: hidden.code,
      importoDovuto: '12,34',
      causaleVersamento: 'Di nascosto',
      datiSpecificiRiscossione: '9/0105107TS/COPIA',
      dataEsecuzionePagamento: '2099-12-31',
      flgGeneraIuv: 'true',
      tipoIdentificativoUnivoco: 'F',
      codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
      anagraficaPagatore: 'Chiara Bianchi',
      nazionePagatore: 'IT',
      flagMultiBeneficiario: 'false',
    })
    expect(answer.status).toBe(422)
    expect(answer.html).toContain(
      'Scegli un altro tipo dovuto: quello di prima non è più attivo, o non sei più abilitato.',
    )
    expect([unknown.status, summaryOf(unknown)]).toEqual([422, summaryOf(answer)])
    expect(await site.db('due').where({ causale: 'Di nascosto' })).toEqual([])
  })

  it('stands in no export that its operator books, nor can its type be booked', async () => {
    const text = async (codiceFiscale: string): Promise<string> => {
      const operatorId = await idOf('operator', { codice_fiscale: codiceFiscale })
      return written(await anExportOf(operatorId))
    }
    expect(await text(SARA.codiceFiscale)).toContain(CANARY)
    expect(await text(PAOLO.codiceFiscale)).not.toContain(CANARY)
    const path = `/operatore/${CODE}/esportazioni`
    const page = await paolo.get(path)
    const paid = { tracciato: '1_3', dal: '2026-01-01', al: '2026-01-31', tipo: hidden.code }
    expect((await paolo.submit(page, '/esportazioni', paid)).status).toBe(422)
    const expired = { scadenza: '2026-01-31', 'tipo-scaduti': hidden.code }
    expect((await paolo.submit(page, '/scaduti', expired)).status).toBe(422)
  })

  it('takes its receipt with it: one that tells of two dues is for who may see both', async () => {
    const { rows } = await site.db.raw<{ rows: { id: string }[] }>(
      `select d.id from due d join ente_due_type t on t.id = d.ente_due_type_id
       where d.ente_id = ? and d.state = 'payable' and d.iuv is not null and not is_expired(d.due_on, t.due_on_binding)
         and ${mayUseDueType('(select id from operator where codice_fiscale = ?)', 't.id')} order by d.id limit 1`,
      [enteId, PAOLO.codiceFiscale],
    )
    const own = rows[0]!.id
    const receiptId = await paidReceipt(own)
    const path = `/operatore/${CODE}/dovuti/${own}/ricevute/${receiptId}.pdf`
    expect((await paolo.download(path)).status).toBe(200)
    const other = `/operatore/${CODE}/dovuti/${own}/ricevute/${hidden.receipt}.pdf`
    expect((await paolo.download(other)).status).toBe(404)
    const [item] = (await site.db('attempt_item').where({ due_id: own })) as object[]
    const [share] = (await site.db('due_share').where({ due_id: hidden.dueId })) as { id: string }[]
    await site.db('attempt_item').insert({ ...item, position: 2, due_id: hidden.dueId, share_id: share!.id })
    expect((await paolo.download(path)).status).toBe(404)
    expect((await paolo.get(`/operatore/${CODE}/dovuti/${own}`)).html).not.toContain(receiptId)
    expect((await sara.download(path)).status).toBe(200)
  })
})

type Whose = 'granted' | 'not granted' | 'of another ente'
type Way = keyof typeof DUE_WAYS
/** `done`; `as unknown`: the answer for a due that does not exist; a pattern: a text that does not show whose due it is. */
type Answer = 'done' | 'as unknown' | RegExp

const NO_TYPE = /^\|PAA_IMPORT_OPERATORE_NO_PERMESSI /
/** Answers for an IUD or IUV in use; they are the same whether the operator may see that due or not. */
const IUD_TAKEN =
  /^\|PAA_IMPORT_IUD_DUPLICATO \|IUD attivo presente nel database, non si accettano dovuti duplicati$/
const IUV_TAKEN =
  /^\|PAA_IMPORT_IUV_DUPLICATO \|IUV attivo presente nel database, non si accettano dovuti duplicati$/
const NO_CHANGE_OF_TYPE = /^\|PAA_IMPORT_TIPO_DOVUTO_NON_MODIFICABILE /
const NOT_FREE = /^422 .*Scrivi un altro IUV, o lascialo vuoto: questo non è libero/s
const IUD_NOT_FREE = /^422 .*Scrivi un altro IUD, o lascialo vuoto: questo non è libero/s

/** Expected answer for every way to name a due: of a type that Paolo may use, of one that he may not, of another ente. */
const BY_OPERATOR: [Way, Record<Whose, Answer>][] = [
  ['file A, another type', { granted: 'done', 'not granted': 'as unknown', 'of another ente': 'as unknown' }],
  ['file A, its type', { granted: 'done', 'not granted': 'as unknown', 'of another ente': 'as unknown' }],
  [
    'file M, another type',
    { granted: NO_CHANGE_OF_TYPE, 'not granted': 'as unknown', 'of another ente': 'as unknown' },
  ],
  ['file M, its type', { granted: 'done', 'not granted': 'as unknown', 'of another ente': 'as unknown' }],
  [
    'file M, every value equal',
    { granted: 'done', 'not granted': 'as unknown', 'of another ente': 'as unknown' },
  ],
  // IUD and IUV are unique within an ente, so one in use is refused.
  ['file I, its IUD', { granted: IUD_TAKEN, 'not granted': IUD_TAKEN, 'of another ente': 'as unknown' }],
  ['file I, its IUV', { granted: IUV_TAKEN, 'not granted': IUV_TAKEN, 'of another ente': 'as unknown' }],
  [
    'file I, its IUD and type',
    { granted: IUD_TAKEN, 'not granted': NO_TYPE, 'of another ente': 'as unknown' },
  ],
  ['page, change', { granted: 'done', 'not granted': 'as unknown', 'of another ente': 'as unknown' }],
  ['page, cancel', { granted: 'done', 'not granted': 'as unknown', 'of another ente': 'as unknown' }],
  ['page, new with its IUV', { granted: NOT_FREE, 'not granted': NOT_FREE, 'of another ente': 'as unknown' }],
  [
    'page, new with its IUD',
    { granted: IUD_NOT_FREE, 'not granted': IUD_NOT_FREE, 'of another ente': 'as unknown' },
  ],
  ['page, new with its type', { granted: /^200$/, 'not granted': /^422 /, 'of another ente': /^422 / }],
]

/** The software of an ente may use all its types, so the types of Paolo do not matter. */
const BY_SOFTWARE: [Way, Record<Whose, Answer>][] = BY_OPERATOR.filter(([way]) => way.startsWith('file')).map(
  ([way, { granted, 'of another ente': other }]) => [
    way,
    { granted, 'not granted': granted, 'of another ente': other },
  ],
)

const cases = (table: typeof BY_OPERATOR): [Way, Whose, Answer][] =>
  table.flatMap(([way, answers]) =>
    (Object.keys(answers) as Whose[]).map((whose): [Way, Whose, Answer] => [way, whose, answers[whose]]),
  )

describe('a due that is named', () => {
  const OWN_CODE = 'LUCE_VOTIVA'
  const PLACES: Record<Whose, { codIpa: string; segregationCode: string; code: string }> = {
    granted: { codIpa: CODE, segregationCode: '22', code: 'MENSA_SCOLASTICA' },
    'not granted': { codIpa: CODE, segregationCode: '22', code: 'RETTA_ASILO_NIDO' },
    'of another ente': { codIpa: 'C_X903', segregationCode: '33', code: 'VIOLAZIONE_CDS' },
  }

  async function expectAnswer(from: Senders, way: Way, whose: Whose, expected: Answer): Promise<void> {
    const place = PLACES[whose]
    const due = await aTarget(from, place)
    const read = () => site.db('due').where({ id: due.id }).first() as Promise<object>
    const before = await read()
    const answer = await DUE_WAYS[way](from, due)
    if (expected === 'done') {
      expect(answer).toMatch(/^303|rows(Changed|Cancelled|Unchanged)":1/)
      if (way !== 'file M, every value equal') expect(await read()).not.toEqual(before)
      return
    }
    if (expected === 'as unknown')
      expect(answer).toBe(await DUE_WAYS[way](from, noTarget(place.segregationCode, place.code)))
    else expect(answer).toMatch(expected)
    expect(await read()).toEqual(before)
  }

  it.each(cases(BY_OPERATOR))('by an operator, %s, %s', async (way, whose, expected) => {
    const operatorId = await idOf('operator', { codice_fiscale: PAOLO.codiceFiscale })
    await expectAnswer({ ...site, operatorId, visitor: paolo, ownCode: OWN_CODE }, way, whose, expected)
  })

  it.each(cases(BY_SOFTWARE))('by the software of the ente, %s, %s', async (way, whose, expected) => {
    await expectAnswer({ ...site, operatorId: null, visitor: paolo, ownCode: OWN_CODE }, way, whose, expected)
  })
})

/** Writes the file of an export; returns its content. */
async function written(exportId: string): Promise<string> {
  const { writeExport } = createExportFlowActivities({
    db: site.db,
    files: site.files,
    mailHost: 'localhost',
  })
  await new MockActivityEnvironment().run(writeExport, { exportId })
  return [...(await unzip(readFileSync(site.files.path(exportFile(exportId))))).values()].join('\n')
}

describe('a file that somebody else sent', () => {
  it('does not exist for an operator, at any of its addresses', async () => {
    const ofFlow = with_(':flowId')
    expect(ofFlow.length).toBeGreaterThan(6)
    for (const route of ofFlow) {
      const { status, body } = await answerOf(route, at(route), paolo)
      expect([route, status, body.includes(CANARY)]).toEqual([route, 404, false])
    }
    const list = await paolo.get(`/operatore/${CODE}/flussi?nome=${CANARY}`)
    expect(found(list)).not.toContain(CANARY)
    const [flow] = await site.db('flow').where({ id: world.flowId })
    expect(flow.state).toBe('queued')
    expect((await sara.get(`/operatore/${CODE}/flussi/${world.flowId}`)).html).toContain(CANARY)
    expect((await sara.download(`/operatore/${CODE}/flussi/${world.flowId}/file/originale`)).status).toBe(200)
  })
})

describe('an act on many dues of a type that an operator was not given', () => {
  it('does not exist at any of its addresses, whoever asked for it, and is not stopped', async () => {
    await workAct(site, world.actId)
    const ofAct = with_(':actId')
    expect(ofAct.length).toBeGreaterThan(4)
    for (const route of ofAct) {
      const { status, body } = await answerOf(route, at(route), paolo)
      expect([route, status, body.includes(CANARY)]).toEqual([route, 404, false])
    }
    expect((await paolo.get(`/operatore/${CODE}/operazioni`)).html).not.toContain(world.actId)
    const zip = (await sara.download(`/operatore/${CODE}/operazioni/${world.actId}.zip`)).bytes
    expect([...(await unzip(zip)).values()].join('')).toContain(CANARY)
  })
})

describe('an export', () => {
  const path = `/operatore/${CODE}/esportazioni`

  it('of another operator is not listed, and its news reach nobody else', async () => {
    const stream = routes.find((route) => route.path.endsWith('/esportazioni/eventi'))!
    await site.db('export').update({ operator_id: world.operatorId })
    expect((await paolo.get(path)).html).not.toContain(SARA.anagrafica)
    const others = (await site.db('export').first('id')) as { id: string }
    const own = await anExportOf(await idOf('operator', { codice_fiscale: PAOLO.codiceFiscale }))
    const moves = (id: string) => site.db('export').where({ id }).update({ next_check_at: site.db.fn.now() })
    const [his, hers] = [await listening(at(stream), paolo), await listening(at(stream), sara)]
    for (const id of [others.id, own, others.id, own]) await moves(id)
    // News come in order over one connection, so when Sara has got all, Paolo would have got them too.
    await waitUntil(() => Promise.resolve(hers.news() === 4))
    await waitUntil(() => Promise.resolve(his.news() >= 2))
    expect(his.news()).toBe(2)
    his.stop()
    hers.stop()
  })

  it('can be downloaded by the person who booked it and by administrators of its ente, in their sessions, and by nobody else', async () => {
    const operatorId = await idOf('operator', { codice_fiscale: PAOLO.codiceFiscale })
    const [his, hers] = [await anExportOf(operatorId), await anExportOf(world.operatorId)]
    for (const id of [his, hers]) await written(id)
    const status = async (visitor: Visitor, id: string, codIpa = CODE): Promise<number> =>
      (await visitor.download(`/operatore/${codIpa}/esportazioni/${id}.zip`)).status
    expect((await paolo.get(path)).html).toContain(`href="${path}/${his}.zip"`)
    expect([await status(paolo, his), await status(sara, his), await status(sara, hers)]).toEqual([
      200, 200, 200,
    ])
    expect([await status(paolo, hers), await status(marco, his), await status(marco, his, 'C_X903')]).toEqual(
      [404, 404, 404],
    )
    expect(await status(sara, his, 'C_X903')).toBe(404)
    expect(await status(site.visitor(), his)).toBe(303)
    const signed = signedPath(KEYS.link, `/esportazioni/${his}.zip`, {
      now: new Date().toISOString(),
      hours: 2,
    })
    for (const visitor of [site.visitor(), paolo]) expect((await visitor.download(signed)).status).toBe(404)
  })

  it('that is not written yet cannot be downloaded', async () => {
    const id = await anExportOf(world.operatorId)
    expect((await sara.download(`${path}/${id}.zip`)).status).toBe(404)
    expect((await findExport(site.db, id))!.state).toBe('queued')
  })
})

/** Opens a stream of news; `news` counts the events after the first one, which only confirms the connection. */
async function listening(
  address: string,
  visitor: Visitor,
): Promise<{ news: () => number; stop: () => void }> {
  const page = new AbortController()
  const answer = await fetch(address, { headers: { cookie: visitor.cookie() }, signal: page.signal })
  let text = ''
  const read = async (): Promise<void> => {
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) text += part
  }
  read().catch(() => undefined)
  const news = (): number => (text.match(/event: changed/g)?.length ?? 0) - 1
  await waitUntil(() => Promise.resolve(news() === 0))
  return { news, stop: () => page.abort() }
}

describe('an administrator of another ente', () => {
  /** Tests addresses of this ente and those of the administrator's own ente with ids of this one. */
  it('reads nothing of this one, at its addresses or at those of his own', async () => {
    for (const route of routes) {
      for (const codIpa of [CODE, 'C_X903']) {
        if (!route.path.includes(':codIpa') && codIpa === CODE) continue
        const { status, body } = await answerOf(route, at(route, codIpa), marco)
        expect([route, codIpa, body.includes(CANARY)]).toEqual([route, codIpa, false])
        if (codIpa === CODE || /:(dueId|flowId|actId)/.test(route.path))
          expect([route, codIpa, status]).toEqual([route, codIpa, 404])
      }
    }
  })

  it('finds nothing of this one in their lists, whatever the address contains', async () => {
    const own = '/operatore/C_X903'
    const asks = [
      `iud=${hidden.iud}`,
      `iuv=${hidden.iuv}`,
      `causale=${CANARY}`,
      `q=${CANARY}`,
      `q=${hidden.iud}`,
      `flusso=${CANARY}`,
      `tipo=${hidden.code}`,
      `dopo=${hidden.dueId}`,
      'vista=archivio',
      `nome=${CANARY}`,
    ]
    for (const ask of asks)
      for (const page of ['dovuti', 'dovuti.csv', 'flussi', 'esportazioni', 'operazioni']) {
        const { status, bytes } = await marco.download(`${own}/${page}?${ask}`)
        const text = found({ html: bytes.toString() } as Page)
        expect([page, ask, status, text.includes(CANARY)]).toEqual([page, ask, 200, false])
      }
  })

  it('exports only what was paid to his own', async () => {
    const operatorId = await idOf('operator', { codice_fiscale: MARCO.codiceFiscale })
    const other = await idOf('ente', { cod_ipa: 'C_X903' })
    for (const asSecondary of [false, true]) {
      const booked = { ...PERIOD, enteId: other, operatorId, dueTypes: [], asSecondary } as NewExport
      expect(await written(await bookExport(site.db, booked))).not.toContain(CANARY)
    }
    const expired: NewExport = {
      kind: 'expired',
      dueOn: '2099-12-31',
      enteId: other,
      operatorId,
      dueTypes: [hidden.code],
    }
    await site.db('due').where({ id: hidden.dueId }).update({ due_on: '2099-12-31' })
    expect(await written(await bookExport(site.db, expired))).not.toContain(CANARY)
  })

  it('finds in the workbook of a search only what he may see, even by the number of the due', async () => {
    const operatorId = await idOf('operator', { codice_fiscale: MARCO.codiceFiscale })
    const { iud } = (await site.db('due').first('iud').where({ id: hidden.dueId })) as { iud: string }
    const sara = { operatorId: await idOf('operator', { codice_fiscale: SARA.codiceFiscale }) }
    const sheetOf = async (codIpa: string, by: { operatorId: string }, filter: object): Promise<string> => {
      const search = { filter: filter as BookedSearch['filter'], order: 'newest' } as const
      return written(
        await bookDuesSheet(site.db, { ...by, enteId: await idOf('ente', { cod_ipa: codIpa }), search }),
      )
    }
    for (const filter of [{}, { iud }, { dueType: hidden.code }])
      for (const codIpa of ['C_X903', CODE])
        expect(await sheetOf(codIpa, { operatorId }, filter)).not.toContain(CANARY)
    expect(await sheetOf(CODE, sara, { iud })).toContain(CANARY)
  })
})

it('an administrator of two enti finds a due only at the address of its own ente', async () => {
  expect((await sara.get(`/operatore/C_X903/dovuti/${hidden.dueId}`)).status).toBe(404)
  expect((await sara.get(`/operatore/C_X903/flussi/${world.flowId}`)).status).toBe(404)
})
