import type { Knex } from 'knex'
import { inOrder, reading, type Turn } from '../ground/turn.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'

/** The filter of the journal. */
export interface JournalFilter {
  /** codIpa or codice fiscale. */
  ente: string | undefined
  /** The text as typed, and the IUV that it contains if it is a notice number. */
  iuvs: readonly string[] | undefined
  /** The PSP that activated the payment of the message, or that attests it in a receipt. */
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
  attemptCode: string | null
  outcome: string
  httpStatus: number | null
  durationMs: number | null
  cartId: string | null
  hasRequest: boolean
  hasResponse: boolean
}

const COLUMNS = `j.id, j.at, j.direction, j.operation, j.domain, e.name as "enteName", j.iuv, j.attempt_code as "attemptCode", j.outcome,
  j.http_status as "httpStatus", j.duration_ms as "durationMs", j.cart_id as "cartId",
  j.request is not null as "hasRequest", j.response is not null as "hasResponse"`
const FROM = 'journal j left join ente e on e.codice_fiscale = j.domain'

const FROM_ENTE = `j.domain in (select codice_fiscale from ente where cod_ipa = upper(?) union all select ?)`

/** Both parts are subqueries that PostgreSQL runs per row. As `exists` it would make a join of them and read all payments. */
const WITH_PSP = `(? = (select c.psp ->> 'psp' from cart c where c.id = j.cart_id)
    or ? = any (array(select receipt.details -> 'attesting' ->> 'codice' from receipt where receipt.cart_id = j.cart_id)))`

type Condition = [sql: string, ...bindings: Knex.Value[]]

function conditionsOf(filter: JournalFilter, turn: Turn<string>): Condition[] {
  const { ente, iuvs, psp, outcome, operation, direction, from, to } = filter
  const found: (Condition | undefined)[] = [
    ente === undefined ? undefined : [FROM_ENTE, ente, ente],
    iuvs && ['j.iuv = any (?)', [...iuvs]],
    psp === undefined ? undefined : [WITH_PSP, psp, psp],
    outcome === undefined ? undefined : ['j.outcome = ?', outcome],
    operation === undefined ? undefined : ['j.operation = ?', operation],
    direction && ['j.direction = ?', direction],
    from === undefined ? undefined : [`j.at ${FROM_DAY}`, from],
    to === undefined ? undefined : [`j.at ${UP_TO_DAY}`, to],
    turn.place === undefined ? undefined : [`j.id ${reading(turn, 'desc').beyond} ?`, turn.place],
  ]
  return found.filter((condition): condition is Condition => condition !== undefined)
}

/** One page of messages, the newest first: ids are made in order of time. */
export async function searchJournal(
  db: Knex,
  filter: JournalFilter,
  turn: Turn<string>,
): Promise<JournalRow[]> {
  const conditions = conditionsOf(filter, turn)
  const { rows } = await db.raw<{ rows: JournalRow[] }>(
    `select ${COLUMNS} from ${FROM} where true ${conditions.map(([sql]) => `and ${sql}`).join(' ')}
     order by j.id ${reading(turn, 'desc').order} limit ?`,
    [...conditions.flatMap(([, ...bindings]) => bindings), turn.limit],
  )
  return inOrder(turn, rows)
}

export interface JournalMessage extends JournalRow {
  request: Buffer | null
  response: Buffer | null
}

/** A message with its bytes. */
export async function findJournalMessage(db: Knex, id: string): Promise<JournalMessage | undefined> {
  const { rows } = await db.raw<{ rows: JournalMessage[] }>(
    `select ${COLUMNS}, j.request, j.response from ${FROM} where j.id = ?`,
    [id],
  )
  return rows[0]
}
