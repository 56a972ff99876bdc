import type { CartLine } from '../../db/cart.ts'
import type { PaymentState, ReceiptLink, Waiting } from '../../db/outcome.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { cents, formatEuro, sumCents } from '../../domain/money.ts'
import type { CartState } from '../../domain/states.ts'
import { receiptHref } from '../../templates/signed-link.ts'
import type { KeyRing } from '../../templates/signature.ts'
import type { Texts } from '../../templates/language.ts'

/** What the page says: the cart's state, told apart by what the citizen can do while it is not known. */
export type Stage =
  Exclude<CartState, 'requested' | 'archived'> | 'preparing' | 'ready' | 'returned' | 'deferred'

export function stageOf(
  payment: Pick<PaymentState, 'state' | 'redirectUrl' | 'hasReturned' | 'isDeferred'>,
): Stage {
  if (payment.state === 'archived') return 'expired'
  if (payment.state !== 'requested') return payment.state
  if (payment.hasReturned) return payment.isDeferred ? 'deferred' : 'returned'
  return payment.redirectUrl === null ? 'preparing' : 'ready'
}

/** Changes whenever the page would say something else. */
export const fingerprint = (payment: PaymentState): string =>
  `${stageOf(payment)}-${payment.redirectUrl === null ? 0 : 1}`

const OPEN_ENDED: readonly Stage[] = ['open', 'preparing', 'ready', 'returned', 'deferred']
const RETRIED: readonly Stage[] = ['not_paid', 'timed_out', 'partially_paid']

/** Somebody waits for an answer that is not ours. */
const WAITED: readonly Stage[] = ['preparing', 'returned', 'deferred']

export interface OwnDetails {
  lines: readonly CartLine[]
  receipts: readonly ReceiptLink[]
}

export interface PaymentAccess {
  /** This browser began it: it may go on, and try again. */
  isPayer: boolean
  /** Of a payment not decided yet. */
  waiting: Waiting | undefined
  /** Who may see everything; absent for a stranger. */
  details: OwnDetails | undefined
  keys: KeyRing
  /** An instant. */
  now: string
  csrf: string | null
  /** Where "Vai al pagamento" may lead. */
  goHref: string | null
  refreshHref: string
}

/** Everything templates/pages/citizen/payment.hbs shows. */
export function paymentView(
  t: Texts,
  payment: PaymentState,
  access: PaymentAccess,
): { title: string; [key: string]: unknown } {
  const stage = stageOf(payment)
  const words = (key: string): string => t(`payment.${stage}.${key}`)
  const isOpen = OPEN_ENDED.includes(stage)
  return {
    title: words('heading'),
    heading: words('heading'),
    what: words('what'),
    money: words('money'),
    next: words('next') || null,
    waiting: WAITED.includes(stage) && access.waiting ? waitingTexts(t, access.waiting) : null,
    tone: words('tone'),
    id: payment.id,
    csrf: access.csrf,
    script: isOpen ? 'payment.js' : null,
    liveHref: isOpen ? `/pagamenti/${payment.id}/eventi?visto=${fingerprint(payment)}` : null,
    refreshHref: isOpen ? access.refreshHref : null,
    // Who booked the payment has nothing to do there: a second visit could pay twice.
    goHref: isOpen && stage !== 'deferred' && access.isPayer ? access.goHref : null,
    cartHref: stage === 'open' && access.isPayer ? '/carrello' : null,
    retryHref: RETRIED.includes(stage) && access.isPayer ? `/pagamenti/${payment.id}/riprova` : null,
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
      href: receiptHref(keys, receipt.rtId, now),
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
