import { formatInstant, formatInstantToSecond } from '../../domain/calendar.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import { IN_DOUBT } from '../../db/mail/email.ts'
import type { SupportAnomaly, SupportMail } from '../../db/payment/support.ts'
import { UNCLEAR_KINDS, type Doubt } from '../../domain/payment/known.ts'
import type { AnomalyKind, ForcedReason } from '../../domain/payment/model.ts'
import { answerCode } from '../../domain/wire/node-refusals.ts'
import { OUTCOME_CODES } from '../../domain/wire/rt.ts'
import {
  ANOMALY_WORDS,
  ATTENTION_WORDS,
  CART_WORDS,
  DUE_WORDS,
  FORCED_WORDS,
  MAIL_IN_DOUBT,
  MAIL_WORDS,
  ATTEMPT_WORDS,
  SEND_WORDS,
} from '../../templates/pages/support/words.ts'
import { withDoubt } from '../../templates/pages/doubt-words.ts'
import { maskAddress, maskCode, maskName } from '../access/mask.ts'
import type { ProcessState } from '../../workflows/processes.ts'
import type { SupportPayment } from './payment-page.ts'
import { lastAskView, timelineView } from './timeline-view.ts'
import { isLate, whyItWaits } from './why.ts'

const PROCESS_WORDS: Record<ProcessState, string> = {
  running: 'in esecuzione',
  ended: 'terminato',
  none: 'nessuno',
  unknown: 'il motore dei pagamenti non risponde',
}

/** Everything templates/pages/support/payment.hbs shows; persons masked. */
export function supportPaymentView(
  payment: SupportPayment,
  page: { csrf: string; nonce: string; now: string },
): { title: string; [key: string]: unknown } {
  const { cart } = payment
  const base = `/supporto/pagamenti/${cart.id}`
  const attention = [...new Set(payment.attempts.flatMap((attempt) => attempt.attention ?? []))]
  return {
    ...page,
    title: `Pagamento ${cart.id}`,
    id: cart.id,
    state: withDoubt(CART_WORDS[cart.state], doubtOf(payment.anomalies)),
    why: whyItWaits(payment),
    attention: attention.map((reason) => ATTENTION_WORDS[reason]),
    facts: factsOf(payment, page.now),
    processHref: payment.processHref,
    canAsk: cart.state === 'requested',
    askHref: `${base}/chiedi`,
    lastAsk: lastAskView(payment.timeline),
    attempts: payment.attempts.map((attempt) => ({
      ...attempt,
      total: euro(attempt.totalCents),
      stateWords: ATTEMPT_WORDS[attempt.state],
      forced: attempt.forcedReason === null ? null : FORCED_WORDS[attempt.forcedReason as ForcedReason],
      node: attempt.nodeState === null ? 'nessuno' : `${attempt.nodeState} (${attempt.nodeAnswers} risposte)`,
      href: attempt.hasDocument ? `${base}/xml/rpt/${attempt.id}` : null,
    })),
    dues: payment.dues.map((due) => ({
      ...due,
      stateWords: DUE_WORDS[due.state],
      importo: euro(due.importoCents),
      settled: euro(due.settledCents),
      pagatore: `${maskName(due.pagatore.anagrafica)} ${maskCode(due.pagatore.codice)}`,
    })),
    receipts: payment.receipts.map((receipt) => ({
      iuv: receipt.iuv,
      outcome: receipt.outcome === null ? 'illeggibile' : `codice ${OUTCOME_CODES[receipt.outcome]}`,
      total: receipt.totalCents === null ? '-' : euro(receipt.totalCents),
      answer: answerCode(receipt.answer),
      handled:
        receipt.handledAt === null ? 'da elaborare' : receipt.settling ? 'decide l’esito' : 'elaborata',
      at: formatInstantToSecond(receipt.receivedAt),
      href: `${base}/xml/rt/${receipt.id}`,
    })),
    anomalies: payment.anomalies.map((anomaly) => ({
      words: ANOMALY_WORDS[anomaly.kind as AnomalyKind] ?? anomaly.kind,
      cents: euro(anomaly.unplacedCents),
      why: typeof anomaly.details['why'] === 'string' ? anomaly.details['why'] : null,
      state: anomaly.closedAt === null ? 'aperta' : `chiusa il ${formatInstant(anomaly.closedAt)}`,
      at: formatInstant(anomaly.createdAt),
    })),
    mails: payment.mails.map((mail) => ({
      address: maskAddress(mail.address),
      kind: mail.kind === 'receipt' ? 'ricevuta' : 'collegamento',
      ...deliveryWords(mail),
      tries: mail.tries,
      at: mail.sentAt === null ? '-' : formatInstant(mail.sentAt),
      againHref: mail.state === 'failed' && mail.kind === 'receipt' ? `${base}/mail/${mail.id}` : null,
    })),
    messages: payment.messages.map((message) => ({
      at: formatInstantToSecond(message.at),
      direction: message.direction === 'in' ? 'dal nodo' : 'al nodo',
      operation: message.operation,
      outcome: message.outcome,
      took: message.durationMs === null ? '-' : `${message.durationMs} ms`,
      requestHref: message.hasRequest ? `${base}/xml/richiesta/${message.id}` : null,
      responseHref: message.hasResponse ? `${base}/xml/risposta/${message.id}` : null,
    })),
    timeline: timelineView(payment),
  }
}

function doubtOf(anomalies: readonly SupportAnomaly[]): Doubt {
  const open = anomalies.filter(({ closedAt }) => closedAt === null)
  const isUnclear = (kind: string): boolean => (UNCLEAR_KINDS as readonly string[]).includes(kind)
  return {
    unplacedCents: open.reduce((sum, one) => sum + (isUnclear(one.kind) ? 0 : one.unplacedCents), 0),
    isUnclear: open.some(({ kind }) => isUnclear(kind)),
  }
}

function deliveryWords({ state, lastAnswer }: SupportMail): { state: string; lastAnswer: string } {
  if (state === 'failed' && lastAnswer === IN_DOUBT)
    return { state: MAIL_IN_DOUBT.state, lastAnswer: MAIL_IN_DOUBT.answer }
  return { state: MAIL_WORDS[state], lastAnswer: lastAnswer ?? '-' }
}

const euro = (amount: number): string => formatEuro(cents(amount))

function factsOf({ cart, attempts, process }: SupportPayment, now: string): { name: string; text: string }[] {
  const nextCheck = attempts.flatMap((attempt) => attempt.nextCheckAt ?? []).sort()[0]
  const late = nextCheck !== undefined && isLate(nextCheck, now)
  const facts: [string, string | null][] = [
    ['Invio al nodo', `${SEND_WORDS[cart.sendState]} (tentativi: ${cart.sendAttempts})`],
    ['Ultimo errore del nodo', cart.faultCode],
    ['Processo', PROCESS_WORDS[process]],
    [
      'Prossimo controllo',
      nextCheck === undefined ? null : `${formatInstantToSecond(nextCheck)}${late ? ' (in ritardo)' : ''}`,
    ],
    ['Creato', formatInstant(cart.createdAt)],
    ['Avviato', cart.begunAt && formatInstant(cart.begunAt)],
    ['Ritorno del browser', cart.returnedAt && formatInstant(cart.returnedAt)],
    ['Esito', cart.outcomeAt && formatInstant(cart.outcomeAt)],
    ['Identificativo del carrello al nodo', cart.carrelloId],
  ]
  return facts.flatMap(([name, text]) => (text === null ? [] : [{ name, text }]))
}
