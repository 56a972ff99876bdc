import type { Knex } from 'knex'
import { rowOf } from '../ground/rows.ts'

/** A fetch of reporting flows for one ente. */
export interface ReportingRun {
  id: string
  enteId: string
  /** The organization that is asked about: the fiscal code of the ente. */
  domain: string
  /** The first day that a person named; null for the usual days. */
  fromOn: string | null
  startedAt: string
  endedAt: string | null
  outcome: string | null
  listed: number
  stored: number
  /** What became of asking for quadratura; null where it was not asked for. */
  quadratura: string | null
}

const COLUMNS: Record<keyof ReportingRun, string> = {
  id: 'r.id',
  enteId: 'r.ente_id',
  domain: 'e.codice_fiscale',
  fromOn: 'r.from_on',
  startedAt: 'r.started_at',
  endedAt: 'r.ended_at',
  outcome: 'r.outcome',
  listed: 'r.listed',
  stored: 'r.stored',
  quadratura: 'r.quadratura',
}

/** Days for which an ente that stopped collecting is still asked about, because flows come after the payments. */
const DAYS_AFTER = 60

/** SQL condition on `e`, an ente: its reporting flows are fetched. Its test payments are reported too. */
export const IS_REPORTED = `(e.state <> 'INSERITO' or exists (
  select from event m where m.entity = 'ente' and m.entity_id = e.id and m.from_state = 'ESERCIZIO'
    and m.at > now() - interval '${DAYS_AFTER} days'))`

export interface NewRun {
  enteId: string
  /** Name of the process that runs it: a second start under this name is the same run. */
  processId: string
  operatorId: string | null
  fromOn: string | null
}

/** Stores that a fetch begins. Undefined when nothing is fetched for this ente (any more). Safe to repeat. */
export async function beginRun(db: Knex, given: NewRun): Promise<ReportingRun | undefined> {
  await db.raw(
    `insert into reporting_run (ente_id, process_id, operator_id, from_on)
     select e.id, ?, ?, ?::date from ente e where e.id = ? and ${IS_REPORTED}
     on conflict (process_id) do nothing`,
    [given.processId, given.operatorId, given.fromOn, given.enteId],
  )
  return rowOf<ReportingRun>(runs(db).where('r.process_id', given.processId))
}

const runs = (db: Knex) => db('reporting_run as r').join('ente as e', 'e.id', 'r.ente_id').first(COLUMNS)

export const findRun = (db: Knex, id: string): Promise<ReportingRun | undefined> =>
  rowOf<ReportingRun>(runs(db).where('r.id', id))

/** Ends a fetch. @param outcome `OK`, or the code of what went wrong */
export async function endRun(
  db: Knex,
  id: string,
  { outcome, stored }: { outcome: string; stored: number },
): Promise<void> {
  await db('reporting_run').where({ id, outcome: null }).update({ outcome, stored, ended_at: db.fn.now() })
}

/** The newest fetch of an ente. */
export const lastRun = (db: Knex, enteId: string): Promise<ReportingRun | undefined> =>
  rowOf<ReportingRun>(runs(db).where('r.ente_id', enteId).orderBy('r.id', 'desc'))
