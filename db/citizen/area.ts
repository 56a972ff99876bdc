import type { Knex } from 'knex'
import type { Doubt, PaymentFacts } from '../../domain/payment/known.ts'
import { DUE_DOUBT, FACTS, FACTS_FROM, IS_DOUBTFUL } from '../payment/known.ts'
import { containing } from '../ground/like.ts'
import { IS_OWN } from './maker.ts'
import { plannedRows } from '../ground/planned.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'

export interface PositionFilter {
  /** codIpa of an ente. */
  ente?: string | undefined
  /** Code of a due type. */
  dueType?: string | undefined
  /** Days, both included. */
  from?: string | undefined
  to?: string | undefined
  causale?: string | undefined
}

/** The place of a row in the list. */
export interface PositionKey {
  dueOn: string | null
  id: string
}

export interface Position extends Doubt {
  id: string
  iuv: string | null
  causale: string
  importoCents: number
  dueOn: string | null
  enteName: string
  dueTypeName: string
  hasNotice: boolean
  /** True when the due has two beneficiaries; then it is alone in its cart. */
  hasSecondary: boolean
  /** Number of rows on all pages together. */
  ofAll: number
}

/**
 * SQL condition: the person can pay the due `d` now. A spontaneous due without an IUV is left out, because it exists only in a cart.
 * Binding: the codice fiscale.
 */
const OPEN = `d.pagatore_codice = ? and d.state = 'payable' and e.state = 'ESERCIZIO' and t.active
  and not is_expired(d.due_on, t.due_on_binding) and not (d.spontaneous and d.iuv is null) and ${IS_OWN}`
/** SQL condition: the due `d` is listed for its pagatore. A due that a stranger made for him is listed only when it is paid. */
const LISTED = `(d.state = 'paid' or ${IS_OWN})`
/**
 * SQL condition on a cart `c` whose versante is this person. A stranger can name him as versante, so a cart that ended without payment
 * counts only if it has a due of an ente or a due that he made while signed in.
 */
const BEGUN_BY_HIM = `(c.state not in ('not_paid', 'timed_out') or exists (
  select from cart_item i join due d on d.id = i.due_id
  where i.cart_id = c.id and (not d.spontaneous
    or exists (select from due_maker m where m.due_id = d.id and m.account = c.versante_codice))))`
const TABLES = `due d join ente e on e.id = d.ente_id join ente_due_type t on t.id = d.ente_due_type_id`

/**
 * SQL: the place of the day `day` in a list with the latest day first: a number that grows from row to row. Rows without a day come last.
 */
const placeOfDay = (day: string): string => `coalesce(date '9999-12-31' - ${day}, 99999999)`

/**
 * One page of the dues that a person can pay now: the latest due date first, dues without one at the end, equal days by id.
 * Source: docs/field/payments.md#personal-area.
 */
export async function openPositions(
  db: Knex,
  codice: string,
  { filter, turn }: { filter: PositionFilter; turn: Turn<PositionKey> },
): Promise<Position[]> {
  const where = allOf(positionFilters(filter))
  const { order, beyond } = reading(turn, 'asc')
  const from = allOf(
    turn.place
      ? [
          part(
            `(${placeOfDay('d."dueOn"')}, d.id) ${beyond} (${placeOfDay('?::date')}, ?::uuid)`,
            turn.place.dueOn,
            turn.place.id,
          ),
        ]
      : [],
  )
  const rows = await plannedRows<Position>(
    db,
    `select d.*, doubt.*, exists (select from due_share s where s.due_id = d.id and s.position = 2) as "hasSecondary"
     from (select d.id, d.iuv, d.causale, d.importo_cents as "importoCents", d.due_on as "dueOn", e.name as "enteName",
         t.name as "dueTypeName", t.notice_enabled and d.iuv is not null as "hasNotice", count(*) over ()::int as "ofAll"
       from ${TABLES} where ${OPEN} ${where.sql}) d ${DUE_DOUBT}
     where true ${from.sql} order by ${placeOfDay('d."dueOn"')} ${order}, d.id ${order} limit ?`,
    [codice, ...where.bindings, ...from.bindings, turn.limit],
  )
  return inOrder(turn, rows)
}

/** Those of `ids` that this person can pay now. Checked again, because the ids come from a browser. */
export async function ownPositions(db: Knex, codice: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select d.id from ${TABLES} where ${OPEN} and not ${IS_DOUBTFUL} and d.id = any (?::uuid[]) order by d.due_on desc nulls last, d.id`,
    [codice, [...ids]],
  )
  return rows.map(({ id }) => id)
}

interface Choice {
  value: string
  label: string
}

export interface Choices {
  enti: Choice[]
  dueTypes: Choice[]
}

/** The values that the filters of the personal area offer: enti and types of the person's dues in any state. */
export async function filterChoices(db: Knex, codice: string): Promise<Choices> {
  const rows = await plannedRows<{ codIpa: string; enteName: string; code: string; dueTypeName: string }>(
    db,
    `select e.cod_ipa as "codIpa", e.name as "enteName", t.code, t.name as "dueTypeName"
     from (select distinct d.ente_id, d.ente_due_type_id from due d where d.pagatore_codice = ? and ${LISTED}) d
     join ente e on e.id = d.ente_id join ente_due_type t on t.id = d.ente_due_type_id`,
    [codice],
  )
  return {
    enti: choices(rows.map((row) => [row.codIpa, row.enteName])),
    dueTypes: choices(rows.map((row) => [row.code, row.dueTypeName])),
  }
}

/** Each value once, in the alphabetical order of the labels. */
const choices = (found: readonly (readonly [value: string, label: string])[]): Choice[] =>
  [...new Map(found)]
    .map(([value, label]) => ({ value, label }))
    .sort((one, other) => one.label.localeCompare(other.label, 'it'))

export interface OwnPayment extends PaymentFacts {
  id: string
  begunAt: string
  /** False when another person began the payment of a due of this person. */
  isPayer: boolean
  lines: { enteName: string; dueTypeName: string; causale: string; importoCents: number; state: string }[]
  receipts: { receiptId: string; enteName: string; iuv: string; totalCents: number }[]
}

export interface PaymentFilter extends PositionFilter {
  state?: string | undefined
}

export interface PaymentKey {
  begunAt: string
  id: string
}

/** SQL: the instant of a payment as places of the list have it. The clock of the database is finer. */
const BEGUN_AT = `date_trunc('milliseconds', c.begun_at)`

/**
 * One page of the payments that this person began or that contain a due of his, the latest first. A cart of another person shows only
 * the lines and receipts of his own dues.
 */
export async function ownPayments(
  db: Knex,
  codice: string,
  { filter, turn }: { filter: PaymentFilter; turn: Turn<PaymentKey> },
): Promise<OwnPayment[]> {
  const { order, beyond } = reading(turn, 'desc')
  const where = allOf([
    ...paymentFilters(filter),
    ...(turn.place
      ? [part(`(${BEGUN_AT}, c.id) ${beyond} (?::timestamptz, ?::uuid)`, turn.place.begunAt, turn.place.id)]
      : []),
  ])
  const rows = await plannedRows<OwnPayment>(
    db,
    `with mine as (
       select c.id from cart c where c.versante_codice = ? and c.begun_at is not null and ${BEGUN_BY_HIM}
       union select i.cart_id from due d join cart_item i on i.due_id = d.id
         where d.pagatore_codice = ? and ${LISTED}),
     shown as (
       select c.id, c.state, c.kind, c.expires_at, c.redirect_url, c.returned_at, c.returned_ok, c.deferred, c.versante, c.begun_at,
         c.versante_codice = ? as payer
       from mine join cart c on c.id = mine.id where c.begun_at is not null ${where.sql}
       order by ${BEGUN_AT} ${order}, c.id ${order} limit ?)
     select c.id, ${FACTS}, c.begun_at as "begunAt", c.payer as "isPayer",
       (select json_agg(json_build_object('enteName', e.name, 'dueTypeName', t.name, 'causale', d.causale,
            'importoCents', d.importo_cents, 'state', d.state) order by i.position)
        from cart_item i join ${TABLES} on d.id = i.due_id
        where i.cart_id = c.id and (c.payer or d.pagatore_codice = ? and ${LISTED})) as lines,
       coalesce((select json_agg(json_build_object('receiptId', receipt.id, 'iuv', receipt.iuv, 'totalCents', receipt.total_cents,
            'enteName', (select s.ente_name from attempt_item ri join due_share s on s.id = ri.share_id
               where ri.attempt_id = r.id order by ri.position limit 1)) order by r.position)
        from receipt join attempt r on r.id = receipt.attempt_id
        where receipt.cart_id = c.id and receipt.settling and receipt.total_cents > 0
          and (c.payer or exists (select from attempt_item ri join due d on d.id = ri.due_id
               where ri.attempt_id = r.id and d.pagatore_codice = ?))), '[]') as receipts
     from shown c ${FACTS_FROM} order by ${BEGUN_AT} ${order}, c.id ${order}`,
    [codice, codice, codice, ...where.bindings, turn.limit, codice, codice],
  )
  return inOrder(turn, rows)
}

interface Part {
  sql: string
  bindings: (string | null)[]
}

const part = (sql: string, ...bindings: (string | null)[]): Part => ({ sql, bindings })

const allOf = (parts: readonly Part[]): Part => ({
  sql: parts.map(({ sql }) => `and ${sql}`).join(' '),
  bindings: parts.flatMap(({ bindings }) => bindings),
})

/** The conditions of the filters that have a value. */
function given(filters: [value: string | undefined, sql: string][]): Part[] {
  return filters.flatMap(([value, sql]) => (value === undefined ? [] : [part(sql, value)]))
}

const pattern = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : containing(text)

const positionFilters = (filter: PositionFilter): Part[] =>
  given([
    [filter.ente, 'e.cod_ipa = ?'],
    [filter.dueType, 't.code = ?'],
    [filter.from, 'd.due_on >= ?'],
    [filter.to, 'd.due_on <= ?'],
    [pattern(filter.causale), 'd.causale ilike ?'],
  ])

const SOME_LINE = `exists (select from cart_item i join ${TABLES} on d.id = i.due_id where i.cart_id = c.id and`

const paymentFilters = (filter: PaymentFilter): Part[] =>
  given([
    [filter.state, 'c.state = ?'],
    [filter.from, `c.begun_at ${FROM_DAY}`],
    [filter.to, `c.begun_at ${UP_TO_DAY}`],
    [filter.ente, `${SOME_LINE} e.cod_ipa = ?)`],
    [filter.dueType, `${SOME_LINE} t.code = ?)`],
    [pattern(filter.causale), `${SOME_LINE} d.causale ilike ?)`],
  ])
