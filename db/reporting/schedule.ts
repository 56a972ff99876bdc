import type { Knex } from 'knex'
import { IS_REPORTED } from './run.ts'

export interface WantedSchedule {
  enteId: string
  isActive: boolean
}

/** Enti whose schedule is not as they want it, as far as was noted; one that was never reported wants none. */
export async function schedulesToKeep(db: Knex, limit: number): Promise<WantedSchedule[]> {
  const { rows } = await db.raw<{ rows: WantedSchedule[] }>(
    `select e.id as "enteId", ${IS_REPORTED} as "isActive" from ente e left join reporting_schedule s on s.ente_id = e.id
     where coalesce(s.is_active, false) <> ${IS_REPORTED} order by e.id limit ?`,
    [limit],
  )
  return rows
}

/** Notes how the schedules of these enti are now. */
export async function noteSchedules(db: Knex, kept: readonly WantedSchedule[]): Promise<void> {
  if (kept.length === 0) return
  await db('reporting_schedule')
    .insert(kept.map(({ enteId, isActive }) => ({ ente_id: enteId, is_active: isActive })))
    .onConflict('ente_id')
    .merge()
}

/** Forgets what was noted of the schedules that are gone, so that they are made again. @param enti those that have one */
export async function forgetSchedules(db: Knex, enti: ReadonlySet<string>): Promise<void> {
  await db('reporting_schedule')
    .whereNotIn('ente_id', [...enti])
    .delete()
}
