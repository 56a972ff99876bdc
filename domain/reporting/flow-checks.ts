import { isDay } from '../calendar.ts'
import { isRevoked } from './code.ts'
import type { ReportedRow } from './row.ts'

/** What is odd about a flow. A flow is stored all the same. Source: docs/field/reporting.md#checks-of-a-flow. */
export const FLOW_FLAGS = [
  'count_differs',
  'sum_differs',
  'other_receiver',
  'empty',
  'odd_id',
  'other_date',
  'doubled_rows',
  'faulty_rows',
] as const
export type FlowFlag = (typeof FLOW_FLAGS)[number]

/** What the header of a flow says; null where it says nothing. */
export interface FlowHeader {
  flowId: string
  /** The fiscal code of the ente that was asked for. */
  domain: string
  receiver: string | null
  regulatedOn: string | null
  declaredPayments: number | null
  declaredCents: number | null
}

/** What the rows of a flow add up to. */
export interface FlowTally {
  rows: number
  /** The sum, revoked rows subtracted, amounts that cannot be read left out. */
  cents: number
  /** Rows with a field that is missing or cannot be read. */
  faulty: number
  /** Rows whose payment an earlier row of the flow has. */
  doubled: number
}

/** <day><PSP>-<number>, in which the PSP may have dashes of its own. */
const FLOW_ID = /^(\d{4}-\d{2}-\d{2})[A-Za-z0-9_-]+-[A-Za-z0-9_-]+$/

const CHECKS: Record<FlowFlag, (header: FlowHeader, tally: FlowTally) => boolean> = {
  count_differs: ({ declaredPayments }, { rows }) => declaredPayments !== rows,
  sum_differs: ({ declaredCents }, { cents }) => declaredCents !== cents,
  other_receiver: ({ receiver, domain }) => receiver !== domain,
  empty: (_header, { rows }) => rows === 0,
  odd_id: ({ flowId }) => dayOfId(flowId) === undefined,
  other_date: ({ flowId, regulatedOn }) => (dayOfId(flowId) ?? regulatedOn) !== regulatedOn,
  doubled_rows: (_header, { doubled }) => doubled > 0,
  faulty_rows: (_header, { faulty }) => faulty > 0,
}

export const flagsOf = (header: FlowHeader, tally: FlowTally): FlowFlag[] =>
  FLOW_FLAGS.filter((flag) => CHECKS[flag](header, tally))

function dayOfId(flowId: string): string | undefined {
  const day = flowId.length <= 35 ? FLOW_ID.exec(flowId)?.[1] : undefined
  return day !== undefined && isDay(day) ? day : undefined
}

/** What a row adds to the sum of its flow. */
export const signedCents = ({ importoCents, code }: Pick<ReportedRow, 'importoCents' | 'code'>): number =>
  isRevoked(code) ? 0 - (importoCents ?? 0) : (importoCents ?? 0)
