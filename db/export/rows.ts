import { mayUseDueType } from '../ente/due-type-access.ts'
import type { Readable } from 'node:stream'
import type { Knex } from 'knex'
import type { ClientBase } from 'pg'
import { to } from 'pg-copy-streams'
import { ADDRESS_PARTS } from '../../domain/address.ts'
import { STAMP_DUTY } from '../../domain/due-type.ts'
import { exportColumns, SECONDARY_DUE_TYPE } from '../../domain/export/columns.ts'
import { OUTCOME_CODES } from '../../domain/wire/rt.ts'
import type { Export } from './export.ts'

const at = (path: string): string => `x.item ->> '${path}'`
const euros = (sql: string): string => `to_char(${sql} / 100.0, 'FM999999990.00')`

const address = (of: string, fallback: (name: string) => string): Record<string, string> =>
  Object.fromEntries(ADDRESS_PARTS.map((name) => [name, `coalesce(${of} ->> '${name}', ${fallback(name)})`]))

const ATTESTING = `x.details -> 'attesting'`
const BENEFICIARY = `x.details -> 'beneficiary'`
const VERSANTE = `x.details -> 'versante'`
const PAGATORE = `x.details -> 'pagatore'`

/** The code of the outcome as an RT has it, because the files carry that code. */
const OUTCOME_CODE = `case receipt.outcome ${Object.entries(OUTCOME_CODES)
  .map(([outcome, code]) => `when '${outcome}' then '${code}'`)
  .join(' ')} end`

/** SQL of each column. Values come from the receipt; what it lacks comes from the ente or the due. */
const SOURCES: Record<string, string> = {
  iuf: `coalesce(f.iuf, '_' || e.cod_ipa || '_SPONTANEO')`,
  numRigaFlusso: 'coalesce(d.flow_row, 0)::text',
  codIud: 'd.iud',
  codIuv: 'receipt.iuv',
  versioneOggetto: `x.details -> 'rt' ->> 'version'`,
  identificativoDominio: 'receipt.domain',
  identificativoStazioneRichiedente: `x.details -> 'rt' ->> 'station'`,
  identificativoMessaggioRicevuta: `x.details -> 'rt' ->> 'messageId'`,
  dataOraMessaggioRicevuta: `left(x.details ->> 'issuedAt', 19)`,
  riferimentoMessaggioRichiesta: `x.details -> 'rt' ->> 'requestMessageId'`,
  riferimentoDataRichiesta: `left(x.details -> 'rt' ->> 'requestedOn', 10)`,
  tipoIdentificativoUnivoco: `${ATTESTING} ->> 'tipo'`,
  codiceIdentificativoUnivoco: `${ATTESTING} ->> 'codice'`,
  denominazioneAttestante: `${ATTESTING} ->> 'name'`,
  ...named('Attestante', { ...unitOf(ATTESTING), ...address(ATTESTING, () => `''`) }),
  enteBenefTipoIdentificativoUnivoco: `${BENEFICIARY} ->> 'tipo'`,
  enteBenefCodiceIdentificativoUnivoco: `${BENEFICIARY} ->> 'codice'`,
  denominazioneBeneficiario: `${BENEFICIARY} ->> 'name'`,
  ...named('Beneficiario', { ...unitOf(BENEFICIARY), ...address(BENEFICIARY, (name) => `e.${name}`) }),
  soggVersTipoIdentificativoUnivoco: `${VERSANTE} ->> 'tipo'`,
  soggVersCodiceIdentificativoUnivoco: `${VERSANTE} ->> 'codice'`,
  ...named('Versante', {
    anagrafica: `${VERSANTE} ->> 'name'`,
    ...address(VERSANTE, () => `''`),
    email: `${VERSANTE} ->> 'email'`,
  }),
  soggPagTipoIdentificativoUnivoco: `${PAGATORE} ->> 'tipo'`,
  soggPagCodiceIdentificativoUnivoco: `${PAGATORE} ->> 'codice'`,
  ...named('Pagatore', {
    anagrafica: `${PAGATORE} ->> 'name'`,
    ...address(PAGATORE, (name) => `d.pagatore ->> '${name}'`),
    email: `coalesce(${PAGATORE} ->> 'email', d.pagatore ->> 'email')`,
  }),
  codiceEsitoPagamento: OUTCOME_CODE,
  importoTotalePagato: euros('receipt.total_cents'),
  identificativoUnivocoVersamento: 'receipt.iuv',
  codiceContestoPagamento: 'receipt.attempt_code',
  // A due that was given the money of another payment is in no item of its receipt.
  singoloImportoPagato: euros(
    `case when i.position is null then s.importo_cents else (${at('cents')})::bigint end`,
  ),
  esitoSingoloPagamento: at('outcomeText'),
  dataEsitoSingoloPagamento: `left(${at('outcomeOn')}, 10)`,
  identificativoUnivocoRiscoss: at('iur'),
  causaleVersamento: 'd.causale',
  datiSpecificiRiscossione: 'sh.dati_specifici_riscossione',
  tipoDovuto: 't.code',
  tipoFirma: `''`,
  rt: `translate(encode(receipt.document, 'base64'), E'\\n', '')`,
  indiceDatiSingoloPagamento: 'coalesce(i.position, 1)::text',
  numRtDatiPagDatiSingPagCommissioniApplicatePsp: euros(`(${at('feeCents')})::bigint`),
  codRtDatiPagDatiSingPagAllegatoRicevutaTipo: `x.item -> 'attachment' ->> 'kind'`,
  blbRtDatiPagDatiSingPagAllegatoRicevutaTest: `x.item -> 'attachment' ->> 'content'`,
  bilancio: 'd.bilancio',
  cod_fiscale_pa1: `''`,
  de_nome_pa1: `''`,
  cod_tassonomico_dovuto_pa1: `''`,
}

/**
 * SQL of each column for an ente that is the second beneficiary. The due belongs to another ente, so its numbers stay empty.
 * Source: docs/field/files.md#second-beneficiary.
 */
const SECONDARY_SOURCES: Record<string, string> = {
  ...SOURCES,
  iuf: `''`,
  numRigaFlusso: `''`,
  codIud: `''`,
  versioneOggetto: `''`,
  identificativoDominio: 'sh.domain',
  enteBenefTipoIdentificativoUnivoco: `'G'`,
  enteBenefCodiceIdentificativoUnivoco: 'b.codice_fiscale',
  denominazioneBeneficiario: 'b.name',
  ...named('Beneficiario', {
    codiceUnitOper: `''`,
    denomUnitOper: `''`,
    ...Object.fromEntries(ADDRESS_PARTS.map((name) => [name, `b.${name}`])),
  }),
  codiceEsitoPagamento: `'0'`,
  importoTotalePagato: euros('s.importo_cents'),
  singoloImportoPagato: euros('s.importo_cents'),
  esitoSingoloPagamento: `'0'`,
  causaleVersamento: 'sh.causale',
  tipoDovuto: `'${SECONDARY_DUE_TYPE}'`,
  indiceDatiSingoloPagamento: `'2'`,
  bilancio: `''`,
  cod_fiscale_pa1: 'e.codice_fiscale',
  de_nome_pa1: 'e.name',
  cod_tassonomico_dovuto_pa1: 't.dati_specifici_riscossione',
}

function named(role: string, sources: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(sources).map(([name, sql]) => [`${name}${role}`, sql]))
}

function unitOf(of: string): Record<string, string> {
  return { codiceUnitOper: `${of} ->> 'unitCode'`, denomUnitOper: `${of} ->> 'unit'` }
}

/**
 * Joins the decompressed details of the receipt as `x`, because every column that read the stored value would decompress it again.
 * `offset 0` keeps the planner from copying the expression into every column.
 */
const UNPACKED = `cross join lateral (select receipt.details || '{}'::jsonb as details,
  receipt.details -> 'items' -> (coalesce(i.position, 1) - 1) as item offset 0) x`

/**
 * SQL condition: the operator may see a due of which his ente is the second beneficiary. Its type belongs to the other ente, where he
 * has no grants, so his grant for the type with the same code counts. Only administrators see a due whose code his ente does not have.
 */
const SECONDARY_GRANTED = `(?::uuid is null
  or exists (select from operator o left join operator_grant g on g.operator_id = o.id and g.ente_id = ?
    where o.id = ? and o.active and (o.platform_admin or g.role = 'admin'))
  or t.code = any (array(select u.code from ente_due_type u where u.ente_id = ? and ${mayUseDueType('?', 'u.id')})))`

/** The part of the statement from `from` on that finds the rows of an export of paid dues. */
function paidFrom(booked: Export): { sql: string; bindings: readonly Knex.RawBinding[] } {
  const { enteId, operatorId, fromOn, toOn, dueTypes, asSecondary } = booked
  const whose = asSecondary
    ? {
        sql: `sh.position = 2 and sh.domain = b.codice_fiscale and ${SECONDARY_GRANTED}`,
        bindings: [operatorId, enteId, operatorId, enteId, operatorId],
      }
    : {
        sql: `sh.position = 1 and d.ente_id = b.id and t.code <> '${STAMP_DUTY}'
          and (cardinality(?::text[]) = 0 or t.code = any (?)) and (?::uuid is null or ${mayUseDueType('?', 't.id')})`,
        bindings: [dueTypes, dueTypes, operatorId, operatorId],
      }
  return {
    sql: `from settlement s join receipt on receipt.id = s.receipt_id join due_share sh on sh.id = s.share_id
       left join attempt_item i on i.attempt_id = receipt.attempt_id and i.share_id = s.share_id
       join due d on d.id = s.due_id join ente_due_type t on t.id = d.ente_due_type_id
       join ente e on e.id = d.ente_id left join flow f on f.id = d.flow_id cross join ente b
       ${UNPACKED}
     where b.id = ? and s.paid_on between ? and ? and ${whose.sql}`,
    bindings: [enteId, fromOn, toOn, ...whose.bindings],
  }
}

/** Number of rows of an export and codes of their types. Called in the transaction whose snapshot the rows come from. */
export async function countPaid(trx: Knex, booked: Export): Promise<{ rows: number; dueTypes: string[] }> {
  const { sql, bindings } = paidFrom(booked)
  const { rows } = await trx.raw<{ rows: { code: string; count: number }[] }>(
    `select t.code, count(*)::int as count ${sql} group by t.code order by t.code`,
    bindings,
  )
  return { rows: rows.reduce((sum, { count }) => sum + count, 0), dueTypes: rows.map(({ code }) => code) }
}

/** The statement that gives the rows of the file. Its values are literals, because COPY takes no parameters. */
export function paidQuery(db: Knex, booked: Export): string {
  const sources = booked.asSecondary ? SECONDARY_SOURCES : SOURCES
  const columns = exportColumns(booked.format!, booked.withReceipt).map(
    (name) => `coalesce(${sources[name]!}, '')`,
  )
  const { sql, bindings } = paidFrom(booked)
  const ordered = `select ${columns.join(', ')} ${sql} order by s.paid_on, s.share_id`
  return db.raw(ordered, bindings).toQuery()
}

/** CSV with `;` between fields and quotes around each. Source: docs/field/files.md#export-dialect. */
export const EXPORT_DIALECT = `(format csv, delimiter ';', force_quote *, quote '"')`

/**
 * The CSV rows of the file, in order of the day of payment. PostgreSQL writes the CSV itself by COPY. `rowCount` is set when the stream
 * has ended.
 */
export async function streamPaid(
  trx: Knex.Transaction,
  booked: Export,
): Promise<Readable & { rowCount: number }> {
  const connection: ClientBase = await trx.client.acquireConnection()
  return connection.query(to(`copy (${paidQuery(trx, booked)}) to stdout ${EXPORT_DIALECT}`))
}

/** A due that was not paid until its due date. */
export interface ExpiredRow {
  id: string
  hasIuv: boolean
  dueType: string
  /** Fields in the order of the header. */
  fields: (string | null)[]
}

/** The next dues of an export of expired dues, after the due with the id `after`. Source: docs/field/files.md#expired-dues. */
export async function expiredRows(
  db: Knex,
  { enteId, operatorId, dueTypes, dueOn }: Export,
  { after, limit }: { after: string; limit: number },
): Promise<ExpiredRow[]> {
  const { rows } = await db.raw<{ rows: ExpiredRow[] }>(
    `select d.id, d.iuv is not null as "hasIuv", t.code as "dueType", array[d.iud, d.iuv,
       to_char(d.created_at at time zone 'Europe/Rome', 'YYYY-MM-DD'), d.pagatore ->> 'tipo', d.pagatore_codice,
       d.pagatore ->> 'anagrafica', d.pagatore ->> 'indirizzo', d.pagatore ->> 'civico', d.pagatore ->> 'cap',
       d.pagatore ->> 'localita', d.pagatore ->> 'provincia', d.pagatore ->> 'nazione', d.pagatore ->> 'email',
       d.due_on::text, ${euros('sh.importo_cents')}, ${euros('d.commissione_cents')}, t.code, d.tipo_versamento, d.causale,
       sh.dati_specifici_riscossione, d.bilancio, d.generates_iuv::text] as fields
     from due d join ente_due_type t on t.id = d.ente_due_type_id
       join due_share sh on sh.due_id = d.id and sh.position = 1
     where d.ente_id = ? and d.state = 'payable' and d.due_on = ? and t.due_on_binding and t.code = any (?)
       and (?::uuid is null or ${mayUseDueType('?', 't.id')}) and d.id > ?
     order by d.id limit ?`,
    [enteId, dueOn, dueTypes, operatorId, operatorId, after, limit],
  )
  return rows
}
