import { formatInstant } from '../../domain/calendar.ts'
import { shownFlowState } from '../../domain/flow/shown-state.ts'
import type { Outcome } from '../../domain/payment/model.ts'
import { type Cents, formatEuro } from '../../domain/money.ts'
import { compileTemplate } from '../engine.ts'
import { dayText, oneLine, wholeNumber } from '../format.ts'
import { textsOf, type Language } from '../language.ts'
import { outcomeWords } from '../money.ts'
import { fill } from '../pages/operator/words.ts'
import type { ChangeRow } from '../pages/admin/change-words.ts'
import { flowWords } from '../pages/operator/words.ts'

export interface MailText {
  subject: string
  text: string
  html: string
}

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

/** Outcome of a file of dues. */
export interface FlowMailView {
  enteName: string
  fileName: string
  /** For a file refused as a whole. */
  errorCode: string | null
  counts: { loaded: number; changed: number; cancelled: number; unchanged: number; rejected: number }
  link: string
}

/** Mail programs cut longer subjects anyway, and a longer one is folded into several header lines. */
const MAX_SUBJECT = 150

export function renderLinkMail({ language, link, validUntil, ...view }: LinkMailView): MailText {
  const t = textsOf(language)
  const enteName = oneLine(view.enteName)
  return render('link', t('mail.link.subject', { ente: enteName }), {
    language,
    title: t('mail.link.title'),
    enteName,
    link,
    validUntil: formatInstant(validUntil),
  })
}

export function renderCodeMail({ language, code, validUntil }: CodeMailView): MailText {
  const t = textsOf(language)
  return render('code', t('mail.code.subject'), {
    language,
    title: t('mail.code.title'),
    code,
    validUntil: formatInstant(validUntil),
  })
}

export function renderAddressMail({ language, changedAt, link }: AddressMailView): MailText {
  const t = textsOf(language)
  return render('address', t('mail.address.subject'), {
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
  return render('receipt', subject, {
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

/** For operators, whose pages are in Italian. Source of the subject: docs/field/files.md#reports. */
export function renderFlowMail({ enteName, fileName, errorCode, counts, link }: FlowMailView): MailText {
  const lines = [
    { label: 'Dovuti caricati', value: wholeNumber(counts.loaded) },
    { label: 'Dovuti modificati', value: wholeNumber(counts.changed) },
    { label: 'Dovuti annullati', value: wholeNumber(counts.cancelled) },
    { label: 'Righe senza variazioni', value: wholeNumber(counts.unchanged) },
    { label: 'Righe scartate', value: wholeNumber(counts.rejected) },
  ]
  return render('flow', `Resoconto Caricamento file: ${fileName}`, {
    language: 'it',
    title: flowTitle(errorCode, counts),
    intro: `File ${fileName} di ${oneLine(enteName)}.`,
    lines: errorCode === null ? lines : [{ label: 'Codice', value: errorCode }, ...lines],
    todo:
      counts.rejected > 0
        ? 'Le righe scartate, con il motivo di ciascuna, si scaricano dalla pagina del flusso.'
        : null,
    link,
  })
}

function flowTitle(errorCode: string | null, { rejected, ...done }: FlowMailView['counts']): string {
  if (errorCode !== null) return 'Il flusso non è stato caricato'
  const rowsRead = Object.values(done).reduce((sum, count) => sum + count, rejected)
  const flow = { state: 'loaded', rowsRead, rowsRejected: rejected } as const
  if (shownFlowState(flow) === 'all_rejected')
    return 'Tutto scartato: nessuna riga del flusso è stata caricata'
  return `Il flusso è stato ${flowWords(flow).toLowerCase()}`
}

/** A requested export that is ready or has failed. */
export interface ExportMailView {
  enteName: string
  baseName: string | null
  rows: number
  skipped: number
  errorCode: string | null
  link: string
}

export function renderExportMail({
  enteName,
  baseName,
  rows,
  skipped,
  errorCode,
  link,
}: ExportMailView): MailText {
  const isReady = errorCode === null
  const lines = isReady
    ? [
        { label: 'File', value: `${baseName}.zip` },
        { label: 'Righe', value: wholeNumber(rows) },
        ...(skipped > 0 ? [{ label: 'Dovuti senza IUV, non scritti', value: wholeNumber(skipped) }] : []),
      ]
    : [{ label: 'Codice', value: errorCode }]
  return render('export', isReady ? 'MyPay - Esportazione pronta' : 'MyPay - Esportazione non riuscita', {
    language: 'it',
    title: isReady ? 'La tua esportazione è pronta' : 'La tua esportazione non è riuscita',
    intro: `Esportazione prenotata per ${oneLine(enteName)}.`,
    lines,
    todo: isReady
      ? 'Il file si scarica dalla pagina delle esportazioni per 30 giorni.'
      : 'Prenotala di nuovo; se si ripete, segnala il codice all’assistenza.',
    link,
  })
}

/** A change by an administrator of an ente. `at` is an instant. */
export interface ChangeMailView {
  enteName: string
  codIpa: string
  /** Name of the due type, if a due type was changed. */
  dueType: string | null
  /** Null when no person did it, because a waiting time ended. */
  by: string | null
  at: string
  rows: readonly ChangeRow[]
  link: string
}

/** The mail for the people who maintain the platform. */
export function renderChangeMail({
  enteName,
  codIpa,
  dueType,
  by,
  at,
  rows,
  link,
}: ChangeMailView): MailText {
  const ente = oneLine(enteName)
  const about = dueType === null ? ente : `${oneLine(dueType)} di ${ente}`
  return render('change', `MyPay - Modifica della configurazione: ${ente}`, {
    language: 'it',
    title: 'Una configurazione è cambiata',
    intro: `${oneLine(by ?? 'Il sistema')} ha modificato ${about} (${codIpa}) il ${formatInstant(at)}.`,
    columns: ['Campo', 'Prima', 'Dopo'],
    rows: oneLined(rows),
    todo: null,
    link,
  })
}

const oneLined = (rows: readonly ChangeRow[]): ChangeRow[] =>
  rows.map(({ field, from, to }) => ({ field, from: oneLine(from), to: oneLine(to) }))

/** One step of a change of account that needs a second person. */
export interface AccountMailView extends ChangeMailView {
  step: AccountStep
  /** The instant at which the change takes effect without a second person. */
  until: string | null
  /** The person who requested it. */
  asked: string | null
}

interface StepWords {
  title: string
  intro: string
  columns: [field: string, from: string, to: string]
  todo: string
}

const ACCOUNT_STEPS = {
  'account asked': {
    title: 'È stato chiesto un cambio di conto',
    intro: '{by} ha chiesto il {at} di cambiare un conto di {about}.',
    columns: ['Campo', 'Oggi', 'Chiesto'],
    todo: 'Fino ad allora i pagamenti nominano il conto di oggi. Un altro amministratore può approvare il cambio e ogni amministratore può ritirarlo; altrimenti vale dal {until}. Se non lo riconosci, ritiralo subito.',
  },
  'account approved': {
    title: 'Un conto è cambiato',
    intro: '{by} ha approvato il {at} il cambio di un conto di {about}, chiesto da {asked}.',
    columns: ['Campo', 'Prima', 'Dopo'],
    todo: 'Da ora i nuovi pagamenti nominano il nuovo conto.',
  },
  'account elapsed': {
    title: 'Un conto è cambiato',
    intro:
      'Sono passati tre giorni: il {at} è avvenuto il cambio di un conto di {about}, chiesto da {asked}.',
    columns: ['Campo', 'Prima', 'Dopo'],
    todo: 'Da ora i nuovi pagamenti nominano il nuovo conto.',
  },
  'account withdrawn': {
    title: 'Un cambio di conto è stato ritirato',
    intro: '{by} ha ritirato il {at} il cambio di un conto di {about}, chiesto da {asked}.',
    columns: ['Campo', 'Resta', 'Ritirato'],
    todo: 'Il conto non è cambiato.',
  },
  'account overtaken': {
    title: 'Un cambio di conto non ha effetto',
    intro:
      'Il cambio di un conto di {about}, chiesto da {asked}, non avviene: il {at} il conto è cambiato in un altro modo.',
    columns: ['Campo', 'Era', 'Chiesto'],
    todo: 'Nella configurazione vedi il conto di oggi.',
  },
} as const satisfies Record<string, StepWords>

type AccountStep = keyof typeof ACCOUNT_STEPS

export const isAccountStep = (what: string): what is AccountStep => Object.hasOwn(ACCOUNT_STEPS, what)

/** The mail for the administrators of the ente and of the region. */
export function renderAccountMail({ step, rows, link, ...view }: AccountMailView): MailText {
  const ente = oneLine(view.enteName)
  const { title, intro, columns, todo } = ACCOUNT_STEPS[step]
  const places: Record<string, string> = {
    by: oneLine(view.by ?? 'Il sistema'),
    asked: oneLine(view.asked ?? ''),
    about: `${view.dueType === null ? ente : `${oneLine(view.dueType)} di ${ente}`} (${view.codIpa})`,
    at: formatInstant(view.at),
    until: view.until === null ? '' : formatInstant(view.until),
  }
  return render('change', `MyPay - ${title}: ${ente}`, {
    language: 'it',
    title,
    intro: fill(intro, places),
    columns,
    rows: oneLined(rows),
    todo: fill(todo, places),
    link,
  })
}

function render(template: string, subject: string, view: object): MailText {
  return {
    subject: oneLine(subject).slice(0, MAX_SUBJECT),
    text: compileTemplate(`emails/${template}.txt.hbs`)(view),
    html: compileTemplate(`emails/${template}.html.hbs`)(view),
  }
}
