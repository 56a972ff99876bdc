import type { Knex } from 'knex'
import { mayUseDueType, onlyReadable, type EnteReader } from '../ente/due-type-access.ts'
import { MOVING_FLOW_STATES, OPEN_EXPORT_STATES } from '../../domain/states.ts'
import { READABLE_EXPORT } from '../export/export.ts'
import { rowOf } from '../ground/rows.ts'
import { planned, plannedRows } from '../ground/planned.ts'
import { TODAY } from '../ground/rome.ts'

/** How many, and their cents. */
export interface Sum {
  items: number
  cents: number
}

/** What an ente was paid in some days, and what it still expects. `period`: the days that a person chose; nothing when there are none. */
export type Figures = Record<'today' | 'week' | 'month' | 'period' | 'open' | 'expired' | 'paying', Sum>

/** The figures of one type of due. */
export interface TypeFigures extends Figures {
  code: string
  name: string
}

/** What was paid on one day of Rome. */
export interface PaidDay extends Sum {
  day: string
}

/** Days of `month`, today included. */
const MONTH_DAYS = 30

/** Days of Rome, both included. */
export interface Days {
  from: string
  to: string
}

/** The types of an ente that an operator may use. Bindings: ente id, operator id. */
const TYPES = `select t.id, t.code, t.name, t.due_on_binding from ente_due_type t where t.ente_id = ? and ${mayUseDueType('?', 't.id')}`

/** SQL: how many, and their cents, of the rows of `f` that a condition takes. Rows of a minus kind are taken off. */
const sum = (condition: string, minus = 'false'): string => {
  const of = (column: string): string =>
    `coalesce(sum(case when ${minus} then -${column} else ${column} end) filter (where ${condition}), 0)`
  return `jsonb_build_object('items', ${of('f.items')}, 'cents', ${of('f.cents')})`
}

const paidSince = (days: number): string => sum(`f.kind = 'paid' and f.day > ${TODAY} - ${days}`)
const IS_LATE = `t.due_on_binding and f.day < ${TODAY}`

/**
 * The types of an ente that a reader may use, with their figures of this moment, in order of name. `open` is what the list of dues to
 * collect has, `paying` the part of it that somebody is paying, `expired` the part that nobody can pay any more. Today is the day of Rome
 * by the clock of the database.
 */
export const typeFigures = (
  db: Knex,
  { enteId, operatorId }: Pick<EnteReader, 'enteId' | 'operatorId'>,
  period: Days | null,
): Promise<TypeFigures[]> =>
  plannedRows(
    db,
    `with t as materialized (${TYPES}),
     -- Those that are being paid are as few as payments under way, and found by their index.
     held as materialized (select d.ente_due_type_id, d.due_on as day, count(*) as items, sum(d.importo_cents) as cents
       from due d where d.ente_id = ? and d.state = 'paying' group by 1, 2)
     select t.code, t.name, ${paidSince(1)} as today, ${paidSince(7)} as week, ${paidSince(MONTH_DAYS)} as month,
       ${sum(`f.kind = 'period'`)} as period,
       ${sum(`f.kind = 'open'`)} as open, ${sum(`f.kind = 'held'`)} as paying,
       ${sum(`f.kind in ('open', 'held') and ${IS_LATE}`, `f.kind = 'held'`)} as expired
     from t left join lateral (
       select n.kind, n.day, n.items, n.cents from figure_now n where n.ente_due_type_id = t.id and n.kind = 'open'
       union all
       select n.kind, n.day, n.items, n.cents from figure_now n where n.ente_due_type_id = t.id and n.kind = 'paid'
         and n.day > ${TODAY} - ${MONTH_DAYS} and n.day <= ${TODAY}
       union all
       select 'period', n.day, n.items, n.cents from figure_now n where n.ente_due_type_id = t.id and n.kind = 'paid'
         and n.day between ?::date and ?::date
       union all
       select 'held', h.day, h.items, h.cents from held h where h.ente_due_type_id = t.id) f on true
     group by t.code, t.name order by t.name, t.code`,
    [enteId, operatorId, enteId, period?.from ?? null, period?.to ?? null],
  )

/** What was paid on each day of a period, for the types that a reader may use: all of them, or the one with this code. */
export const paidDays = (
  db: Knex,
  { enteId, operatorId }: Pick<EnteReader, 'enteId' | 'operatorId'>,
  { from, to, code }: Days & { code: string | undefined },
): Promise<PaidDay[]> =>
  plannedRows(
    db,
    `with t as materialized (${TYPES})
     select c.day::date as day, coalesce(sum(f.items), 0)::bigint as items, coalesce(sum(f.cents), 0)::bigint as cents
     from generate_series(?::date, ?::date, interval '1 day') c (day)
     left join (select n.day, n.items, n.cents from t join lateral (
         select x.day, x.items, x.cents from figure_now x where x.ente_due_type_id = t.id and x.kind = 'paid'
           and x.day between ?::date and ?::date) n on true
       where ?::text is null or t.code = ?) f on f.day = c.day::date
     group by 1 order by 1`,
    [enteId, operatorId, from, to, from, to, code ?? null, code ?? null],
  )

/** What is under way at an ente, and who works there. */
export interface UnderWay {
  /** Files of dues and exports that are not at their end, of those that the reader may see. */
  flows: number
  exports: number
  /** People who work for the ente and may enter. */
  operators: number
  /** False for an ente that never had a due. */
  hasDues: boolean
  /** The day of Rome by the clock of the database. */
  today: string
}

export async function underWay(db: Knex, reader: EnteReader): Promise<UnderWay> {
  const flows = db('flow as f').count().whereIn('f.state', MOVING_FLOW_STATES)
  onlyReadable(flows, reader, { enteId: 'f.ente_id', operatorId: 'f.operator_id', dueTypes: 'f.due_types' })
  const exports = db('export as x').count().whereIn('x.state', OPEN_EXPORT_STATES)
  onlyReadable(exports, reader, READABLE_EXPORT)
  const { enteId } = reader
  const query = db.first({
    flows,
    exports,
    operators: db('operator_grant as g')
      .join('operator as o', 'o.id', 'g.operator_id')
      .count()
      .where({ 'g.ente_id': enteId, 'o.active': true }),
    today: db.raw(TODAY),
    hasDues: db.raw('exists (select from due where ente_id = ?)', [enteId]),
  })
  return (await rowOf<UnderWay>(planned(query)))!
}
