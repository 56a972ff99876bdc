import type { Knex } from 'knex'
import type { Reason } from '../../domain/flow/reason.ts'
import type { ShownFlowState } from '../../domain/flow/shown-state.ts'
import type { FlowState } from '../../domain/states.ts'
import { onlyReadable, type EnteReader } from '../ente/due-type-access.ts'
import { rowsOf } from '../ground/rows.ts'
import type { FlowSource } from './flow.ts'
import { filterList, type ListFilter } from './list-filter.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'

/** A file of dues in a list. */
export interface FlowSummary {
  id: string
  baseName: string
  source: FlowSource
  state: FlowState
  operatorName: string | null
  rowsRead: number
  rowsRejected: number
  createdAt: string
}

/** SQL conditions of the states that people see and that are not stored: they follow from the counts of a loaded file. */
const BY_COUNTS: Partial<Record<ShownFlowState, string>> = {
  loaded: 'f.rows_rejected = 0',
  partly_loaded: 'f.rows_rejected between 1 and f.rows_read - 1',
  all_rejected: 'f.rows_rejected > 0 and f.rows_rejected = f.rows_read',
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
    const counts = BY_COUNTS[state]
    void query.where('f.state', counts === undefined ? state : 'loaded').whereRaw(counts ?? 'true')
  }
  if (turn.place !== undefined) void query.where('f.id', beyond, turn.place)
  return inOrder(turn, await rowsOf<FlowSummary>(query))
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
