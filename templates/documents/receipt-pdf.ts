import type { GivenAddress } from '../../domain/address.ts'
import { readableCausale } from '../../domain/causale.ts'
import { type Cents, formatEuro } from '../../domain/money.ts'
import { printedCode } from '../../domain/person.ts'
import type { Outcome } from '../../domain/payment/model.ts'
import { addressLine, dayText, instantText, oneLine } from '../format.ts'
import { t, tOr } from '../language.ts'
import { outcomeWords } from '../money.ts'
import {
  closeSheet,
  heading,
  openSheet,
  type Pair,
  pairs,
  paragraph,
  separator,
  stamp,
  type Sheet,
} from './sheet.ts'

/**
 * The content of a printed receipt. Days are 'YYYY-MM-DD', instants ISO; null values are not printed. Source: RT 6.2.0.
 */
export interface ReceiptView {
  /** Marks the document as worthless, because it comes from a test environment. */
  isTest: boolean
  /** An instant; also the date in the file, so that the same view gives the same bytes. */
  printedAt: string
  /** PNG of the ente. A beneficiary outside this platform has none. */
  logo?: Uint8Array | null
  outcome: Outcome
  total: Cents
  domain: string
  iuv: string
  attemptCode: string
  issuedAt: string
  /** References of an RT; null for a receipt of another protocol. */
  references: { messageId: string; requestMessageId: string; requestedOn: string } | null
  attesting: ReceiptBody
  beneficiary: ReceiptBody
  versante: ReceiptPerson | null
  pagatore: ReceiptPerson
  /** As many as the RT has; a negative one may have none. */
  items: readonly ReceiptItem[]
}

export interface ReceiptBody {
  name: string
  /** Kind of code: G for a body, A and B for a PSP known by ABI or BIC. */
  tipo: string
  codice: string
  unit: string | null
  address: GivenAddress
}

export interface ReceiptPerson {
  name: string
  tipo: string
  codice: string
  email: string | null
  address: GivenAddress
}

export interface ReceiptItem {
  iur: string
  paidOn: string
  importo: Cents
  iud: string | null
  tipoDovuto: string | null
  datiSpecificiRiscossione: string
  /** As in the RT; only the part after `/TXT/` is printed. */
  causale: string
  fee: Cents | null
}

/**
 * The receipt as a tagged PDF/A. The same view gives the same file, byte for byte. It is in Italian for every reader, because the document
 * that it prints is; so its words exist in Italian only.
 */
export async function renderReceiptPdf(view: ReceiptView): Promise<Buffer> {
  const title = t('receiptpdf.title')
  const outcome = outcomeWords(view.outcome, 'it').short
  const sheet = openSheet({
    title: `${title} ${view.iuv}`,
    author: oneLine(view.beneficiary.name),
    subject: outcome,
    createdAt: new Date(view.printedAt),
  })
  if (view.isTest) markAsTest(sheet)
  if (view.logo) stamp(sheet, view.logo, oneLine(view.beneficiary.name))
  paragraph(sheet, title, { tag: 'H1', font: 'bold', size: 18 })
  paragraph(sheet, t('receiptpdf.total', { importo: formatEuro(view.total) }), {
    tag: 'P',
    font: 'bold',
    size: 13,
  })
  paragraph(sheet, t('receiptpdf.outcome', { outcome }), { tag: 'P', font: 'bold', size: 11 })
  block(sheet, t('receiptpdf.head'), headPairs(view))
  block(sheet, t('receiptpdf.attesting'), bodyPairs(view.attesting))
  block(sheet, t('receiptpdf.beneficiary'), bodyPairs(view.beneficiary))
  if (view.versante) block(sheet, t('receiptpdf.versante'), personPairs(view.versante))
  block(sheet, t('receiptpdf.pagatore'), personPairs(view.pagatore))
  items(sheet, view.items)
  return closeSheet(sheet, [...(view.isTest ? [t('receiptpdf.test')] : []), title, `IUV ${view.iuv}`])
}

function items(sheet: Sheet, all: readonly ReceiptItem[]): void {
  if (all.length === 0) return
  heading(sheet, t('receiptpdf.items', { count: all.length }))
  all.forEach((item, index) => {
    if (index > 0) separator(sheet)
    pairs(sheet, itemPairs(item).map(printable))
  })
}

function block(sheet: Sheet, title: string, content: readonly Pair[]): void {
  heading(sheet, title)
  pairs(sheet, content.map(printable))
}

const headPairs = (view: ReceiptView): Pair[] => [
  { label: t('receiptpdf.iuv'), value: view.iuv, mono: true },
  { label: t('receiptpdf.ccp'), value: view.attemptCode, mono: true },
  { label: t('receiptpdf.domain'), value: view.domain, mono: true },
  ...(view.references ? referencePairs(view.references) : []),
  { label: t('receiptpdf.issuedAt'), value: instantText(view.issuedAt) },
  { label: t('receiptpdf.printedAt'), value: instantText(view.printedAt) },
]

const referencePairs = (rt: NonNullable<ReceiptView['references']>): Pair[] => [
  { label: t('receiptpdf.messageId'), value: rt.messageId, mono: true },
  { label: t('receiptpdf.requestMessageId'), value: rt.requestMessageId, mono: true },
  { label: t('receiptpdf.requestedOn'), value: dayText(rt.requestedOn) },
]

const bodyPairs = (body: ReceiptBody): Pair[] => [
  { label: t('receiptpdf.bodyName'), value: body.name },
  { label: codeLabel(body.tipo), value: body.codice, mono: true },
  { label: t('receiptpdf.unit'), value: body.unit },
  { label: t('receiptpdf.address'), value: addressLine(body.address) },
]

const personPairs = (person: ReceiptPerson): Pair[] => [
  { label: t('receiptpdf.personName'), value: person.name },
  { label: codeLabel(person.tipo), value: printedCode(person.codice), mono: true },
  { label: t('receiptpdf.email'), value: person.email },
  { label: t('receiptpdf.address'), value: addressLine(person.address) },
]

const itemPairs = (item: ReceiptItem): Pair[] => [
  { label: t('receiptpdf.causale'), value: readableCausale(item.causale), wide: true },
  { label: t('receiptpdf.importo'), value: formatEuro(item.importo) },
  { label: t('receiptpdf.paidOn'), value: dayText(item.paidOn) },
  { label: t('receiptpdf.tipo'), value: item.tipoDovuto },
  { label: t('receiptpdf.iud'), value: item.iud, mono: true },
  { label: t('receiptpdf.iur'), value: item.iur, mono: true },
  { label: t('receiptpdf.fee'), value: item.fee === null ? null : formatEuro(item.fee) },
  { label: t('receiptpdf.datiSpecifici'), value: item.datiSpecificiRiscossione, mono: true, wide: true },
]

const codeLabel = (tipo: string): string =>
  t('receiptpdf.code', { kind: tOr(`receiptpdf.kind.${tipo}`, tipo) })

/** Removes control characters, which PSPs may send and which would break the lines of the page. */
const printable = (pair: Pair): Pair => ({ ...pair, value: pair.value === null ? null : oneLine(pair.value) })

function markAsTest(sheet: Sheet): void {
  paragraph(sheet, t('receiptpdf.test'), { tag: 'P', font: 'bold', size: 14, color: 'alarm', after: 8 })
}
