import { euro } from '../../templates/format.ts'
import { formatInstant, formatInstantToSecond } from '../../domain/calendar.ts'
import { IN_DOUBT } from '../../db/mail/email.ts'
import type { SupportAnomaly, SupportMail } from '../../db/payment/support.ts'
import { stageOf, type Doubt } from '../../domain/payment/known.ts'
import { answerCode } from '../../domain/wire/node-refusals.ts'
import { OUTCOME_CODES } from '../../domain/wire/rt.ts'
import { chip, moneyChip, stateChip, type Chip } from '../../templates/chip.ts'
import { DEFAULT_LANGUAGE, t, textsOf, tOr } from '../../templates/language.ts'
import { stageWords } from '../../templates/money.ts'
import { maskAddress, maskCode, maskName } from '../access/mask.ts'
import { anomalyChip, extraMoneyText } from '../anomaly/words.ts'
import { notAgainText } from '../page/mail-again.ts'
import { outcomeMailName, tellWords } from '../page/tell.ts'
import type { SupportPayment } from './payment-page.ts'
import { lastAskView, timelineView } from './timeline-view.ts'
import { isLate, isUnclear, whyItWaits } from './why.ts'

/** Everything that templates/pages/support/payment.hbs shows, with persons masked. @param page `now` is an ISO instant */
export function supportPaymentView(
  payment: SupportPayment,
  page: { csrf: string; nonce: string; now: string },
): { title: string; [key: string]: unknown } {
  const { cart } = payment
  const base = `/supporto/pagamenti/${cart.id}`
  const attention = [...new Set(payment.attempts.flatMap((attempt) => attempt.attention ?? []))]
  return {
    ...page,
    title: t('support.page.title', { id: cart.id }),
    id: cart.id,
    state: moneyChip('cart', cart.state, t(`support.state.cart.${cart.state}`), doubtOf(payment.anomalies)),
    banner: bannerOf(payment),
    attention: attention.map((reason) => t(`support.attention.${reason}`)),
    extra: payment.extra.map((money) => ({
      text: extraMoneyText(money),
      href: `/supporto/anomalie/${money.anomalyId}`,
    })),
    facts: factsOf(payment, page.now),
    processHref: payment.processHref,
    canAsk: cart.state === 'requested',
    askHref: `${base}/chiedi`,
    lastAsk: lastAskView(payment.timeline),
    attempts: payment.attempts.map((attempt) => ({
      ...attempt,
      total: euro(attempt.totalCents),
      state: stateChip('attempt', attempt.state, t(`support.state.attempt.${attempt.state}`)),
      forced: attempt.forcedReason === null ? null : t(`support.forced.${attempt.forcedReason}`),
      node:
        attempt.nodeState === null
          ? t('support.page.noNodeState')
          : t('support.page.nodeAnswers', { state: attempt.nodeState, answers: attempt.nodeAnswers }),
      href: attempt.hasDocument ? `${base}/xml/rpt/${attempt.id}` : null,
    })),
    dues: payment.dues.map((due) => ({
      ...due,
      state: stateChip('due', due.state, t(`support.state.due.${due.state}`)),
      importo: euro(due.importoCents),
      settled: euro(due.settledCents),
      pagatore: `${maskName(due.pagatore.anagrafica)} ${maskCode(due.pagatore.codice)}`,
    })),
    receipts: payment.receipts.map((receipt) => ({
      iuv: receipt.iuv,
      outcome:
        receipt.outcome === null
          ? t('support.page.unreadable')
          : t('support.page.outcomeCode', { code: OUTCOME_CODES[receipt.outcome] }),
      total: receipt.totalCents === null ? '-' : euro(receipt.totalCents),
      answer: answerCode(receipt.answer),
      handled: t(
        `support.page.handled.${receipt.handledAt === null ? 'no' : receipt.settling ? 'settling' : 'yes'}`,
      ),
      at: formatInstantToSecond(receipt.receivedAt),
      href: `${base}/xml/rt/${receipt.id}`,
      pdfHref:
        receipt.settling && (receipt.totalCents ?? 0) > 0 ? `${base}/ricevute/${receipt.id}.pdf` : null,
    })),
    anomalies: payment.anomalies.map((anomaly) => ({
      href: `/supporto/anomalie/${anomaly.id}`,
      words: tOr(`support.anomaly.${anomaly.kind}`, anomaly.kind),
      cents: euro(anomaly.unplacedCents),
      why: whyText(anomaly.details['why']),
      state: anomalyChip(anomaly),
      at: formatInstant(anomaly.createdAt),
    })),
    mails: payment.mails.map((mail) => ({
      address: maskAddress(mail.address),
      kind: mail.kind === 'receipt' ? outcomeMailName(mail) : t('support.page.mailLink'),
      ...deliveryWords(mail),
      tries: mail.tries,
      at: mail.sentAt === null ? '-' : formatInstant(mail.sentAt),
      againHref: mail.whyNotAgain === null ? `${base}/mail/${mail.id}` : null,
      notAgain:
        mail.state === 'sent' && mail.whyNotAgain !== null && mail.whyNotAgain !== 'none'
          ? notAgainText(mail.whyNotAgain)
          : null,
    })),
    messages: payment.messages.map((message) => ({
      at: formatInstantToSecond(message.at),
      direction: t(`support.page.directionOf.${message.direction}`),
      operation: message.operation,
      outcome: message.outcome,
      took: message.durationMs === null ? '-' : `${message.durationMs} ms`,
      requestHref: message.hasRequest ? `${base}/xml/richiesta/${message.id}` : null,
      responseHref: message.hasResponse ? `${base}/xml/risposta/${message.id}` : null,
    })),
    timeline: timelineView(payment),
  }
}

/** What is wrong, what the citizen reads and so may be told, and what to do. */
function bannerOf(payment: SupportPayment) {
  const { what, todo } = whyItWaits(payment)
  const heading = stageWords(textsOf(DEFAULT_LANGUAGE), payment.facts)
  return {
    what,
    todo,
    tell: tellWords(
      payment.facts,
      payment.mails.filter(({ kind }) => kind === 'receipt'),
    ),
    sign: stateChip('stage', stageOf(payment.facts), heading),
  }
}

/** The doubt about the money of a payment, from the anomalies that nobody has closed. */
function doubtOf(anomalies: readonly SupportAnomaly[]): Doubt {
  const open = anomalies.filter(({ closedAt }) => closedAt === null)
  return {
    unplacedCents: open.reduce((sum, one) => sum + (isUnclear(one.kind) ? 0 : one.unplacedCents), 0),
    isUnclear: open.some(({ kind }) => isUnclear(kind)),
  }
}

function deliveryWords({ state, lastAnswer }: SupportMail): { state: Chip; lastAnswer: string } {
  if (state === 'failed' && lastAnswer === IN_DOUBT)
    return {
      state: chip('warn', t('support.mailInDoubt.state')),
      lastAnswer: t('support.mailInDoubt.answer'),
    }
  return {
    state: stateChip('email', state, t(`support.state.email.${state}`)),
    lastAnswer: lastAnswer ?? '-',
  }
}

function factsOf({ cart, attempts, process }: SupportPayment, now: string): { name: string; text: string }[] {
  const nextCheck = attempts.flatMap((attempt) => attempt.nextCheckAt ?? []).sort()[0]
  const facts: [string, string | null][] = [
    [
      'send',
      t('support.fact.sendText', { state: t(`support.send.${cart.sendState}`), tries: cart.sendAttempts }),
    ],
    ['fault', cart.faultCode],
    ['process', t(`support.process.${process}`)],
    ['nextCheck', nextCheck === undefined ? null : checkText(nextCheck, now)],
    ['created', formatInstant(cart.createdAt)],
    ['begun', cart.begunAt && formatInstant(cart.begunAt)],
    ['returned', cart.returnedAt && formatInstant(cart.returnedAt)],
    ['outcome', cart.outcomeAt && formatInstant(cart.outcomeAt)],
    ['nodeCart', cart.carrelloId],
  ]
  return facts.flatMap(([name, text]) => (text === null ? [] : [{ name: t(`support.fact.${name}`), text }]))
}

function checkText(nextCheck: string, now: string): string {
  const at = formatInstantToSecond(nextCheck)
  return isLate(nextCheck, now) ? t('support.fact.late', { at }) : at
}

/** Why an anomaly was raised: a sentence that the node got, or a name that has words. */
const whyText = (why: unknown): string | null =>
  typeof why === 'string' ? tOr(`support.receiptWhy.${why}`, why) : null
