import type { Knex } from 'knex'
import type { ClassRule } from '../../domain/treasury/classes.ts'
import type { Source } from '../../domain/treasury/movement.ts'
import type { Step } from '../../domain/treasury/settled.ts'
import type { ShownCreditState } from '../../domain/treasury/shown-state.ts'
import { containing } from '../ground/like.ts'
import { rowOf, rowsOf } from '../ground/rows.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'
import { COUNTS, SURE } from './counts.ts'

/** Money that the bank says came in. */
export interface Credit {
  id: string
  source: Source
  cents: number
  /** What a storno took back. */
  reversedCents: number
  bookedOn: string
  valueOn: string
  account: string
  year: number | null
  number: string | null
  bolletta: string | null
  trn: string | null
  endToEndId: string | null
  sender: string
  text: string
  /** False when no loaded file has it any more. */
  isSeen: boolean
  twinId: string | null
  /** Which rule gave its class; null while it does not count. */
  rule: ClassRule | null
  isContradicted: boolean
}

const COLUMNS: Record<keyof Credit, string> = {
  id: 'c.id',
  source: 'c.source',
  cents: 'c.cents',
  reversedCents: 'c.reversed_cents',
  bookedOn: 'c.booked_on',
  valueOn: 'm.value_on',
  account: 'm.account',
  year: 'm.year',
  number: 'm.number',
  bolletta: 'm.bolletta',
  trn: 'm.trn',
  endToEndId: 'm.end_to_end_id',
  sender: 'm.sender',
  text: 'm.text',
  isSeen: 'c.is_seen',
  twinId: 'c.twin_id',
  rule: 'c.rule',
  isContradicted: 'c.is_contradicted',
}

const credits = (db: Knex) =>
  db('treasury_credit as c').join('treasury_movement as m', 'm.id', 'c.movement_id')

const tied = (states: string): string =>
  `exists (select from treasury_tie t where t.credit_id = c.id and t.state in (${states}))`

/** SQL conditions of the states that people see; domain/treasury/shown-state.ts has the same order. */
const CONDITIONS: Record<ShownCreditState, string> = {
  withdrawn: 'not c.is_seen',
  reversed: 'c.is_seen and c.cents = 0',
  again: 'c.is_seen and c.cents > 0 and c.twin_id is not null',
  tied: `${COUNTS} and ${tied(SURE)}`,
  proposed: `${COUNTS} and not ${tied(SURE)} and ${tied(`'proposed'`)}`,
  open: `${COUNTS} and not ${tied(`${SURE}, 'proposed'`)}`,
}

/** Undefined values do not filter. */
export interface CreditFilter {
  from: string | undefined
  to: string | undefined
  cents: number | undefined
  state: ShownCreditState | undefined
  text: string | undefined
}

/** A place in the list: the day of a credit, and its id. */
export interface CreditPlace {
  first: string | null
  id: string
}

/** A credit of the list, with what ties it. */
export interface ListedCredit extends Credit {
  isTied: boolean
  isProposed: boolean
}

const TIED: Record<'isTied' | 'isProposed', string> = {
  isTied: tied(SURE),
  isProposed: tied(`'proposed'`),
}

/** One page of the credits of an ente, the newest first. What no file has any more is shown only when it is asked for. */
export async function listCredits(
  db: Knex,
  enteId: string,
  filter: CreditFilter,
  turn: Turn<CreditPlace>,
): Promise<ListedCredit[]> {
  const { order, beyond } = reading(turn, 'desc')
  const query = credits(db)
    .select(COLUMNS)
    .select(db.raw(`${TIED.isTied} as "isTied", ${TIED.isProposed} as "isProposed"`))
    .where('c.ente_id', enteId)
    .orderBy([
      { column: 'c.booked_on', order },
      { column: 'c.id', order },
    ])
    .limit(turn.limit)
  if (filter.from !== undefined) void query.where('c.booked_on', '>=', filter.from)
  if (filter.to !== undefined) void query.where('c.booked_on', '<=', filter.to)
  if (filter.cents !== undefined) void query.where('c.cents', filter.cents)
  if (filter.text !== undefined)
    void query.whereRaw('(m.text ilike ? or m.sender ilike ? or m.number = ? or m.trn = ?)', [
      ...Array<string>(2).fill(containing(filter.text)),
      ...Array<string>(2).fill(filter.text),
    ])
  void query.whereRaw(filter.state === undefined ? 'c.is_seen' : CONDITIONS[filter.state])
  if (turn.place !== undefined)
    void query.whereRaw(`(c.booked_on, c.id) ${beyond} (?::date, ?::uuid)`, [turn.place.first, turn.place.id])
  return inOrder(turn, await rowsOf<ListedCredit>(query))
}

export const findCredit = (db: Knex, enteId: string, id: string): Promise<ListedCredit | undefined> =>
  rowOf<ListedCredit>(
    credits(db)
      .first(COLUMNS)
      .select(db.raw(`${TIED.isTied} as "isTied", ${TIED.isProposed} as "isProposed"`))
      .where({ 'c.id': id, 'c.ente_id': enteId }),
  )

/** A file that has a credit. */
export interface CreditFile {
  id: string
  fileName: string
  createdAt: string
  isWithdrawn: boolean
}

/** The files that have a credit, the oldest first. */
export async function filesOfCredit(db: Knex, id: string): Promise<CreditFile[]> {
  const { rows } = await db.raw<{ rows: CreditFile[] }>(
    `select f.id, f.file_name as "fileName", f.created_at as "createdAt", f.state = 'withdrawn' as "isWithdrawn"
     from treasury_file f where f.state in ('loaded', 'withdrawn') and f.id in (
       select s.file_id from treasury_credit c join treasury_movement m on m.ente_id = c.ente_id and m.bill = c.bill
       join treasury_sighting s on s.movement_id = m.id where c.id = ?)
     order by f.id limit 20`,
    [id],
  )
  return rows
}

/** The same money in other kinds of file. */
export const twinsOf = (db: Knex, { id, twinId }: Credit): Promise<Credit[]> =>
  rowsOf<Credit>(
    credits(db)
      .select(COLUMNS)
      .where((any) => {
        void any.where('c.twin_id', id)
        if (twinId !== null) void any.orWhere('c.id', twinId)
      })
      .limit(5),
  )

/** What loaded files say of how a sospeso was put into the books, or taken out again. */
export async function stepsOfCredit(db: Knex, id: string): Promise<Step[]> {
  const { rows } = await db.raw<{ rows: Step[] }>(
    `select distinct on (m.id) m.act, m.number, m.reversale, m.sospesi, m.booked_on as "bookedOn", g.place
     from treasury_credit c join treasury_movement o on o.id = c.movement_id
     join treasury_movement m on m.ente_id = c.ente_id and m.series = o.series and m.act in ('settled', 'released')
       and (m.number = o.number or m.sospesi @> jsonb_build_array(jsonb_build_object('number', o.number)) or m.sospesi = '[]')
     join treasury_sighting g on g.movement_id = m.id join treasury_file f on f.id = g.file_id and f.state = 'loaded'
     where c.id = ? and o.number is not null order by m.id limit 1000`,
    [id],
  )
  return rows
}
