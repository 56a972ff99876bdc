/** What people see of a credit, in the order in which the first that holds is shown. */
export const SHOWN_CREDIT_STATES = ['withdrawn', 'reversed', 'again', 'tied', 'proposed', 'open'] as const
export type ShownCreditState = (typeof SHOWN_CREDIT_STATES)[number]

/** What the state of a credit follows from. */
export interface CreditFacts {
  /** False when no loaded file has it any more. */
  isSeen: boolean
  cents: number
  /** The credit that is the same money, in another kind of file. */
  twinId: string | null
  isTied: boolean
  isProposed: boolean
}

export function shownCreditState({
  isSeen,
  cents,
  twinId,
  isTied,
  isProposed,
}: CreditFacts): ShownCreditState {
  if (!isSeen) return 'withdrawn'
  if (cents === 0) return 'reversed'
  if (twinId !== null) return 'again'
  if (isTied) return 'tied'
  return isProposed ? 'proposed' : 'open'
}
