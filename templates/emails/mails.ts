import { formatInstant } from '../../domain/calendar.ts'
import type { Outcome } from '../../domain/payment/model.ts'
import { type Cents, formatEuro } from '../../domain/money.ts'
import { dayText, oneLine } from '../format.ts'
import { textsOf, type Language } from '../language.ts'
import { outcomeWords } from '../money.ts'
import { mailText, type MailText } from './mail-text.ts'

/** Mails for citizens, each in the language of who reads it. */

/**
 * The mail contains no text of the person who asked for it, because otherwise anybody could send a message to a
 * stranger's address. `validUntil` is an instant.
 */
export interface LinkMailView {
  language: Language
  enteName: string
  link: string
  validUntil: string
}

/** A code that proves an address. `validUntil` is an instant. */
export interface CodeMailView {
  language: Language
  code: string
  validUntil: string
}

/**
 * For the mail to the previous address of an account. It does not contain the new address, because the reader may be
 * another person. `changedAt` is an instant.
 */
export interface AddressMailView {
  language: Language
  changedAt: string
  /** The page of the account. */
  link: string
}

export interface ReceiptMailView {
  language: Language
  outcome: Outcome
  enteName: string
  iuv: string
  /** Day of the outcome, as the RT writes it. */
  paidOn: string
  total: Cents
  /** Paid amount of each item, with the readable part of its causale; empty when the RT has no items. */
  items: readonly { causale: string; importo: Cents }[]
  /** Page of the payment, which also shows the receipt when there is one. */
  paymentUrl: string
}

export function renderLinkMail({ language, link, validUntil, ...view }: LinkMailView): MailText {
  const t = textsOf(language)
  const enteName = oneLine(view.enteName)
  return mailText('link', t('mail.link.subject', { ente: enteName }), {
    language,
    title: t('mail.link.title'),
    enteName,
    link,
    validUntil: formatInstant(validUntil),
  })
}

export function renderCodeMail({ language, code, validUntil }: CodeMailView): MailText {
  const t = textsOf(language)
  return mailText('code', t('mail.code.subject'), {
    language,
    title: t('mail.code.title'),
    code,
    validUntil: formatInstant(validUntil),
  })
}

export function renderAddressMail({ language, changedAt, link }: AddressMailView): MailText {
  const t = textsOf(language)
  return mailText('address', t('mail.address.subject'), {
    language,
    title: t('mail.address.title'),
    changedAt: formatInstant(changedAt),
    link,
  })
}

/** The caller attaches the PDF only if `outcomeWords(…).hasReceipt`. */
export function renderReceiptMail({ language, ...view }: ReceiptMailView): MailText {
  const t = textsOf(language)
  const { short, sentence, hasReceipt } = outcomeWords(view.outcome, language)
  const portal = t('mail.portal')
  const subject = hasReceipt
    ? t('mail.receipt.subjectReceipt', { portal })
    : `${portal}: ${short.toLocaleLowerCase(language)}`
  return mailText('receipt', subject, {
    language,
    title: short,
    sentence,
    hasReceipt,
    enteName: oneLine(view.enteName),
    iuv: oneLine(view.iuv),
    paidOn: dayText(view.paidOn),
    total: formatEuro(view.total),
    items: view.items.map(({ causale, importo }) => ({
      causale: oneLine(causale),
      importo: formatEuro(importo),
    })),
    paymentUrl: view.paymentUrl,
    linkText: t(hasReceipt ? 'mail.receipt.openReceipt' : 'mail.receipt.openPayment'),
  })
}
