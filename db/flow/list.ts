import type { Knex } from 'knex'
import type { Reason } from '../../domain/flow/reason.ts'
import type { FlowToShow, ShownFlowState } from '../../domain/flow/shown-state.ts'
import type { FlowState } from '../../domain/states.ts'
import { onlyReadable, type EnteReader } from '../ente/due-type-access.ts'
import { rowsOf } from '../ground/rows.ts'
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
}

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
    })
    .orderBy('f.id', order)
    .limit(turn.limit)
  onlyReadable(query, reader, { enteId: 'f.ente_id', operatorId: 'f.operator_id', dueTypes: 'f.due_types' })
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
  state: FlowState
  link: FlowLink
}

/** Files that belong to this one and that the reader may see, the oldest first: checks, loads and corrections of each other. */
export async function relatedFlows(db: Knex, reader: EnteReader, flow: Flow): Promise<RelatedFlow[]> {
  const query = db('flow as f')
    .select({
      id: 'f.id',
      baseName: 'f.base_name',
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
  onlyReadable(query, reader, { enteId: 'f.ente_id', operatorId: 'f.operator_id', dueTypes: 'f.due_types' })
  return rowsOf<RelatedFlow>(query)
}

export interface ShownReject {
  row: number
  /** The text of the field where the IUD should be. */
  iud: string
  reasons: Reason[]
}

/** The first rejected rows of a file, in its order. The downloadable file of rejected rows has all of them. */
export async function firstRejects(db: Knex, flowId: string, limit: number): Promise<ShownReject[]> {
  const rows = await rowsOf<Omit<ShownReject, 'iud'> & { raw: Buffer }>(
    db('flow_reject').select('row', 'reasons', 'raw').where({ flow_id: flowId }).orderBy('row').limit(limit),
  )
  return rows.map(({ raw, ...reject }) => ({ ...reject, iud: firstField(raw) }))
}

const SHOWN = 40

/** The first 40 characters of the first field of a line. The line may have bytes that are not text. */
const firstField = (raw: Buffer): string =>
  raw
    .subarray(0, SHOWN * 4)
    .toString('utf8')
    .split(';')[0]!
    .replaceAll('"', '')
    .slice(0, SHOWN)
