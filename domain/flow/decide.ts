import type { DueState } from '../states.ts'
import type { StateError, StateReason } from './reason.ts'
import type { FlowAction, FlowDue, FlowDueType } from './values.ts'

/** The due that an IUD has before a row is applied. */
export interface KnownDue {
  id: string
  iuv: string | undefined
  state: DueState
  dueTypeCode: string
  /** Hash of the values of its last row; undefined when something other than a row changed the due since. */
  contentHash: string | undefined
  /** True when an attempt was made with the share of its second beneficiary, so that the share cannot be deleted. */
  hasUsedSecondary: boolean
}

/** Everything that decides about the rows of a chunk. `learn` updates it after each row. */
export interface KnownDues {
  /** Dues that are not cancelled, by IUD. */
  byIud: Map<string, KnownDue>
  /** IUVs of dues that are not cancelled. */
  iuvs: Set<string>
  /** IUDs that an earlier row of the same file loaded, changed, cancelled or left as they are. */
  doneInFlow: Set<string>
  /** Codes of the due types of the ente that the sender of the rows may use at this moment. */
  granted: ReadonlySet<string>
}

export interface RowToDecide {
  action: FlowAction
  due: FlowDue
  contentHash: string
  codIpa: string
  today: string
}

export type Decision =
  | { kind: 'insert' }
  | { kind: 'change'; dueId: string; iuv: string | undefined }
  /** A change that must remove a second share which cannot be deleted: the due is cancelled and a new one is made. */
  | { kind: 'replace'; dueId: string; iuv: string | undefined }
  | { kind: 'cancel'; dueId: string; iuv: string | undefined; dueTypeCode: string }
  /** Every value equals what is stored, so the due is not touched. */
  | { kind: 'unchanged'; iuv: string | undefined }
  | { kind: 'reject'; reason: StateReason }

/**
 * Stage D: decides what a row with valid values does to the dues. Source: docs/field/files.md#stage-d.
 * A due of a type that the sender may not use is treated as missing, whatever type the row has. Only its numbers count
 * as taken, with the same text as for any taken number.
 */
export function decideRow(row: RowToDecide, known: KnownDues): Decision {
  const { action, due } = row
  const there = seenDue(known, due.iud)
  const isOnline = there !== undefined && there.state !== 'paid'
  if (action !== 'I' && !isOnline)
    return { kind: 'reject', reason: { kind: 'state', error: 'notFound', iud: due.iud, codIpa: row.codIpa } }
  const error = stateError(row, there, known)
  if (error !== undefined) return { kind: 'reject', reason: { kind: 'state', error } }
  if (action === 'I') return { kind: 'insert' }
  const { id: dueId, iuv, contentHash, hasUsedSecondary, dueTypeCode } = there!
  if (action === 'A') return { kind: 'cancel', dueId, iuv, dueTypeCode }
  const givesIuv = iuv === undefined && due.iuv !== undefined
  if (contentHash === row.contentHash && !givesIuv) return { kind: 'unchanged', iuv }
  const kind = hasUsedSecondary && due.secondary === undefined ? 'replace' : 'change'
  return { kind, dueId, iuv: iuv ?? due.iuv }
}

/** The due that an IUD has, if the sender may know of it. */
export function seenDue(
  { byIud, granted }: Pick<KnownDues, 'byIud' | 'granted'>,
  iud: string,
): KnownDue | undefined {
  const due = byIud.get(iud)
  return due !== undefined && granted.has(due.dueTypeCode) ? due : undefined
}

/** What is wrong with the due date of a due of this type on this day. */
export function dueOnError(
  { dueOnBinding, printDueOn }: Pick<FlowDueType, 'dueOnBinding' | 'printDueOn'>,
  dueOn: string | undefined,
  today: string,
): 'dueOnRequired' | 'dueOnPast' | undefined {
  if (dueOn === undefined) return dueOnBinding || printDueOn ? 'dueOnRequired' : undefined
  return dueOnBinding && dueOn < today ? 'dueOnPast' : undefined
}

function stateError(
  { action, due, today }: RowToDecide,
  there: KnownDue | undefined,
  known: KnownDues,
): StateError | undefined {
  const { dueType, dueOn } = due
  if (!known.granted.has(dueType.code)) return 'notAllowed'
  if (action !== 'A') {
    const error = dueOnError(dueType, dueOn, today)
    if (error) return error
  }
  if (action === 'I' && known.byIud.has(due.iud)) return 'iudTaken'
  const bringsIuv = due.iuv !== undefined && (action === 'I' || (action === 'M' && there?.iuv === undefined))
  if (bringsIuv && known.iuvs.has(due.iuv!)) return 'iuvTaken'
  if (action === 'I') return undefined
  if (there!.state !== 'payable') return 'notPayable'
  if (action === 'A') return undefined
  if (there!.dueTypeCode !== dueType.code) return 'dueTypeChanged'
  if (there!.iuv === undefined || due.iuv === there!.iuv) return undefined
  return due.iuv === undefined ? 'iuvDropped' : 'iuvChanged'
}

/** Applies a decision to `known`, for the rows that follow. */
export function learn(known: KnownDues, row: RowToDecide, decision: Decision): void {
  if (decision.kind === 'reject') return
  const { iud, dueType } = row.due
  known.doneInFlow.add(iud)
  if (decision.kind === 'cancel') {
    known.byIud.delete(iud)
    if (decision.iuv !== undefined) known.iuvs.delete(decision.iuv)
  }
  if (decision.kind === 'insert') {
    const { contentHash, due } = row
    known.byIud.set(iud, {
      id: '',
      iuv: due.iuv,
      state: 'payable',
      dueTypeCode: dueType.code,
      contentHash,
      hasUsedSecondary: false,
    })
  }
  if (row.due.iuv !== undefined && decision.kind !== 'cancel') known.iuvs.add(row.due.iuv)
}
