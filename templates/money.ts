import { euro } from './format.ts'
import { formatInstant } from '../domain/calendar.ts'
import type { NoticePage } from '../domain/notice/outcome.ts'
import {
  claimsOf,
  doubtClaims,
  isRetried,
  mayRetry,
  stageOf,
  type Claim,
  type Doubt,
  type PaymentFacts,
} from '../domain/payment/known.ts'
import { saysMoneyMoved, type Outcome } from '../domain/payment/model.ts'
import { textsOf, type Language, type Texts, type Values } from './language.ts'

/**
 * Every sentence about money, in one language. No other module and no template may use the keys of "money", because
 * domain/payment/known.ts alone decides what may be stated, from the facts in the tables.
 */

export interface PaymentWords {
  heading: string
  what: string
  money: string[]
  next: string | null
}

/** @param isReader true for the person who may see amounts and gets the mails; other people see only the state */
export function paymentWords(t: Texts, facts: PaymentFacts, isReader: boolean): PaymentWords {
  const stage = stageOf(facts)
  const next = t(`money.stage.${stage}.next`)
  return {
    heading: stageWords(t, facts),
    what: t(`money.stage.${stage}.what`),
    money: claimsOf(facts).flatMap((claim) => claimWords(t, claim, facts, isReader) ?? []),
    next: next === '' || (isRetried(stage) && !mayRetry(facts)) ? null : next,
  }
}

/** The heading of the payment's page, for lists. */
export const stageWords = (t: Texts, facts: PaymentFacts): string =>
  t(`money.stage.${stageOf(facts)}.heading`)

/** Claims that contain an amount for a reader who may see it. */
const AMOUNTS: Partial<Record<Claim, (facts: PaymentFacts) => Values>> = {
  paidOther: ({ paidCents, askedCents }) => ({ paid: euro(paidCents), asked: euro(askedCents) }),
  unplaced: ({ unplacedCents }) => ({ cents: euro(unplacedCents) }),
}

/** Claims about mails, and what another person than the recipient reads instead; null for nothing. */
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

/** Sentences for a list or the page of a due while a person must check it. */
export const doubtWords = (t: Texts, doubt: Doubt): string[] =>
  doubtClaims(doubt).map((claim) => t(`money.known.${claim}`))

/** Name of a state in the filter of a list. */
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

/** The sentence of a page that knows no payment or could not ask. */
export const requestWords = (t: Texts, reader: 'citizen' | 'operator'): string => t(`money.request.${reader}`)

/** Steps before a payment. They state nothing about payments made elsewhere. */
export const stepWords = (t: Texts, step: 'opens' | 'sent'): string => t(`money.link.${step}`)

/** For a closed cart that has sent nothing and never will. */
export const closedCartWords = (t: Texts): string => t('money.known.nothing')
/** For an open cart that has sent nothing yet. */
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
  /** For a table or a heading. */
  short: string
  /** A whole sentence, with the next step if there is one. */
  sentence: string
  hasReceipt: boolean
}

/** Texts of an outcome for mails and receipts. */
export function outcomeWords(outcome: Outcome, language: Language): OutcomeWords {
  const t = textsOf(language)
  return {
    short: t(`money.outcome.${outcome}.short`),
    sentence: t(`money.outcome.${outcome}.sentence`),
    // Where no money moved there is no receipt (D10).
    hasReceipt: saysMoneyMoved(outcome),
  }
}
