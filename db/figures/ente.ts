import type { Knex } from 'knex'
import { anomalyTotals, OPEN_ANOMALIES, type AnomalyTotals } from '../anomaly/anomalies.ts'
import { isReadable, mayUseDueType, type EnteReader } from '../ente/due-type-access.ts'
import { MOVING_FLOW_STATES, OPEN_EXPORT_STATES } from '../../domain/states.ts'
import { READABLE_EXPORT } from '../export/export.ts'
import { READABLE_FLOW } from '../flow/list.ts'
import { listed } from '../ground/listed.ts'
import { plannedRows } from '../ground/planned.ts'
import { TODAY } from '../ground/rome.ts'
import { enteReporting, type EnteReporting } from './reporting-weeks.ts'

/** How many, and their cents. */
export interface Sum {
  items: number
  cents: number
}

/** What an ente was paid in some days, and what it still expects. */
export type Figures = Record<'today' | 'week' | 'month' | 'open' | 'expired' | 'paying', Sum>

/** The figures of one type of due. */
export interface TypeFigures extends Figures {
  code: string
  name: string
  /** What was paid on days of the period, in no order; a day may come more than once, and one without payments does not. */
  days: PaidDay[]
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

/** The types of an ente that an operator may use, with today, which would cost as much as all else if each figure asked for it. Bindings: ente id, operator id. */
const TYPES = `select t.id, t.code, t.name, t.due_on_binding, ${TODAY} as today from ente_due_type t where t.ente_id = ? and ${mayUseDueType('?', 't.id')}`

/** SQL: how many, and their cents, of the rows of `f` that a condition takes. Rows of a minus kind are taken off. */
const sum = (condition: string, minus = 'false'): string => {
  const of = (column: string): string =>
    `coalesce(sum(case when ${minus} then -${column} else ${column} end) filter (where ${condition}), 0)`
  return `jsonb_build_object('items', ${of('f.items')}, 'cents', ${of('f.cents')})`
}

const paidSince = (days: number): string => sum(`f.kind = 'paid' and f.day > t.today - ${days}`)
/** SQL: nobody can pay a due of this day any more. */
const isLate = (day: string): string => `coalesce(t.due_on_binding and ${day} < t.today, false)`

/** SQL: the rows of `TypeFigures`. Bindings: ente id, operator id, ente id, first and last day of `days`. */
const TYPE_FIGURES = `with t as materialized (${TYPES}),
   -- Those that are being paid are as few as payments under way, and found by their index.
   held as materialized (select d.ente_due_type_id, d.due_on as day, count(*) as items, sum(d.importo_cents) as cents
     from due d where d.ente_id = ? and d.state = 'paying' group by 1, 2)
   select t.code, t.name, ${paidSince(1)} as today, ${paidSince(7)} as week, ${paidSince(MONTH_DAYS)} as month,
     coalesce(jsonb_agg(jsonb_build_object('day', f.day, 'items', f.items, 'cents', f.cents)) filter (where f.kind = 'period'), '[]') as days,
     ${sum(`f.kind = 'open'`)} as open, ${sum(`f.kind = 'held'`)} as paying,
     ${sum(`f.kind in ('open', 'held') and f.is_late`, `f.kind = 'held'`)} as expired
   from t left join lateral (
     -- There is a row for each due date, so they are added up before the figures choose among them.
     select n.kind, null::date as day, ${isLate('n.day')} as is_late, sum(n.items) as items, sum(n.cents) as cents
       from figure_now n where n.ente_due_type_id = t.id and n.kind = 'open' group by 1, 3
     union all
     select n.kind, n.day, null, n.items, n.cents from figure_now n where n.ente_due_type_id = t.id and n.kind = 'paid'
       and n.day > t.today - ${MONTH_DAYS} and n.day <= t.today
     union all
     select 'period', n.day, null, n.items, n.cents from figure_now n where n.ente_due_type_id = t.id and n.kind = 'paid'
       and n.day between ?::date and ?::date
     union all
     select 'held', null, ${isLate('h.day')}, h.items, h.cents from held h where h.ente_due_type_id = t.id) f on true
   group by t.code, t.name order by t.name, t.code`

type Reader = Pick<EnteReader, 'enteId' | 'operatorId'>

const bindingsOf = ({ enteId, operatorId }: Reader, { from, to }: Days) => [
  enteId,
  operatorId,
  enteId,
  from,
  to,
]

/**
 * The types of an ente that a reader may use, with their figures of this moment, in order of name. `open` is what the list of dues to
 * collect has, `paying` the part of it that somebody is paying, `expired` the part that nobody can pay any more. Today is the day of Rome
 * by the clock of the database. `period`: the days that `days` has.
 */
export const typeFigures = (db: Knex, reader: Reader, period: Days): Promise<TypeFigures[]> =>
  plannedRows(db, TYPE_FIGURES, bindingsOf(reader, period))

/** What the first page of an ente shows: the figures of its types, what is under way there, and who works there. */
export interface HomeFigures {
  /** As `typeFigures` gives them. */
  types: TypeFigures[]
  reporting: EnteReporting
  /** Files of dues and exports that are not at their end, of those that the reader may see. */
  flows: number
  exports: number
  /** Open anomalies that the reader may see. */
  anomalies: AnomalyTotals
  /** People who work for the ente and may enter. */
  operators: number
  /** False for an ente that never had a due. */
  hasDues: boolean
  /** The day of Rome by the clock of the database. */
  today: string
}

/** One statement, because each costs a page as much as rendering a section of it. */
export async function homeFigures(db: Knex, reader: EnteReader, period: Days): Promise<HomeFigures> {
  const flows = isReadable(reader, READABLE_FLOW)
  const exports = isReadable(reader, READABLE_EXPORT)
  const anomalies = anomalyTotals(reader, OPEN_ANOMALIES)
  const reporting = enteReporting(reader)
  const { enteId } = reader
  const [figures] = await plannedRows<HomeFigures>(
    db,
    `select (select coalesce(jsonb_agg(q order by q.name, q.code), '[]') from (${TYPE_FIGURES}) q) as types,
       (select to_jsonb(q) from (${reporting.sql}) q) as reporting,
       (select count(*) from flow f where f.state in (${listed(MOVING_FLOW_STATES)}) and ${flows.sql}) as flows,
       (select count(*) from export x where x.state in (${listed(OPEN_EXPORT_STATES)}) and ${exports.sql}) as exports,
       (select to_jsonb(q) from (${anomalies.sql}) q) as anomalies,
       (select count(*) from operator_grant g join operator o on o.id = g.operator_id where g.ente_id = ? and o.active) as operators,
       ${TODAY} as today, exists (select from due d where d.ente_id = ?) as "hasDues"`,
    [
      ...bindingsOf(reader, period),
      ...reporting.bindings,
      ...flows.bindings,
      ...exports.bindings,
      ...anomalies.bindings,
      enteId,
      enteId,
    ],
  )
  return figures!
}
