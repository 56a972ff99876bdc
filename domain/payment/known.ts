import type { CartState } from '../states.ts'

/** Anomalies of a receipt that could not be accepted or read, so that it is not known whether money moved. */
export const UNCLEAR_KINDS = ['receipt_refused', 'receipt_not_understood'] as const

/** Facts that forbid the page to say that all is done until a person has checked. */
export interface Doubt {
  /** Cents that arrived and are on no share. */
  unplacedCents: number
  isUnclear: boolean
}

export const isDoubtful = ({ unplacedCents, isUnclear }: Doubt): boolean => unplacedCents > 0 || isUnclear

/** `doubt`: the mail was given to the mail server twice, without an answer. */
export type MailFact = 'pending' | 'sent' | 'failed' | 'doubt'

/** Everything that the tables know about the money of a payment. Pages may state only what follows from these facts. */
export interface PaymentFacts extends Doubt {
  state: CartState
  hasUrl: boolean
  hasReturned: boolean
  /**
   * The browser came back with outcome OK. It proves nothing, but the page must not invite the citizen to go back and
   * pay.
   */
  hasReturnedOk: boolean
  /** The payer chose to pay later. */
  isDeferred: boolean
  /** A PSP has accepted it, or its receipt is stored and not yet processed. */
  isTaken: boolean
  /** The node refused the only send of the whole cart, and no receipt ever came. */
  isRefused: boolean
  /** Each share that the attempts ask for has its money. */
  isSettled: boolean
  /** Cents that the receipts of this payment have settled, and cents that its attempts ask for. */
  paidCents: number
  askedCents: number
  /** The mails with a receipt of this payment. */
  mails: readonly MailFact[]
  /** True when somebody will get the mail with the outcome. */
  hasAddress: boolean
  /** True when a due of this payment can be paid again. */
  canRetry: boolean
}

const STAGES = [
  'open',
  'expired',
  'cancelled',
  'preparing',
  'ready',
  'left',
  'returned',
  'deferred',
  'doubt',
  'paid_and_doubt',
  'paid',
  'paid_apart',
  'partially_paid',
  'refused',
  'not_paid',
  'timed_out',
] as const
export type Stage = (typeof STAGES)[number]

/** The stage that a page of the payment shows. */
export function stageOf(facts: PaymentFacts): Stage {
  const { state } = facts
  if (state === 'open' || state === 'expired' || state === 'cancelled') return state
  if (state === 'archived') return 'expired'
  if (isDoubtful(facts)) return state === 'paid' && facts.isSettled ? 'paid_and_doubt' : 'doubt'
  if (state === 'requested') return waitingStage(facts)
  // All receipts say paid, but a share has no money: a person closed the case, or the receipts were for less.
  if (state === 'paid') return facts.isSettled ? 'paid' : 'paid_apart'
  return state === 'not_paid' && facts.isRefused ? 'refused' : state
}

function waitingStage(facts: PaymentFacts): Stage {
  if (facts.isDeferred) return 'deferred'
  if (facts.hasReturnedOk || facts.isTaken) return 'returned'
  if (facts.hasReturned) return 'left'
  return facts.hasUrl ? 'ready' : 'preparing'
}

/** Sentences about money, named by what they state. */
export type Claim =
  | 'notStarted'
  | 'nothing'
  | 'refused'
  | 'notYet'
  | 'unknown'
  | 'later'
  | 'paid'
  | 'paidOther'
  | 'seeReceipts'
  | 'partly'
  | 'notPaid'
  | 'unplaced'
  | 'unclear'
  | 'weWrite'
  | 'pageTells'
  | 'mailPending'
  | 'mailSent'
  | 'mailFailed'
  | 'mailDoubt'

const OF_STAGE: Record<Stage, readonly Claim[]> = {
  open: ['notStarted'],
  expired: ['nothing'],
  cancelled: ['nothing'],
  preparing: ['notYet'],
  ready: ['notYet'],
  left: ['unknown'],
  returned: ['unknown'],
  deferred: ['later'],
  doubt: [],
  paid_and_doubt: ['paid'],
  paid: ['paid'],
  paid_apart: ['seeReceipts'],
  partially_paid: ['partly'],
  refused: ['refused'],
  not_paid: ['notPaid'],
  timed_out: ['notPaid'],
}

const WAITING: readonly Stage[] = ['left', 'returned', 'deferred']
const WITH_RECEIPT: readonly Stage[] = ['paid', 'paid_and_doubt', 'paid_apart', 'partially_paid']

/** The sentences that a page may show about the money of a payment. No other code decides this. */
export function claimsOf(facts: PaymentFacts): Claim[] {
  const stage = stageOf(facts)
  const isOther = stage === 'paid' && facts.paidCents > 0 && facts.paidCents !== facts.askedCents
  return [
    ...OF_STAGE[stage],
    ...(isOther ? (['paidOther'] as const) : []),
    ...doubtClaims(facts),
    ...(WAITING.includes(stage) ? [promiseOf(facts)] : []),
    ...(WITH_RECEIPT.includes(stage) ? mailClaims(facts) : []),
  ]
}

export function doubtClaims({ unplacedCents, isUnclear }: Doubt): Claim[] {
  return [...(unplacedCents > 0 ? (['unplaced'] as const) : []), ...(isUnclear ? (['unclear'] as const) : [])]
}

/** No mail is promised to an address that already refused one. */
const promiseOf = ({ hasAddress, mails }: PaymentFacts): Claim =>
  hasAddress && mails.every((mail) => mail === 'pending' || mail === 'sent') ? 'weWrite' : 'pageTells'

const MAIL_CLAIMS: readonly [MailFact, Claim][] = [
  ['failed', 'mailFailed'],
  ['doubt', 'mailDoubt'],
  ['pending', 'mailPending'],
  ['sent', 'mailSent'],
]

/** The worst state of the mails is what the reader must know. */
function mailClaims({ mails }: PaymentFacts): Claim[] {
  const worst = MAIL_CLAIMS.find(([mail]) => mails.includes(mail))
  return worst ? [worst[1]] : []
}

/**
 * True while the page may link to the page of the node. It is not shown after the browser has returned with outcome OK.
 */
export const mayGoBack = (facts: PaymentFacts): boolean => ['ready', 'left'].includes(stageOf(facts))

const RETRIED: readonly Stage[] = ['refused', 'not_paid', 'timed_out', 'partially_paid']

/** True at a stage after which the payer may pay again. */
export const isRetried = (stage: Stage): boolean => RETRIED.includes(stage)

export const mayRetry = (facts: PaymentFacts): boolean => facts.canRetry && isRetried(stageOf(facts))
