import type { SupportAnomaly } from '../../db/payment/support.ts'
import { UNCLEAR_KINDS } from '../../domain/payment/known.ts'
import { isOneOf } from '../../domain/table.ts'
import { t } from '../../templates/language.ts'
import type { SupportPayment } from './payment-page.ts'

/** A check counts as late two minutes after its announced time, because then the sweep takes over. */
const LATE_AFTER_MS = 120_000

/** Both are ISO instants. */
export const isLate = (nextCheckAt: string, now: string): boolean =>
  Date.parse(now) - Date.parse(nextCheckAt) > LATE_AFTER_MS

/** True for the anomalies of a receipt that was not understood. */
export const isUnclear = (kind: string): boolean => isOneOf(UNCLEAR_KINDS, kind)

type Held = 'unplaced' | 'unclear' | 'partial'

/** Why a person must look at an anomaly; undefined when it is closed or only informs. */
function heldFor({ kind, unplacedCents, closedAt }: SupportAnomaly): Held | undefined {
  if (closedAt !== null) return undefined
  if (isUnclear(kind)) return 'unclear'
  if (unplacedCents > 0) return 'unplaced'
  return kind === 'partial_shares' ? 'partial' : undefined
}

const isOpen =
  (held: Held) =>
  (anomaly: SupportAnomaly): boolean =>
    heldFor(anomaly) === held

type Reason = [applies: (payment: SupportPayment) => boolean, name: string]

/** Why a payment waits, as keys of `support.why`. The first row that applies decides. */
const REASONS: Reason[] = [
  [({ receipts }) => receipts.some((receipt) => receipt.handledAt === null), 'receiptArrived'],
  [({ cart }) => cart.state === 'open', 'cartOpen'],
  [({ anomalies }) => anomalies.some(isOpen('unplaced')), 'moneyUnplaced'],
  [({ anomalies }) => anomalies.some(isOpen('unclear')), 'receiptUnclear'],
  [({ anomalies }) => anomalies.some(isOpen('partial')), 'partlyPaid'],
  [
    ({ cart, mails }) => cart.state !== 'requested' && mails.some((mail) => mail.state === 'failed'),
    'mailFailed',
  ],
  [({ cart }) => cart.state === 'paid', 'paid'],
  [({ cart }) => cart.begunAt === null, 'neverSent'],
  [({ cart }) => cart.state !== 'requested', 'settled'],
  [({ process }) => process === 'none' || process === 'ended', 'noProcess'],
  [({ cart }) => cart.sendState === 'in_doubt', 'answerLost'],
  [({ cart }) => cart.returnedAt !== null, 'citizenBack'],
  [({ cart }) => cart.redirectUrl !== null, 'citizenAway'],
  [() => true, 'noAddress'],
]

/** What a payment waits for, or that it waits for nothing, and what support does about it. */
export function whyItWaits(payment: SupportPayment): { what: string; todo: string } {
  const [, reason] = REASONS.find(([applies]) => applies(payment))!
  return { what: t(`support.why.${reason}`), todo: t(`support.todo.${reason}`) }
}
