import type { Knex } from 'knex'
import type { FlowToShow, ShownFlowState } from '../../domain/flow/shown-state.ts'
import type { FlowState } from '../../domain/states.ts'
import { onlyReadable, type EnteReader } from '../ente/due-type-access.ts'
import { rowOf, rowsOf } from '../ground/rows.ts'
import type { Flow, FlowSource } from './flow.ts'
import { filterList, type ListFilter } from './list-filter.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'

/** A file of dues in a list. */
export interface FlowSummary extends FlowToShow {
  id: string
  baseName: string
  source: FlowSource
  operatorName: string | null
  createdAt: string
  /** How many of its rejected rows its corrections brought back. */
  corrected: number
}

/** The columns by which `onlyReadable` narrows files of dues `f`. */
export const READABLE_FLOW = { enteId: 'f.ente_id', operatorId: 'f.operator_id', dueTypes: 'f.due_types' }

const CLEAN = 'f.rows_rejected = 0'
const PARTLY = 'f.rows_rejected between 1 and f.rows_read - 1'
const ALL_REJECTED = 'f.rows_rejected > 0 and f.rows_rejected = f.rows_read'

/** SQL conditions of the states that people see and that are not stored as such. Any other is the stored state of a file that loads. */
const CONDITIONS: Partial<Record<ShownFlowState, string>> = {
  loaded: `f.state = 'loaded' and ${CLEAN}`,
  partly_loaded: `f.state = 'loaded' and ${PARTLY}`,
  all_rejected: `f.state = 'loaded' and ${ALL_REJECTED}`,
  checking: `f.is_check and f.state in ('queued', 'loading')`,
  check_clean: `f.state = 'checked' and ${CLEAN}`,
  check_partly: `f.state = 'checked' and ${PARTLY}`,
  check_all_rejected: `f.state = 'checked' and ${ALL_REJECTED}`,
  check_ended: `f.is_check and f.state not in ('queued', 'loading', 'checked')`,
}

/**
 * SQL: how many rejected rows of a file its corrections brought back, and theirs those that they rejected in turn. At most as many as it
 * rejected, because a correction may have other rows too.
 * @param flow the name of the table, for its id and its count of rejected rows
 */
const corrected = (
  flow: string,
): string => `case when ${flow}.rows_rejected = 0 or ${flow}.is_check then 0 else (
  with recursive later as (
    select c.id, c.rows_read - c.rows_rejected as done from flow c
    where c.corrects_id = ${flow}.id and not c.is_check and c.state = 'loaded'
    union all
    select c.id, c.rows_read - c.rows_rejected from flow c join later on c.corrects_id = later.id
    where not c.is_check and c.state = 'loaded')
  select least(coalesce(sum(done), 0), ${flow}.rows_rejected)::int from later) end`

/** How many rejected rows of a file its corrections brought back. */
export async function correctedRows(db: Knex, flowId: string): Promise<number> {
  const row = await rowOf<{ corrected: number }>(
    db('flow')
      .first({ corrected: db.raw(corrected('flow')) })
      .where({ id: flowId }),
  )
  return row?.corrected ?? 0
}

/** One page of the files that the reader may see, the newest first. */
export async function listFlows(
  db: Knex,
  reader: EnteReader,
  { state, ...filter }: ListFilter & { state: ShownFlowState | undefined },
  turn: Turn<string>,
): Promise<FlowSummary[]> {
  const { order, beyond } = reading(turn, 'desc')
  const query = db('flow as f')
    .leftJoin('operator as o', 'o.id', 'f.operator_id')
    .select({
      id: 'f.id',
      baseName: 'f.base_name',
      source: 'f.source',
      state: 'f.state',
      isCheck: 'f.is_check',
      operatorName: 'o.name',
      rowsRead: 'f.rows_read',
      rowsRejected: 'f.rows_rejected',
      createdAt: 'f.created_at',
      corrected: db.raw(corrected('f')),
    })
    .orderBy('f.id', order)
    .limit(turn.limit)
  onlyReadable(query, reader, READABLE_FLOW)
  filterList(query, { name: 'f.base_name', at: 'f.created_at' }, filter)
  if (state !== undefined) {
    const condition = CONDITIONS[state]
    if (condition === undefined) void query.where({ 'f.state': state, 'f.is_check': false })
    else void query.whereRaw(condition)
  }
  if (turn.place !== undefined) void query.where('f.id', beyond, turn.place)
  return inOrder(turn, await rowsOf<FlowSummary>(query))
}

/** How another file belongs to this one. */
export type FlowLink = 'corrects' | 'correctedBy' | 'fromCheck' | 'loadedAs'

export interface RelatedFlow {
  id: string
  baseName: string
  source: FlowSource
  state: FlowState
  link: FlowLink
}

/** Files that belong to this one and that the reader may see, the oldest first: checks, loads and corrections of each other. */
export async function relatedFlows(db: Knex, reader: EnteReader, flow: Flow): Promise<RelatedFlow[]> {
  const query = db('flow as f')
    .select({
      id: 'f.id',
      baseName: 'f.base_name',
      source: 'f.source',
      state: 'f.state',
      link: db.raw(
        `case when f.id = ? then 'corrects' when f.id = ? then 'fromCheck' when f.check_id = ? then 'loadedAs' else 'correctedBy' end`,
        [flow.correctsId, flow.checkId, flow.id],
      ),
    })
    .where((either) => {
      void either.whereIn(
        'f.id',
        [flow.correctsId, flow.checkId].filter((id) => id !== null),
      )
      void either.orWhere({ 'f.check_id': flow.id })
      void either.orWhere({ 'f.corrects_id': flow.id, 'f.is_check': false })
    })
    .orderBy('f.id')
  onlyReadable(query, reader, READABLE_FLOW)
  return rowsOf<RelatedFlow>(query)
}
