import type { FoundPayment } from '../../db/payment/support.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import { moneyChip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'

/** A payment in a list of support (templates/partials/found-payments.hbs). */
export const foundView = (payment: FoundPayment) => ({
  href: `/supporto/pagamenti/${payment.cartId}`,
  title: payment.enteName,
  state: moneyChip('cart', payment.state, t(`support.state.cart.${payment.state}`), payment),
  causale:
    payment.causale +
    (payment.items > 1 ? ` ${t('support.search.others', { count: payment.items - 1 })}` : ''),
  note: `${formatInstant(payment.createdAt)} · ${formatEuro(cents(payment.importoCents))} · ${
    payment.iuvs.length > 0 ? `IUV ${payment.iuvs.join(', ')}` : t('support.search.noAttempt')
  }`,
  attention: payment.attention === null ? null : t(`support.attention.${payment.attention}`),
})
