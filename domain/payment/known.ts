import type { CartState } from '../states.ts'

/** Anomalies about a receipt that nobody could accept or read: whether money moved is not known. */
export const UNCLEAR_KINDS = ['receipt_refused', 'receipt_not_understood'] as const

/** What holds the sentence "all is done" back until a person has looked. */
export interface Doubt {
  /** Money that arrived and that no share holds. */
  unplacedCents: number
  isUnclear: boolean
}

export const isDoubtful = ({ unplacedCents, isUnclear }: Doubt): boolean => unplacedCents > 0 || isUnclear

/** `doubt`: handed to the mail server twice, without an answer. */
export type MailFact = 'pending' | 'sent' | 'failed' | 'doubt'

/** Everything the tables know of the money of a payment: pages say of it what follows from here, and nothing else. */
export interface PaymentFacts extends Doubt {
  state: CartState
  hasUrl: boolean
  hasReturned: boolean
  /** The browser said that it went well. It proves nothing, but nobody should go back and pay. */
  hasReturnedOk: boolean
  /** The payer said that he pays later. */
  isDeferred: boolean
  /** A PSP has it, or its receipt is here and not yet looked at. */
  isTaken: boolean
  /** The node refused the only send of all of it, and no receipt ever came. */
  isRefused: boolean
  /** Each share that was asked for has its money. */
  isSettled: boolean
  /** What its own receipts have brought to shares, and what was asked for. */
  paidCents: number
  askedCents: number
  /** Of its mails with a receipt. */
  mails: readonly MailFact[]
  /** Somebody will get the mail of the outcome. */
  hasAddress: boolean
  /** Something of it can be paid again. */
  canRetry: boolean
}

export const STAGES = [
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

/** What a page of the payment says, in one word. */
export function stageOf(facts: PaymentFacts): Stage {
  const { state } = facts
  if (state === 'open' || state === 'expired' || state === 'cancelled') return state
  if (state === 'archived') return 'expired'
  if (isDoubtful(facts)) return state === 'paid' && facts.isSettled ? 'paid_and_doubt' : 'doubt'
  if (state === 'requested') return waitingStage(facts)
  // The receipts are here, and a share they were for has no money: a person closed it, or they were for less.
  if (state === 'paid') return facts.isSettled ? 'paid' : 'paid_apart'
  return state === 'not_paid' && facts.isRefused ? 'refused' : state
}

function waitingStage(facts: PaymentFacts): Stage {
  if (facts.isDeferred) return 'deferred'
  if (facts.hasReturnedOk || facts.isTaken) return 'returned'
  if (facts.hasReturned) return 'left'
  return facts.hasUrl ? 'ready' : 'preparing'
}

/** Sentences about money, by what they claim. */
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

/** What may be said of the money of a payment: the one place that decides it. */
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

/** Who has an address that refused a mail is promised no other. */
const promiseOf = ({ hasAddress, mails }: PaymentFacts): Claim =>
  hasAddress && mails.every((mail) => mail === 'pending' || mail === 'sent') ? 'weWrite' : 'pageTells'

const MAIL_CLAIMS: readonly [MailFact, Claim][] = [
  ['failed', 'mailFailed'],
  ['doubt', 'mailDoubt'],
  ['pending', 'mailPending'],
  ['sent', 'mailSent'],
]

/** The worst of its mails is what a reader must know. */
function mailClaims({ mails }: PaymentFacts): Claim[] {
  const worst = MAIL_CLAIMS.find(([mail]) => mails.includes(mail))
  return worst ? [worst[1]] : []
}

/** The page of the node may be offered, quietly: nobody said that he has paid there. */
export const mayGoBack = (facts: PaymentFacts): boolean => ['ready', 'left'].includes(stageOf(facts))

const RETRIED: readonly Stage[] = ['refused', 'not_paid', 'timed_out', 'partially_paid']

export const mayRetry = (facts: PaymentFacts): boolean => facts.canRetry && RETRIED.includes(stageOf(facts))
