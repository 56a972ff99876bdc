import type { CartLine } from '../../db/payment/cart.ts'
import type { PaymentState, ReceiptLink, Waiting } from '../../db/payment/outcome.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { cents, formatEuro, sumCents } from '../../domain/money.ts'
import { claimsOf, mayGoBack, mayRetry, stageOf, type Stage } from '../../domain/payment/known.ts'
import { receiptHref } from '../../templates/signed-link.ts'
import type { KeyRing } from '../../templates/signature.ts'
import type { Texts } from '../../templates/language.ts'
import { stateChip } from '../../templates/chip.ts'
import { paymentWords } from '../../templates/money.ts'

/** A text that changes whenever the content of the page changes. */
export const fingerprint = (payment: PaymentState): string =>
  [stageOf(payment), payment.hasUrl ? 1 : 0, ...claimsOf(payment)].join('-')

/** The stages that may still change by themselves; the page then follows the stream of events. */
const LIVE: readonly Stage[] = ['open', 'preparing', 'ready', 'left', 'returned', 'deferred', 'doubt']

/** The stages in which the payment waits for the node or the PSP; the page then shows since when, and when we look next. */
const WAITED: readonly Stage[] = ['preparing', 'left', 'returned', 'deferred']

/** The stages of a cart that ended without a payment; the citizen can only begin a new one. */
const OVER: readonly Stage[] = ['expired', 'cancelled']

/** What only the people of the payment may see. */
export interface OwnDetails {
  lines: readonly CartLine[]
  receipts: readonly ReceiptLink[]
}

export interface PaymentAccess {
  /** This browser has begun the payment, so it may continue it and try again. */
  isPayer: boolean
  /** Set while the payment is not decided. */
  waiting: Waiting | undefined
  /** Undefined for a stranger, who sees only the state. */
  details: OwnDetails | undefined
  keys: KeyRing
  /** The present as an ISO instant. */
  now: string
  csrf: string | null
  /** The page of the node; null when there is none, or its host is not in the configuration. */
  goHref: string | null
  /** The address of this page, for the link "Aggiorna". */
  refreshHref: string
}

/** Everything templates/pages/citizen/payment.hbs shows. */
export function paymentView(
  t: Texts,
  payment: PaymentState,
  access: PaymentAccess,
): { title: string; [key: string]: unknown } {
  const stage = stageOf(payment)
  const words = paymentWords(t, payment, access.details !== undefined)
  const isLive = LIVE.includes(stage)
  const isElsewhere = stage === 'open' && !access.isPayer
  return {
    title: words.heading,
    ...words,
    next: isElsewhere ? t('payment.page.openElsewhere') : words.next,
    canStart: isElsewhere || OVER.includes(stage),
    waiting: WAITED.includes(stage) && access.waiting ? waitingTexts(t, access.waiting) : null,
    sign: stateChip('stage', stage, words.heading),
    id: payment.id,
    csrf: access.csrf,
    script: isLive ? 'payment.js' : null,
    liveHref: isLive ? `/pagamenti/${payment.id}/eventi?visto=${fingerprint(payment)}` : null,
    refreshHref: isLive ? access.refreshHref : null,
    goHref: access.isPayer && mayGoBack(payment) ? access.goHref : null,
    cartHref: stage === 'open' && access.isPayer ? '/carrello' : null,
    retryHref: access.isPayer && mayRetry(payment) ? `/pagamenti/${payment.id}/riprova` : null,
    isStranger: access.details === undefined,
    ...detailsView(t, access),
  }
}

function waitingTexts(t: Texts, { since, nextLookAt, isTaken }: Waiting): string[] {
  return [
    ...(isTaken ? [t('payment.page.taken')] : []),
    ...(since === null ? [] : [t('payment.page.since', { since: formatInstant(since) })]),
    ...(nextLookAt === null ? [] : [t('payment.page.nextLook', { at: formatInstant(nextLookAt) })]),
  ]
}

function detailsView(t: Texts, { details, keys, now }: PaymentAccess): Record<string, unknown> {
  if (!details) return { receipts: null, table: null, total: null }
  return {
    total: formatEuro(sumCents(details.lines.map((line) => cents(line.importoCents)))),
    receipts: details.receipts.map((receipt) => ({
      href: receiptHref(keys, receipt.receiptId, now),
      text: t('payment.page.receipt', { ente: receipt.enteName }),
      note: `${formatEuro(cents(receipt.totalCents))} · IUV ${receipt.iuv}`,
    })),
    table: {
      caption: t('payment.page.items'),
      columns: [
        { text: t('payment.page.ente'), isAmount: false },
        { text: t('payment.page.causale'), isAmount: false },
        { text: t('payment.page.importo'), isAmount: true },
      ],
      rows: details.lines.map((line) => ({
        cells: [
          { label: t('payment.page.ente'), text: line.enteName, isAmount: false },
          { label: t('payment.page.causale'), text: line.causale, isAmount: false },
          { label: t('payment.page.importo'), text: formatEuro(cents(line.importoCents)), isAmount: true },
        ],
      })),
    },
  }
}
