import type { Knex } from 'knex'
import { partsOf, type PartOf, type SearchPart } from '../../domain/search-terms.ts'
import type { DueState } from '../../domain/states.ts'
import { DUE_DOUBT } from '../payment/known.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'
import { inOrder, reading, type Direction, type Turn } from '../ground/turn.ts'
import { COLUMNS, readable, type Condition, type DueReader, type DueRow } from './dues.ts'

/** The tabs of the list of dues: those that are payable or being paid, and those that are paid or cancelled. */
export type DueTab = 'open' | 'closed'

/** The codes that a typed text may stand for. */
export interface DueCodes {
  iuvs: readonly string[]
  iud: string
  /** A fiscal code or a VAT number of a pagatore. */
  codice: string | undefined
}

export interface DueFilter {
  /** Chosen dues. */
  ids: readonly string[] | undefined
  /** Undefined for both tabs. */
  tab: DueTab | undefined
  /** A due with one of these codes: its own, or the IUV of one of its attempts. */
  codes: DueCodes | undefined
  /** Parts of a typed text that must all fit: words that begin a word of the name or of the causale, amounts, days, fiscal codes. */
  text: readonly SearchPart[] | undefined
  /** Words: a due in whose name or causale one of them begins a word is left out. Undefined is none. */
  without?: readonly string[] | undefined
  /** The number of an act on many dues: a due to which it was done. */
  act?: number | undefined
  /** The IUVs that the typed number may stand for. */
  iuvs: readonly string[] | undefined
  iud: string | undefined
  /** A fiscal code. */
  codice: string | undefined
  /** Words of the pagatore's name, in any order. */
  name: string | undefined
  /** Words of the causale, in any order. */
  causale: string | undefined
  /** IUF or name of a file. */
  flow: string | undefined
  dueType: string | undefined
  state: DueStateFilter | undefined
  /** Days, both included: of the due date, or of the last change when `tab` is `closed`. */
  from: string | undefined
  to: string | undefined
  /** Days on which a share of the ente was paid, both included. */
  paidFrom: string | undefined
  paidTo: string | undefined
  minCents: number | undefined
  maxCents: number | undefined
}

export type DueStateFilter = DueState | 'expired'

/** The orders of the list. Each has an index (db/migrations/20261201_0910_due_search.ts), so its SQL must stay the same as there. */
const ORDERS = {
  newest: ['d.id', 'desc'],
  dayUp: ['due_day(d.due_on)', 'asc'],
  dayDown: ['due_day(d.due_on)', 'desc'],
  amountUp: ['d.importo_cents', 'asc'],
  amountDown: ['d.importo_cents', 'desc'],
  nameUp: [`due_name(d.pagatore ->> 'anagrafica')`, 'asc'],
  nameDown: [`due_name(d.pagatore ->> 'anagrafica')`, 'desc'],
  changeUp: ['d.changed_at', 'asc'],
  changeDown: ['d.changed_at', 'desc'],
} as const satisfies Record<string, readonly [key: string, direction: Direction]>

export type DueOrder = keyof typeof ORDERS

/**
 * One page of dues. The place of a due is its id. A payable spontaneous due without an IUV is left out, because it exists only in the cart
 * of a citizen; only a code of one of its attempts finds it.
 */
export async function searchDues(
  db: Knex,
  reader: DueReader,
  filter: DueFilter,
  { order, turn }: { order: DueOrder; turn: Turn<string> },
): Promise<DueRow[]> {
  const [key, direction] = ORDERS[order]
  const { order: way, beyond } = reading(turn, direction)
  const { sql, bindings } = allOf([
    ...conditionsOf(filter, reader),
    ...(turn.place === undefined
      ? []
      : [beyondPlace(key, beyond, { enteId: reader.enteId, id: turn.place })]),
  ])
  const orderBy = [...new Set([key, 'd.id'])].map((column) => `${column} ${way}`).join(', ')
  // The inner query finds the page, so that the doubts of a due are looked for once for each row of the page.
  const { rows } = await db.raw<{ rows: DueRow[] }>(
    `select ${COLUMNS} from (
       select d.* from due d join ente_due_type t on t.id = d.ente_due_type_id where ${sql} order by ${orderBy} limit ?) d
     join ente_due_type t on t.id = d.ente_due_type_id ${DUE_DOUBT} order by ${orderBy}`,
    [...bindings, turn.limit],
  )
  return inOrder(turn, rows)
}

/** The rows beyond a due in an order. The due has the values of now, so a due that changed since is where it is now. */
const beyondPlace = (
  key: string,
  beyond: '<' | '>',
  { enteId, id }: { enteId: string; id: string },
): Condition =>
  key === 'd.id'
    ? [`d.id ${beyond} ?`, [id]]
    : [
        `(${key}, d.id) ${beyond} ((select ${key} from due d where d.ente_id = ? and d.id = ?), ?::uuid)`,
        [enteId, id, id],
      ]

export interface DueTotals {
  count: number
  cents: number
}

/** The number and the sum of the dues that a filter finds. `most` ends the count: a greater number is counted as `most + 1`. */
export async function sumDues(
  db: Knex,
  reader: DueReader,
  filter: DueFilter,
  most: number | undefined,
): Promise<DueTotals> {
  const { sql, bindings } = foundBy(filter, reader)
  // The order makes PostgreSQL read the index of the tab: without it, a limit looks cheap enough to read the table from its beginning.
  const { rows } = await db.raw<{ rows: DueTotals[] }>(
    `select count(*)::int as count, coalesce(sum(found.cents), 0)::bigint as cents
     from (select d.importo_cents as cents from due d join ente_due_type t on t.id = d.ente_due_type_id
       where ${sql} ${most === undefined ? '' : 'order by d.id desc limit ?'}) found`,
    [...bindings, ...(most === undefined ? [] : [most + 1])],
  )
  return rows[0]!
}

/** The numbers of dues that these filters find, in their order. A greater number than `most` is counted as `most + 1`. */
export async function countDues(
  db: Knex,
  reader: DueReader,
  filters: readonly DueFilter[],
  most: number,
): Promise<number[]> {
  if (filters.length === 0) return []
  const found = filters.map((filter) => foundBy(filter, reader))
  const { rows } = await db.raw<{ rows: { counts: number[] }[] }>(
    `select array[${found
      .map(
        ({
          sql,
        }) => `(select count(*)::int from (select from due d join ente_due_type t on t.id = d.ente_due_type_id
       where ${sql} order by d.id desc limit ?) f)`,
      )
      .join(', ')}] as counts`,
    found.flatMap(({ bindings }) => [...bindings, most + 1]),
  )
  return rows[0]!.counts
}

/** True when this reader may see a due with one of these codes, in either tab. */
export async function hasDueCode(db: Knex, reader: DueReader, codes: DueCodes): Promise<boolean> {
  const { sql, bindings } = allOf([...readable(reader), codeCondition(codes, reader.enteId)])
  const { rows } = await db.raw<{ rows: { found: boolean }[] }>(
    `select exists (select from due d where ${sql}) as found`,
    [...bindings],
  )
  return rows[0]!.found
}

/** SQL: the condition of the dues `d` with their type `t` that a search of this reader finds. */
export const foundBy = (filter: DueFilter, reader: DueReader): { sql: string; bindings: Knex.RawBinding[] } =>
  allOf(conditionsOf(filter, reader))

const allOf = (conditions: readonly Condition[]): { sql: string; bindings: Knex.RawBinding[] } => ({
  sql: conditions.map(([sql]) => `(${sql})`).join(' and '),
  bindings: conditions.flatMap(([, bindings]) => bindings),
})

function conditionsOf(filter: DueFilter, reader: DueReader): Condition[] {
  const {
    ids,
    tab,
    codes,
    text,
    without = [],
    act,
    iuvs,
    iud,
    codice,
    name,
    causale,
    flow,
    dueType,
    state,
    from,
    to,
    paidFrom,
    paidTo,
    minCents,
    maxCents,
  } = filter
  const { enteId } = reader
  const dateColumn = tab === 'closed' ? `(d.changed_at at time zone 'Europe/Rome')::date` : 'd.due_on'
  const found: (Condition | undefined)[] = [
    ids && ['d.id = any (?::uuid[])', [[...ids]]],
    tab && ['due_tab(d.state) = ?', [tab]],
    codes || iuvs
      ? undefined
      : text
        ? TRIED
        : ['not (d.spontaneous and d.iuv is null and d.state = ?)', ['payable']],
    codes && codeCondition(codes, enteId),
    ...(text ? textConditions(text, { enteId, tab }) : []),
    ...without.map((words) => withoutCondition(enteId, words)),
    act === undefined ? undefined : doneBy(enteId, act),
    iuvs && oneOf([byIuv(iuvs)]),
    iud === undefined ? undefined : oneOf([byIud(enteId, iud)]),
    codice === undefined ? undefined : ['d.pagatore_codice = ?', [codice]],
    name === undefined ? undefined : wordsCondition(enteId, ['n:'], name),
    causale === undefined ? undefined : wordsCondition(enteId, ['c:'], causale),
    flow === undefined
      ? undefined
      : [
          'd.flow_id in (select id from flow where ente_id = ? and (upper(iuf) = upper(?) or base_name = ?))',
          [enteId, flow, flow.replace(/\.zip$/i, '')],
        ],
    dueType === undefined ? undefined : ['t.code = ?', [dueType]],
    state === undefined ? undefined : stateCondition(state),
    from === undefined ? undefined : [`${dateColumn} >= ?`, [from]],
    to === undefined ? undefined : [`${dateColumn} <= ?`, [to]],
    paidFrom === undefined && paidTo === undefined
      ? undefined
      : [PAID_IN, [paidFrom ?? null, paidTo ?? null]],
    minCents === undefined ? undefined : ['d.importo_cents >= ?', [minCents]],
    maxCents === undefined ? undefined : ['d.importo_cents <= ?', [maxCents]],
  ]
  return [...readable(reader), ...found.filter((condition) => condition !== undefined)]
}

const PAID_IN = `exists (select from settlement s join due_share sh on sh.id = s.share_id and sh.position = 1
  where s.due_id = d.id and s.paid_on between coalesce(?, date '-infinity') and coalesce(?, date 'infinity'))`

/*
 * Queries of ids by a code. Each uses an index of its own; joined by `or` they would use none.
 */

const byIuv = (iuvs: readonly string[]): Condition => [
  `select id from due where iuv = any (?)
   union all select i.due_id from attempt r join attempt_item i on i.attempt_id = r.id where r.iuv = any (?)`,
  [[...iuvs], [...iuvs]],
]

const byIud = (enteId: string, iud: string): Condition => [
  `select id from due where ente_id = ? and iud = ? and state <> 'cancelled'
   union all select id from due where ente_id = ? and iud = ? and state = 'cancelled'`,
  [enteId, iud, enteId, iud],
]

const byCodice = (enteId: string, codice: string): Condition => [
  'select id from due where pagatore_codice = ? and ente_id = ?',
  [codice, enteId],
]

const oneOf = (ids: readonly Condition[]): Condition => [
  `d.id in (${ids.map(([sql]) => sql).join(' union all ')})`,
  ids.flatMap(([, bindings]) => bindings),
]

const codeCondition = ({ iuvs, iud, codice }: DueCodes, enteId: string): Condition =>
  oneOf([byIuv(iuvs), byIud(enteId, iud), ...(codice === undefined ? [] : [byCodice(enteId, codice)])])

/** A text also finds a spontaneous due without an IUV that somebody has tried to pay: who asks about that attempt has no other name for it. */
const TRIED: Condition = [
  // Such a query is asked once for each due and never reads the whole table, as one with exists could.
  `not (d.spontaneous and d.iuv is null and d.state = ?) or (select true from attempt_item i where i.due_id = d.id limit 1) is true`,
  ['payable'],
]

interface Where {
  enteId: string
  tab: DueTab | undefined
}

function textConditions(parts: readonly SearchPart[], where: Where): Condition[] {
  // A code that no due has is a word, because causali contain codes.
  const words = partsOf(parts, 'word', 'code', 'email').map(({ text }) => text)
  return [
    ...(words.length > 0 ? [wordsCondition(where.enteId, ['n:', 'c:'], words.join(' '))] : []),
    ...partsOf(parts, 'fiscalCode', 'amount', 'day', 'number').map((part) => partCondition(part, where)),
  ]
}

function partCondition(
  part: PartOf<'fiscalCode' | 'amount' | 'day' | 'number'>,
  { enteId, tab }: Where,
): Condition {
  if (part.kind === 'fiscalCode') return ['d.pagatore_codice = ?', [part.text]]
  if (part.kind === 'amount') return ['d.importo_cents = ?', [part.cents]]
  if (part.kind === 'day') return dayCondition(part.days, tab)
  const [sql, bindings] = wordsCondition(enteId, ['n:', 'c:'], part.text)
  return [`${sql} or d.importo_cents = ?`, [...bindings, part.cents]]
}

/** A day of the box means what the days of the filters mean in that tab. */
const dayCondition = (days: readonly string[], tab: DueTab | undefined): Condition =>
  tab === 'closed'
    ? [
        days.map(() => `d.changed_at ${FROM_DAY} and d.changed_at ${UP_TO_DAY}`).join(' or '),
        days.flatMap((day) => [day, day]),
      ]
    : ['due_day(d.due_on) = any (?::date[])', [[...days]]]

/** @param marks where the words are: `n:` the pagatore's name, `c:` the causale */
const wordsCondition = (enteId: string, marks: readonly string[], words: string): Condition => [
  `due_words(d.ente_id, d.pagatore ->> 'anagrafica', d.causale) @@ due_words_query(?, ?, ?)`,
  [enteId, [...marks], words],
]

/**
 * The words are left out inside the query for the words of the ente, so that the planner knows from its statistics whether they leave few
 * dues, which the index finds, or most of them, which are met on the way through the list.
 */
const withoutCondition = (enteId: string, words: string): Condition => [
  `due_words(d.ente_id, d.pagatore ->> 'anagrafica', d.causale) @@ (?::tsquery && !! due_words_query(?, ?, ?))`,
  [`'e:${enteId}'`, enteId, ['n:', 'c:'], words],
]

/**
 * The planner calls `act_of` to learn how many dues the act has. Of a query in its place it would know nothing, take every act for one of
 * the usual size, and read all dues for the few of a small one.
 */
const doneBy = (enteId: string, act: number): Condition => [
  `d.id in (select w.due_id from bulk_act_row w where w.act_id = act_of(?, ?) and w.outcome = 'done')`,
  [enteId, act],
]

function stateCondition(state: DueStateFilter): Condition {
  if (state === 'expired') return [`d.state = 'payable' and is_expired(d.due_on, t.due_on_binding)`, []]
  if (state === 'payable') return [`d.state = 'payable' and not is_expired(d.due_on, t.due_on_binding)`, []]
  return ['d.state = ?', [state]]
}
