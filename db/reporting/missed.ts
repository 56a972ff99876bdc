import type { Knex } from 'knex'
import { rowOf } from '../ground/rows.ts'
import { IS_REPORTED } from './run.ts'

/** A schedule begins a fetch every six hours, so without a good one for this long at least one did not happen. */
const HOURS = 8

/** SQL: each watched ente `w` with its last good fetch `ok` and its last one `last`. */
const WATCHED = `reporting_watch w
  left join lateral (select r.ended_at as at from reporting_run r where r.ente_id = w.ente_id and r.outcome = 'OK' order by r.id desc limit 1) ok on true
  left join lateral (select r.outcome, r.started_at from reporting_run r where r.ente_id = w.ente_id order by r.id desc limit 1) last on true`

/**
 * Raises an anomaly for each ente whose flows were not fetched for eight hours, and closes those that are over. It reads only tables,
 * because the schedule is what may have failed. One that a person accepted is not raised again before the next good fetch.
 */
export async function noteMissedFetches(db: Knex): Promise<void> {
  await db.raw(
    `insert into reporting_watch (ente_id) select e.id from ente e where ${IS_REPORTED} on conflict do nothing`,
  )
  await db.raw(`delete from reporting_watch w using ente e where e.id = w.ente_id and not ${IS_REPORTED}`)
  await db.raw(
    `update anomaly a set state = 'closed', resolution = 'settled', closed_at = now() where a.kind = 'fetch_missed' and a.closed_at is null
     and (not exists (select from reporting_watch w where w.ente_id = a.ente_id)
       or exists (select from reporting_run r where r.ente_id = a.ente_id and r.outcome = 'OK' and r.ended_at > a.created_at))`,
  )
  await db.raw(
    `insert into anomaly (kind, ente_id, details)
     select 'fetch_missed', w.ente_id, jsonb_build_object('lastOkAt', ok.at, 'lastOutcome', last.outcome, 'lastAt', last.started_at)
     from ${WATCHED}
     where greatest(w.since, ok.at) < now() - interval '${HOURS} hours'
       and (last.outcome is not null or last.started_at is null or last.started_at < now() - interval '${HOURS} hours')
       and not exists (select from anomaly a where a.ente_id = w.ente_id and a.kind = 'fetch_missed'
         and a.created_at > coalesce(ok.at, w.since))
     on conflict do nothing`,
  )
}

/** When it was noticed that the flows of an ente are not fetched; undefined while they are. */
export async function missedSince(db: Knex, enteId: string): Promise<string | undefined> {
  const row = await rowOf<{ at: string }>(
    db('anomaly').first('created_at as at').where({ kind: 'fetch_missed', ente_id: enteId, closed_at: null }),
  )
  return row?.at
}
