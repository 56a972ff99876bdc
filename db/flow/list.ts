import type { Knex } from 'knex'
import type { ShownFlowState } from '../../domain/flow/shown-state.ts'
import type { FlowState } from '../../domain/states.ts'
import { onlyReadable, type EnteReader } from '../ente/granted.ts'
import { filterList, type ListFilter } from './list-filter.ts'

/** A file of dues in a list. */
export interface FlowSummary {
  id: string
  baseName: string
  state: FlowState
  operatorName: string | null
  rowsRead: number
  rowsRejected: number
  createdAt: string
}

/** The states that people read and the tables do not hold, by the counts of a loaded file. */
const BY_COUNTS: Partial<Record<ShownFlowState, string>> = {
  loaded: 'f.rows_rejected = 0',
  partly_loaded: 'f.rows_rejected between 1 and f.rows_read - 1',
  all_rejected: 'f.rows_rejected > 0 and f.rows_rejected = f.rows_read',
}

/** Newest first, one page from after a given file on, of those that the reader may see. */
export async function listFlows(
  db: Knex,
  reader: EnteReader,
  { state, ...filter }: ListFilter & { state: ShownFlowState | undefined },
  { after, limit }: { after: string | undefined; limit: number },
): Promise<FlowSummary[]> {
  const query = db('flow as f')
    .leftJoin('operator as o', 'o.id', 'f.operator_id')
    .select({
      id: 'f.id',
      baseName: 'f.base_name',
      state: 'f.state',
      operatorName: 'o.name',
      rowsRead: 'f.rows_read',
      rowsRejected: 'f.rows_rejected',
      createdAt: 'f.created_at',
    })
    .orderBy('f.id', 'desc')
    .limit(limit)
  onlyReadable(query, reader, { enteId: 'f.ente_id', operatorId: 'f.operator_id', dueTypes: 'f.due_types' })
  filterList(query, { name: 'f.base_name', at: 'f.created_at' }, filter)
  if (state !== undefined) {
    const counts = BY_COUNTS[state]
    void query.where('f.state', counts === undefined ? state : 'loaded').whereRaw(counts ?? 'true')
  }
  if (after !== undefined) void query.where('f.id', '<', after)
  return (await query) as FlowSummary[]
}

export interface ShownReject {
  row: number
  /** What stands where its IUD should. */
  iud: string
  code: string
  text: string
}

/** The first rejected rows, for a look; the file has them all. */
export async function firstRejects(db: Knex, flowId: string, limit: number): Promise<ShownReject[]> {
  const rows = (await db('flow_reject')
    .select('row', 'code', 'text', 'raw')
    .where({ flow_id: flowId })
    .orderBy('row')
    .limit(limit)) as (Omit<ShownReject, 'iud'> & { raw: Buffer })[]
  return rows.map(({ raw, ...reject }) => ({ ...reject, iud: firstField(raw) }))
}

const SHOWN = 40

/** Of a line that may be no text. */
const firstField = (raw: Buffer): string =>
  raw
    .subarray(0, SHOWN * 4)
    .toString('utf8')
    .split(';')[0]!
    .replaceAll('"', '')
    .slice(0, SHOWN)
