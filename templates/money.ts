import { formatInstant } from '../domain/calendar.ts'
import { cents, formatEuro } from '../domain/money.ts'
import type { NoticePage } from '../domain/notice/outcome.ts'
import {
  claimsOf,
  doubtClaims,
  mayRetry,
  stageOf,
  type Claim,
  type Doubt,
  type PaymentFacts,
} from '../domain/payment/known.ts'
import { saysMoneyMoved, type Outcome } from '../domain/payment/model.ts'
import { textsOf, type Language, type Texts, type Values } from './language.ts'

/**
 * Every sentence about money, in the words of one language. No other module and no template uses the keys of "money": what
 * may be said is decided by domain/payment/known.ts from what the tables know.
 */

export interface PaymentWords {
  heading: string
  what: string
  money: string[]
  next: string | null
}

/** @param isReader sees amounts, and is who the mails go to; others read the bare state */
export function paymentWords(t: Texts, facts: PaymentFacts, isReader: boolean): PaymentWords {
  const stage = stageOf(facts)
  const next = t(`money.stage.${stage}.next`)
  const isRetry = ['refused', 'not_paid', 'timed_out', 'partially_paid'].includes(stage)
  return {
    heading: stageWords(t, facts),
    what: t(`money.stage.${stage}.what`),
    money: claimsOf(facts).flatMap((claim) => claimWords(t, claim, facts, isReader) ?? []),
    next: next === '' || (isRetry && !mayRetry(facts)) ? null : next,
  }
}

/** The heading of its page, for lists. */
export const stageWords = (t: Texts, facts: PaymentFacts): string =>
  t(`money.stage.${stageOf(facts)}.heading`)

/** Claims that name an amount to who may see it. */
const AMOUNTS: Partial<Record<Claim, (facts: PaymentFacts) => Values>> = {
  paidOther: ({ paidCents, askedCents }) => ({ paid: euro(paidCents), asked: euro(askedCents) }),
  unplaced: ({ unplacedCents }) => ({ cents: euro(unplacedCents) }),
}

/** About mails, which go to somebody else than a stranger: what he reads instead. */
const OF_MAILS: Partial<Record<Claim, Claim | null>> = {
  weWrite: 'pageTells',
  mailPending: null,
  mailSent: null,
  mailFailed: null,
  mailDoubt: null,
}

function claimWords(t: Texts, claim: Claim, facts: PaymentFacts, isReader: boolean): string | undefined {
  const amounts = isReader ? AMOUNTS[claim]?.(facts) : undefined
  if (amounts) return t(`money.known.${claim}Of`, amounts)
  const told = isReader || !(claim in OF_MAILS) ? claim : OF_MAILS[claim]
  return told ? t(`money.known.${told}`) : undefined
}

/** What a list, or the page of a due, adds while a person has to look. */
export const doubtWords = (t: Texts, doubt: Doubt): string[] =>
  doubtClaims(doubt).map((claim) => t(`money.known.${claim}`))

/** A state to filter a list by. */
export const stateChoice = (t: Texts, state: string): string => t(`money.state.${state}`)

export function noticeWords(
  t: Texts,
  page: NoticePage,
  due: Doubt & { payingSince: string | null },
): { title: string; what: string[] } {
  const since = due.payingSince === null ? '' : formatInstant(due.payingSince)
  return {
    title: t(`money.notice.${page}.title`),
    what: [...doubtWords(t, due), t(`money.notice.${page}.what`, { since })],
  }
}

/** What a page says that knows of no payment, or could not ask. */
export const requestWords = (t: Texts, reader: 'citizen' | 'operator'): string => t(`money.request.${reader}`)

/** Steps before a payment; they claim nothing of payments made elsewhere. */
export const stepWords = (t: Texts, step: 'opens' | 'sent'): string => t(`money.link.${step}`)

/** A cart that nothing has left from, and nothing ever will. */
export const closedCartWords = (t: Texts): string => t('money.known.nothing')
/** A cart that nothing has left from. */
export const openCartWords = (t: Texts): string => t('money.known.notStarted')

export const lineTrouble = (t: Texts, state: 'paid' | 'paying'): string => t(`money.cart.${state}`)

export interface Twin extends PaymentFacts {
  importoCents: number
  begunAt: string
}

export const twinWarning = (t: Texts): [string, string] => [
  t('money.cart.replica'),
  t('money.cart.replicaTodo'),
]

export const twinWords = (t: Texts, twin: Twin): string =>
  t('money.cart.twin', {
    importo: euro(twin.importoCents),
    at: formatInstant(twin.begunAt),
    stage: stageWords(t, twin),
  })

export interface OutcomeWords {
  /** In a table or a heading. */
  short: string
  /** A whole sentence, and what to do when something is left to do. */
  sentence: string
  hasReceipt: boolean
}

/** How mails and receipts say what a document says. */
export function outcomeWords(outcome: Outcome, language: Language): OutcomeWords {
  const t = textsOf(language)
  return {
    short: t(`money.outcome.${outcome}.short`),
    sentence: t(`money.outcome.${outcome}.sentence`),
    // Ruled: where no money moved there is no receipt.
    hasReceipt: saysMoneyMoved(outcome),
  }
}

const euro = (amount: number): string => formatEuro(cents(amount))
