import { createHash, randomUUID } from 'node:crypto'
import type { CartLine } from '../../db/payment/cart.ts'
import type { PaymentSummary } from '../../db/payment/outcome.ts'
import type { TwinPayment } from '../../db/payment/twin.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import { cents, formatEuro, sumCents } from '../../domain/money.ts'
import type { Person } from '../../domain/person.ts'
import type { Texts } from '../../templates/language.ts'
import { lineTrouble, stageWords, twinWords } from '../../templates/money.ts'
import type { PageView } from '../page/page.ts'

export interface ShownCart {
  cartId: string | undefined
  versante: Person | undefined
  lines: readonly CartLine[]
  payments: readonly PaymentSummary[]
  csrf: string | null
  isSignedIn: boolean
  notice?: string
  /** The sentence after the list of `twins`: what the citizen can do. */
  noticeTodo?: string
  /** Other payments that may be for the same thing as a due of this cart; `isOwn`: this reader made the payment. */
  twins?: readonly (TwinPayment & { isOwn: boolean })[]
  tone?: 'warning' | 'info'
  /** The page asks the citizen to confirm that the due is paid again. */
  isReplica?: boolean
  /** Ids of the dues that cannot be paid, because of which the payment did not begin. */
  refused?: readonly string[]
}

/** Everything templates/pages/citizen/cart.hbs shows. */
export function cartView(t: Texts, shown: ShownCart): PageView {
  const { lines, refused = [] } = shown
  return {
    title: t('cart.title'),
    csrf: shown.csrf,
    notice: shown.notice ?? null,
    noticeTone: shown.tone ?? 'warning',
    noticeTodo: shown.noticeTodo ?? null,
    twins: (shown.twins ?? []).map((twin) => ({
      text: twinWords(t, twin),
      // Other readers must not learn the address of the payment.
      href: twin.isOwn ? `/pagamenti/${twin.cartId}` : null,
    })),
    lines: lines.map((line) => lineView(t, line, refused.includes(line.dueId))),
    total: formatEuro(sumCents(lines.map((line) => cents(line.importoCents)))),
    versanteEmail: shown.versante?.email ?? null,
    versanteName: shown.versante?.anagrafica ?? null,
    // A person who is signed in always pays in his own name.
    canChangeVersante: !shown.isSignedIn,
    cartId: shown.cartId ?? null,
    // Each shown page has its own nonce, so that the same page sent twice counts as one click.
    nonce: randomUUID(),
    seen: seenDigest(lines),
    isReplica: shown.isReplica ?? false,
    payments: shown.payments.map((payment) => ({
      href: `/pagamenti/${payment.id}`,
      text: t('cart.begun', {
        stage: stageWords(t, payment),
        at: formatInstant(payment.begunAt),
      }),
    })),
  }
}

/**
 * A short hash of the lines that the page shows. "Paga" sends it back, so that it never pays something that another tab has put into the
 * cart.
 */
export function seenDigest(lines: readonly CartLine[]): string {
  const text = lines.map((line) => `${line.dueId}:${line.importoCents}`).join(' ')
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

function lineView(t: Texts, line: CartLine, isRefused: boolean): object {
  return {
    dueTypeName: line.dueTypeName,
    causale: line.causale,
    enteName: line.enteName,
    dueOn: line.dueOn === null ? null : formatDay(line.dueOn),
    pagatore: line.pagatore.anagrafica,
    importo: formatEuro(cents(line.importoCents)),
    removeHref: `/carrello/voci/${line.dueId}/rimuovi`,
    trouble: isRefused ? troubleOf(t, line.state) : null,
  }
}

/** Why a due of a refused payment cannot be paid; null when its state has no sentence. */
function troubleOf(t: Texts, state: string): string | null {
  if (state === 'paid' || state === 'paying') return lineTrouble(t, state)
  return state === 'payable' || state === 'cancelled' ? t(`cart.trouble.${state}`) : null
}
