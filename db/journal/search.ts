import type { Knex } from 'knex'

/** What the journal is asked for; absent filters nothing. */
export interface JournalFilter {
  /** codIpa or codice fiscale. */
  ente: string | undefined
  /** Candidates: as typed, and the one a notice number stands for. */
  iuvs: readonly string[] | undefined
  /** Of the payment a message belongs to: who activated it or attests it. */
  psp: string | undefined
  outcome: string | undefined
  operation: string | undefined
  direction: 'in' | 'out' | undefined
  /** Days in Rome, both included. */
  from: string | undefined
  to: string | undefined
}

/** A message exchanged with the node: its request and, if one came, its response. */
export interface JournalRow {
  id: string
  at: string
  direction: 'in' | 'out'
  operation: string
  domain: string | null
  enteName: string | null
  iuv: string | null
  ccp: string | null
  outcome: string
  httpStatus: number | null
  durationMs: number | null
  cartId: string | null
  hasRequest: boolean
  hasResponse: boolean
}

const COLUMNS = `j.id, j.at, j.direction, j.operation, j.domain, e.name as "enteName", j.iuv, j.ccp, j.outcome,
  j.http_status as "httpStatus", j.duration_ms as "durationMs", j.cart_id as "cartId",
  j.request is not null as "hasRequest", j.response is not null as "hasResponse"`
const FROM = 'journal j left join ente e on e.codice_fiscale = j.domain'

/** Conditions by filter: each takes its value as often as it has places. */
const CONDITIONS: { [K in keyof JournalFilter]-?: string } = {
  ente: `j.domain in (select codice_fiscale from ente where cod_ipa = upper(?) union all select ?)`,
  iuvs: 'j.iuv = any (?)',
  // Asked row by row: as `exists` they are answered for all payments at once, which reads all of them.
  psp: `(? = (select c.psp ->> 'psp' from cart c where c.id = j.cart_id)
    or ? = any (array(select receipt.details -> 'attesting' ->> 'codice' from receipt where receipt.cart_id = j.cart_id)))`,
  outcome: 'j.outcome = ?',
  operation: 'j.operation = ?',
  direction: 'j.direction = ?',
  from: `j.at >= (?::date::timestamp at time zone 'Europe/Rome')`,
  to: `j.at < ((?::date + 1)::timestamp at time zone 'Europe/Rome')`,
}

/** Newest first. Ids are made in order of time, so the page after a row is told by its id. */
export async function searchJournal(
  db: Knex,
  filter: JournalFilter,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<JournalRow[]> {
  const asked = (Object.keys(CONDITIONS) as (keyof JournalFilter)[]).filter(
    (key) => filter[key] !== undefined,
  )
  const where = ['true', ...asked.map((key) => CONDITIONS[key]), ...(after === undefined ? [] : ['j.id < ?'])]
  const values = asked.flatMap((key) =>
    Array.from({ length: CONDITIONS[key].split('?').length - 1 }, () => filter[key] as Knex.Value),
  )
  const { rows } = await db.raw<{ rows: JournalRow[] }>(
    `select ${COLUMNS} from ${FROM} where ${where.join(' and ')} order by j.id desc limit ?`,
    [...values, ...(after === undefined ? [] : [after]), limit],
  )
  return rows
}

export interface JournalMessage extends JournalRow {
  request: Buffer | null
  response: Buffer | null
}

/** With its bytes. */
export async function findJournalMessage(db: Knex, id: string): Promise<JournalMessage | undefined> {
  const { rows } = await db.raw<{ rows: JournalMessage[] }>(
    `select ${COLUMNS}, j.request, j.response from ${FROM} where j.id = ?`,
    [id],
  )
  return rows[0]
}
