import type { Knex } from 'knex'
import { mayUseDueType, type EnteReader } from '../ente/due-type-access.ts'
import { plannedRows } from '../ground/planned.ts'
import { TODAY } from '../ground/rome.ts'
import { IS_WAITING } from '../treasury/ties.ts'

/** Weeks that one round counts, the newest first; a flow of a hundred thousand payments takes about a second. */
const AT_ONCE = 500
/** Weeks on the home pages, this one included. */
export const SHOWN_WEEKS = 8

const COLUMNS = `collected_cents, reported_items, reported_cents, open_items, open_cents, credited_cents, untied_items, untied_cents`

/**
 * Counts again the weeks whose rows changed, and returns how many. Called by the sweep; safe to repeat, and by two at once: the lock is the
 * first statement, so that each one counts what the last holder saw, or more.
 */
export const countReportingWeeks = (db: Knex): Promise<number> =>
  db.transaction(async (trx) => {
    await trx.raw('lock table reporting_week in share row exclusive mode')
    await trx.raw('set local statement_timeout = 0')
    const { rows } = await trx.raw<{ rows: { ente_id: string; week: string }[] }>(
      `with chosen as materialized (select ente_id, week from reporting_week_stale group by 1, 2 order by week desc limit ?),
       gone as (delete from reporting_week_stale s using chosen c where s.ente_id = c.ente_id and s.week = c.week)
       select ente_id, week from chosen`,
      [AT_ONCE],
    )
    if (rows.length === 0) return 0
    const given = JSON.stringify(rows)
    // Statements of their own: what was noted above is in the rows that they see.
    await trx.raw(
      `delete from reporting_week w using json_to_recordset(?) as g (ente_id uuid, week date)
       where w.ente_id = g.ente_id and w.week = g.week`,
      [given],
    )
    await trx.raw(
      `insert into reporting_week (ente_id, week, ente_due_type_id, ${COLUMNS})
       select g.ente_id, g.week, k.ente_due_type_id, k.collected_cents, k.reported_items, coalesce(k.reported_cents, 0), k.open_items,
         coalesce(k.open_cents, 0), coalesce(k.credited_cents, 0), k.untied_items, coalesce(k.untied_cents, 0)
       from json_to_recordset(?) as g (ente_id uuid, week date) cross join lateral reporting_week_of(g.ente_id, g.week) k`,
      [given],
    )
    return rows.length
  })

/** Counts every week again from its rows, while everything runs. */
export async function rebuildReportingWeeks(db: Knex): Promise<void> {
  await db.raw(
    `insert into reporting_week_stale (ente_id, week)
     select ente_id, week from reporting_week_there union select ente_id, week from reporting_week`,
  )
  while ((await countReportingWeeks(db)) > 0);
}

/** What came in during a week, of one type of due or of all; cents. */
export interface ReportingSums {
  collected: number
  reportedItems: number
  reported: number
  openItems: number
  open: number
  credited: number
  untiedItems: number
  untied: number
}

export interface ReportingWeek extends ReportingSums {
  /** Its Monday. */
  week: string
  /** Null for credits, for payments without a due, and for types that the reader may not use. */
  dueType: string | null
}

/** The weeks of an ente and what waits for a person there. */
export interface EnteReporting {
  /** The newest first; weeks without anything are absent. */
  weeks: ReportingWeek[]
  proposals: number
  /** False while no fetch ever began. */
  wasFetched: boolean
}

const SUMS = `sum(w.reported_items)::int as "reportedItems", sum(w.reported_cents)::bigint as reported,
  sum(w.open_items)::int as "openItems", sum(w.open_cents)::bigint as open, sum(w.credited_cents)::bigint as credited,
  sum(w.untied_items)::int as "untiedItems", sum(w.untied_cents)::bigint as untied`
const FIRST_WEEK = `date_trunc('week', ${TODAY})::date - ${7 * (SHOWN_WEEKS - 1)}`

/**
 * SQL with its bindings: the row of `EnteReporting`, for the statement of the page that shows more. What was collected counts only the types
 * that the reader may use; flows are read by everybody.
 */
export const enteReporting = ({ enteId, operatorId }: Pick<EnteReader, 'enteId' | 'operatorId'>) => ({
  sql: `with mine as (select t.id, t.name from ente_due_type t where t.ente_id = ? and ${mayUseDueType('?', 't.id')})
     select coalesce((select json_agg(k) from (
         select w.week, m.name as "dueType", coalesce(sum(w.collected_cents) filter (where m.id is not null), 0)::bigint as collected, ${SUMS}
         from reporting_week w left join mine m on m.id = w.ente_due_type_id
         where w.ente_id = ? and w.week >= ${FIRST_WEEK} group by w.week, m.id, m.name order by w.week desc, m.name nulls last) k), '[]') as weeks,
       (select count(*)::int from treasury_tie t join treasury_credit c on c.id = t.credit_id where c.ente_id = ? and ${IS_WAITING}) as proposals,
       exists (select from reporting_run r where r.ente_id = ?) as "wasFetched"`,
  bindings: [enteId, operatorId, enteId, enteId, enteId],
})

/** The last weeks of one ente among all. */
export interface EnteSums extends ReportingSums {
  codIpa: string
  enteName: string
}

export interface RegionReporting extends Omit<EnteReporting, 'proposals'> {
  /** That with the most money to explain first. */
  enti: EnteSums[]
}

/** The last weeks of all enti together, and of each of them, at most `limit`. */
export async function regionReporting(db: Knex, limit: number): Promise<RegionReporting> {
  const collected = 'sum(w.collected_cents)::bigint as collected'
  const [row] = await plannedRows<RegionReporting>(
    db,
    `with w as materialized (select x.* from reporting_week x where x.week >= ${FIRST_WEEK})
     select coalesce((select json_agg(k) from (
         select w.week, null as "dueType", ${collected}, ${SUMS} from w group by w.week order by w.week desc) k), '[]') as weeks,
       coalesce((select json_agg(k) from (
         select e.cod_ipa as "codIpa", e.name as "enteName", ${collected}, ${SUMS} from w join ente e on e.id = w.ente_id
         group by e.id order by sum(w.open_cents + w.untied_cents) desc, e.name limit ?) k), '[]') as enti,
       exists (select from reporting_run) as "wasFetched"`,
    [limit],
  )
  return row!
}
