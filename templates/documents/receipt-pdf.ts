import { readableCausale } from '../../domain/causale.ts'
import { type Cents, formatEuro } from '../../domain/money.ts'
import { printedCode } from '../../domain/person.ts'
import type { Outcome } from '../../domain/payment/model.ts'
import { type Address, addressLine, dayText, instantText, oneLine } from '../format.ts'
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
  ccp: string
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
  address: Address
}

export interface ReceiptPerson {
  name: string
  tipo: string
  codice: string
  email: string | null
  address: Address
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

const TITLE = 'Ricevuta telematica di pagamento'
const TEST_MARK = 'COLLAUDO – documento senza valore'
const CODE_KINDS: Record<string, string> = {
  F: 'Persona fisica',
  G: 'Persona giuridica',
  A: 'Codice ABI',
  B: 'Codice BIC',
}

/** The receipt as a tagged PDF/A. The same view gives the same file, byte for byte. */
export async function renderReceiptPdf(view: ReceiptView): Promise<Buffer> {
  const sheet = openSheet({
    title: `${TITLE} ${view.iuv}`,
    author: oneLine(view.beneficiary.name),
    subject: outcomeWords(view.outcome, 'it').short,
    createdAt: new Date(view.printedAt),
  })
  if (view.isTest) markAsTest(sheet)
  if (view.logo) stamp(sheet, view.logo, oneLine(view.beneficiary.name))
  paragraph(sheet, TITLE, { tag: 'H1', font: 'bold', size: 18 })
  paragraph(sheet, `Importo totale pagato: ${formatEuro(view.total)}`, { tag: 'P', font: 'bold', size: 13 })
  paragraph(sheet, `Esito: ${outcomeWords(view.outcome, 'it').short}`, { tag: 'P', font: 'bold', size: 11 })
  block(sheet, 'Dati della ricevuta', headPairs(view))
  block(sheet, 'Istituto attestante', bodyPairs(view.attesting))
  block(sheet, 'Ente beneficiario', bodyPairs(view.beneficiary))
  if (view.versante) block(sheet, 'Soggetto versante', personPairs(view.versante))
  block(sheet, 'Soggetto pagatore', personPairs(view.pagatore))
  items(sheet, view.items)
  return closeSheet(sheet, `${view.isTest ? `${TEST_MARK} · ` : ''}${TITLE} · IUV ${view.iuv}`)
}

function items(sheet: Sheet, all: readonly ReceiptItem[]): void {
  if (all.length === 0) return
  heading(sheet, all.length === 1 ? 'Dovuto pagato' : 'Dovuti pagati')
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
  { label: 'Identificativo univoco versamento (IUV)', value: view.iuv, mono: true },
  { label: 'Codice contesto pagamento', value: view.ccp, mono: true },
  { label: 'Dominio (codice fiscale dell’ente)', value: view.domain, mono: true },
  ...(view.references ? referencePairs(view.references) : []),
  { label: 'Data ricevuta', value: instantText(view.issuedAt) },
  { label: 'Stampata il', value: instantText(view.printedAt) },
]

const referencePairs = (rt: NonNullable<ReceiptView['references']>): Pair[] => [
  { label: 'Identificativo ricevuta', value: rt.messageId, mono: true },
  { label: 'Riferimento messaggio richiesta', value: rt.requestMessageId, mono: true },
  { label: 'Data richiesta', value: dayText(rt.requestedOn) },
]

const bodyPairs = (body: ReceiptBody): Pair[] => [
  { label: 'Denominazione', value: body.name },
  { label: codeLabel(body.tipo), value: body.codice, mono: true },
  { label: 'Unità operativa', value: body.unit },
  { label: 'Indirizzo', value: addressLine(body.address) },
]

const personPairs = (person: ReceiptPerson): Pair[] => [
  { label: 'Anagrafica', value: person.name },
  { label: codeLabel(person.tipo), value: printedCode(person.codice), mono: true },
  { label: 'E-mail', value: person.email },
  { label: 'Indirizzo', value: addressLine(person.address) },
]

const itemPairs = (item: ReceiptItem): Pair[] => [
  { label: 'Causale', value: readableCausale(item.causale), wide: true },
  { label: 'Importo pagato', value: formatEuro(item.importo) },
  { label: 'Data del pagamento', value: dayText(item.paidOn) },
  { label: 'Tipo dovuto', value: item.tipoDovuto },
  { label: 'Identificativo univoco dovuto (IUD)', value: item.iud, mono: true },
  { label: 'Identificativo univoco riscossione (IUR)', value: item.iur, mono: true },
  { label: 'Commissioni', value: item.fee === null ? null : formatEuro(item.fee) },
  { label: 'Dati specifici di riscossione', value: item.datiSpecificiRiscossione, mono: true, wide: true },
]

const codeLabel = (tipo: string): string => `Codice identificativo (${CODE_KINDS[tipo] ?? tipo})`

/** Removes control characters, which PSPs may send and which would break the lines of the page. */
const printable = (pair: Pair): Pair => ({ ...pair, value: pair.value === null ? null : oneLine(pair.value) })

function markAsTest(sheet: Sheet): void {
  paragraph(sheet, TEST_MARK, { tag: 'P', font: 'bold', size: 14, color: 'alarm', after: 8 })
}
