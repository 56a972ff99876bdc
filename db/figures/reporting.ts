import type { Knex } from 'knex'
import type { EnteReader } from '../ente/due-type-access.ts'
import { plannedRows } from '../ground/planned.ts'
import { TODAY } from '../ground/rome.ts'
import { TYPES, type Sum } from './ente.ts'

/** Weeks that the figures show, the current one included. */
export const WEEKS = 13

/** What came in: paid here, listed by pagoPA, and of that what nobody has explained. */
export interface CameIn {
  collected: Sum
  reported: Sum
  open: Sum
}

/** What came in, and what the bank says: credits that are tied to flows or payments, and those that are not. */
export interface CameInWithBank extends CameIn {
  credited: Sum
  uncredited: Sum
}

export interface WeekFigures extends CameInWithBank {
  /** Its Monday. */
  week: string
}

export interface TypeCameIn extends CameIn {
  /** Null for reported payments of no due of the ente. */
  code: string | null
  name: string | null
}

export interface ReportingFigures {
  /** WEEKS of them, the oldest first. */
  weeks: WeekFigures[]
  types: TypeCameIn[]
}

const part = (name: keyof CameInWithBank, of: string): string =>
  `json_build_object('items', coalesce(sum(w.${name}_items) filter (where ${of}), 0),
    'cents', coalesce(sum(w.${name}_cents) filter (where ${of}), 0)) as ${name}`

const cameIn = (of: string): string =>
  [part('collected', of), part('reported', of), part('open', of)].join(', ')

const bank = (of: string): string => [part('credited', of), part('uncredited', of)].join(', ')

const MONDAYS = `select cast(m as date) as week
  from generate_series(week_of(${TODAY}) - 7 * ${WEEKS - 1}, week_of(${TODAY}), interval '7 days') m`

/** SQL condition: the reader may see this part of a week. Payments of no due of the ente name no person. */
const IS_OWN = `(w.part = 'none' or w.ente_due_type_id in (select id from t))`

/**
 * What an ente was paid in the last weeks, for the types that a reader may use: collected by day of payment, reported by the day
 * on which a flow was made, credited by the day of the bank. As the sweep counted it last.
 */
export async function reportingFigures(
  db: Knex,
  { enteId, operatorId }: Pick<EnteReader, 'enteId' | 'operatorId'>,
): Promise<ReportingFigures> {
  const [figures] = await plannedRows<ReportingFigures>(
    db,
    `with t as materialized (${TYPES}), m as materialized (${MONDAYS}),
     w as materialized (select w.* from reporting_week w where w.ente_id = ? and w.week >= (select min(week) from m))
     select (select json_agg(q order by q.week) from (
         select m.week, ${cameIn(IS_OWN)}, ${bank(`w.part = 'all'`)} from m left join w using (week) group by m.week) q) as weeks,
       (select coalesce(json_agg(q order by q.name nulls last, q.code), '[]') from (
         select t.code, t.name, ${cameIn('true')} from w left join t on t.id = w.ente_due_type_id where ${IS_OWN} group by 1, 2) q) as types`,
    [enteId, operatorId, enteId],
  )
  return figures!
}

/** The last weeks of an ente in the figures of the region. */
export interface EnteCameIn extends CameInWithBank {
  codIpa: string
  enteName: string
}

export interface RegionReporting {
  /** WEEKS of them, the oldest first. */
  weeks: WeekFigures[]
  /** At most `limit`, that with the most money unexplained first. */
  enti: EnteCameIn[]
}

/** What all enti were paid in the last weeks, together and each. */
export async function regionReporting(db: Knex, limit: number): Promise<RegionReporting> {
  const all = `${cameIn('true')}, ${bank('true')}`
  const [figures] = await plannedRows<RegionReporting>(
    db,
    `with m as materialized (${MONDAYS}),
     w as materialized (select w.* from reporting_week w where w.part = 'all' and w.week >= (select min(week) from m))
     select (select json_agg(q order by q.week) from (select m.week, ${all} from m left join w using (week) group by m.week) q) as weeks,
       (select coalesce(json_agg(to_jsonb(q) - 'unexplained' order by q.unexplained desc, q."enteName"), '[]') from (
         select e.cod_ipa as "codIpa", e.name as "enteName", ${all}, sum(w.open_cents + w.uncredited_cents) as unexplained
         from w join ente e on e.id = w.ente_id group by e.id order by 8 desc, e.name limit ?) q) as enti`,
    [limit],
  )
  return figures!
}
