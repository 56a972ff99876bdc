import { isDoubtful, type Doubt } from '../payment/known.ts'
import type { DueState } from '../states.ts'

/** What becomes of who asks for a notice. */
export type NoticeOutcome = 'payable' | 'paid' | 'paying' | 'cancelled' | 'expired' | 'blocked'

export interface NoticeFacts {
  state: DueState
  /** Past a binding due date, today in Rome. */
  isExpired: boolean
  isTypeActive: boolean
}

/** What was decided comes before what is allowed: a paid notice is paid, also when it has expired since. */
export function noticeOutcome({ state, isExpired, isTypeActive }: NoticeFacts): NoticeOutcome {
  if (state !== 'payable') return state
  if (isExpired) return 'expired'
  return isTypeActive ? 'payable' : 'blocked'
}

/** What the page of a notice says. `held`: one beneficiary has its money and the other has not; a person decides. */
export type NoticePage = NoticeOutcome | 'held' | 'doubt' | 'paid_and_doubt'

export function noticePage(due: NoticeFacts & Doubt & { payingSince: string | null }): NoticePage {
  const outcome = noticeOutcome(due)
  if (outcome === 'paying' && due.payingSince === null) return 'held'
  if (!isDoubtful(due)) return outcome
  if (outcome === 'paid') return 'paid_and_doubt'
  return outcome === 'payable' ? 'doubt' : outcome
}

/** A cancelled row counts only where no other has the same number at the same ente: an I after an A makes a new one. */
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
