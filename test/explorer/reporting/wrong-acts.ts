import type { IuvFacts, KnownRow } from '../../../domain/reporting/iuv-facts.ts'
import type { Act } from '../../../domain/reporting/reconciled.ts'

type Wrong = (act: Act, before: IuvFacts) => boolean

/** What the machine must not do, whatever it knows. */
const WRONG: Record<string, Wrong> = {
  'moves money that a person decided about': (act, before) =>
    (act.kind === 'settle' || act.kind === 'take_back') && isDecided(before, iurOf(before, act.rowId)),
  'settles by money that a person took off or returned': (act, before) =>
    act.kind === 'settle' && staysOff(before, iurOf(before, act.rowId)),
  'settles while an attempt has the due': (act, { transfers }) =>
    act.kind === 'settle' && transfers[0]!.isHeld,
  'settles a cancelled due': (act, { transfers }) =>
    act.kind === 'settle' && transfers[0]!.dueState === 'cancelled',
  'takes a receipt off': (act, { transfers }) => 'shareId' in act && transfers[0]!.proof?.by === 'receipt',
}

/** The first thing among the acts that the machine must not do. */
export const wrongIn = (before: IuvFacts, acts: readonly Act[]): string | undefined =>
  Object.entries(WRONG).find(([, isWrong]) => acts.some((act) => isWrong(act, before)))?.[0]

const iurOf = ({ rows }: IuvFacts, rowId: string): string => rows.find(({ id }) => id === rowId)!.iur

/** A person decided about a payment of this number. A decision about a double listing leaves the payment alone. */
export const isDecided = ({ decisions, rows }: IuvFacts, iur: string): boolean =>
  decisions.some(
    ({ rowId, seen }) => rows.some((row) => row.id === rowId && row.iur === iur) && seen !== 'duplicate',
  )

/** Returned money, or money that was taken off and is neither in a receipt nor gone. */
const staysOff = (before: IuvFacts, iur: string): boolean =>
  before.rows.some((row) => row.iur === iur && isOff(row, hasReceipt(before, iur)))

const isOff = ({ withdrawn }: KnownRow, isSaid: boolean): boolean =>
  withdrawn === 'returned' || (withdrawn === 'open' && !isSaid)

export const hasReceipt = ({ receipts }: IuvFacts, iur: string): boolean =>
  receipts.some(({ items }) => items.some((item) => item.iur === iur))
