import { formatInstant } from '../../domain/calendar.ts'
import type { PaymentFacts } from '../../domain/payment/known.ts'
import { DEFAULT_LANGUAGE, t, textsOf } from '../../templates/language.ts'
import { paymentWords } from '../../templates/money.ts'
import { maskAddress } from '../access/mask.ts'

/** A mail with the outcome of a payment. */
export interface OutcomeMail {
  address: string
  state: string
  /** When it left. */
  sentAt: string | null
  /** Its receipt says that money moved. */
  saysPaid: boolean
}

/** What a person on the telephone may be told about a payment: what the citizen reads, and where the receipt is. */
export function tellWords(facts: PaymentFacts, mails: readonly OutcomeMail[]): string[] {
  const words = paymentWords(textsOf(DEFAULT_LANGUAGE), facts, true)
  const sent = mails.flatMap(({ address, state, sentAt, saysPaid }) =>
    state === 'sent' && saysPaid && sentAt !== null
      ? [t('staff.tell.mailSent', { at: formatInstant(sentAt), address: maskAddress(address) })]
      : [],
  )
  return [
    words.what,
    ...words.money,
    ...(words.next === null ? [] : [words.next]),
    ...sent,
    ...(facts.paidCents > 0 ? [t('staff.tell.where')] : []),
  ]
}

/** What a mail is, by its content. */
export const outcomeMailName = ({ saysPaid }: Pick<OutcomeMail, 'saysPaid'>): string =>
  t(saysPaid ? 'staff.tell.receipt' : 'staff.tell.notPaid')
