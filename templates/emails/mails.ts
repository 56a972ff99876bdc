import { formatInstant } from '../../domain/calendar.ts'
import type { OutcomeCode } from '../../domain/payment/model.ts'
import { type Cents, formatEuro } from '../../domain/money.ts'
import { compileTemplate } from '../engine.ts'
import { dayText, oneLine } from '../format.ts'
import { OUTCOMES } from '../outcomes.ts'

export interface MailText {
  subject: string
  text: string
  html: string
}

/**
 * No words of the person who asked: whoever types a stranger's address must not be able to send them a message.
 * `validUntil` is an instant.
 */
export interface LinkMailView {
  enteName: string
  link: string
  validUntil: string
}

export interface ReceiptMailView {
  outcome: OutcomeCode
  enteName: string
  iuv: string
  /** Day of the outcome, as the RT writes it. */
  paidOn: string
  total: Cents
  /** What was paid of each, with the causale that people read; empty when the RT lists none. */
  items: readonly { causale: string; importo: Cents }[]
  /** Page of the payment; it shows the receipt too when there is one. */
  paymentUrl: string
}

const PORTAL = 'MyPay - Portale dei Pagamenti'
const FOOTER =
  'Questo messaggio è stato inviato da un indirizzo che non riceve posta: non rispondere. ' +
  'Per informazioni sul pagamento rivolgiti all’ente creditore.'
/** A subject is cut by every mail program anyway; a longer one is folded into several header lines. */
const MAX_SUBJECT = 150

export function renderLinkMail(view: LinkMailView): MailText {
  const enteName = oneLine(view.enteName)
  return render('link', `${enteName} - Conferma il tuo indirizzo e continua il pagamento`, {
    title: 'Continua il tuo pagamento',
    enteName,
    link: view.link,
    validUntil: formatInstant(view.validUntil),
  })
}

/** Whether the PDF belongs with it: `OUTCOMES[outcome].hasReceipt`. */
export function renderReceiptMail(view: ReceiptMailView): MailText {
  const { short, sentence, hasReceipt } = OUTCOMES[view.outcome]
  const subject = hasReceipt ? `${PORTAL}: ricevuta del pagamento` : `${PORTAL}: ${short.toLowerCase()}`
  return render('receipt', subject, {
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
    linkText: hasReceipt ? 'Apri la ricevuta sul portale' : 'Apri il pagamento sul portale',
  })
}

function render(template: string, subject: string, view: Record<string, unknown>): MailText {
  const full = { ...view, footer: FOOTER }
  return {
    subject: oneLine(subject).slice(0, MAX_SUBJECT),
    text: compileTemplate(`emails/${template}.txt.hbs`)(full),
    html: compileTemplate(`emails/${template}.html.hbs`)(full),
  }
}
