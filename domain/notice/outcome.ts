import { isDoubtful, type Doubt } from '../payment/known.ts'
import type { DueState } from '../states.ts'

/** Whether a notice can be paid, and why not. */
export type NoticeOutcome = 'payable' | 'paid' | 'paying' | 'cancelled' | 'expired' | 'blocked'

export interface NoticeFacts {
  state: DueState
  /** True when today in Rome is after a binding due date. */
  isExpired: boolean
  isTypeActive: boolean
}

/** The state decides before the rules of today: a paid notice is 'paid' even if it has expired since. */
export function noticeOutcome({ state, isExpired, isTypeActive }: NoticeFacts): NoticeOutcome {
  if (state !== 'payable') return state
  if (isExpired) return 'expired'
  return isTypeActive ? 'payable' : 'blocked'
}

/**
 * The status on the page of a notice. `held`: one beneficiary has its money and the other does not, so a person must
 * decide.
 */
export type NoticePage = NoticeOutcome | 'held' | 'doubt' | 'paid_and_doubt'

export function noticePage(due: NoticeFacts & Doubt & { payingSince: string | null }): NoticePage {
  const outcome = noticeOutcome(due)
  if (outcome === 'paying' && due.payingSince === null) return 'held'
  if (!isDoubtful(due)) return outcome
  if (outcome === 'paid') return 'paid_and_doubt'
  return outcome === 'payable' ? 'doubt' : outcome
}

/**
 * Leaves out a cancelled due when another due of the same ente has the same number, because an I row after an A row
 * makes a new due. When all are cancelled, the first one stays.
 */
export function withoutReplaced<T extends { enteId: string; state: DueState }>(found: readonly T[]): T[] {
  const alive = new Set(found.filter(({ state }) => state !== 'cancelled').map(({ enteId }) => enteId))
  const seen = new Set<string>()
  return found.filter(({ enteId, state }) => {
    if (state !== 'cancelled') return true
    if (alive.has(enteId) || seen.has(enteId)) return false
    seen.add(enteId)
    return true
  })
}
