import type { Knex } from 'knex'

/** Weeks counted in one sweep, so that a sweep stays short. */
const AT_ONCE = 100

/** Counts again the weeks of enti that changed. Called by the sweep; safe to repeat, and by two at once. */
export async function countWeeks(db: Knex): Promise<void> {
  const { rows } = await db.raw<{ rows: Week[] }>(
    'select ente_id as "enteId", week from reporting_week_stale group by 1, 2 order by min(id) limit ?',
    [AT_ONCE],
  )
  for (const week of rows) await countWeek(db, week)
}

interface Week {
  enteId: string
  /** Its Monday. */
  week: string
}

async function countWeek(db: Knex, { enteId, week }: Week): Promise<void> {
  const given = { enteId, week }
  await db.transaction(async (trx) => {
    await trx.raw(`select pg_advisory_xact_lock(hashtextextended('week|' || :enteId || :week, 0))`, given)
    // First, so that a change that commits from here on is counted by the next sweep.
    await trx.raw('delete from reporting_week_stale where ente_id = :enteId and week = :week', given)
    await trx.raw('delete from reporting_week where ente_id = :enteId and week = :week', given)
    await trx.raw(
      `insert into reporting_week (ente_id, week, ${COLUMNS})
       select cast(:enteId as uuid), cast(:week as date), ${COLUMNS}
       from reporting_week_of_rows(cast(:enteId as uuid), cast(:week as date))`,
      given,
    )
  })
}

const COLUMNS = `part, ente_due_type_id, collected_items, collected_cents, reported_items, reported_cents, open_items, open_cents,
  credited_items, credited_cents, uncredited_items, uncredited_cents`

/** Has all weeks counted again by the next sweeps. */
export async function staleWeeks(trx: Knex): Promise<void> {
  await trx.raw(
    `insert into reporting_week_stale (ente_id, week)
     select ente_id, week from week_with_rows union select ente_id, week from reporting_week`,
  )
}
