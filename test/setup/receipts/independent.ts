import { DOMParser, onErrorStopParsing, type Document, type Element } from '@xmldom/xmldom'

const NS = 'http://www.digitpa.gov.it/schemas/2011/Pagamenti/'

/** Content of a receipt, read by a library and by code that the product does not use. */
export interface SaidByReceipt {
  outcome: number
  totalCents: number
  attesting: string
  pagatore: string
  versante: string | null
  items: { cents: number; iur: string; causale: string; feeCents: number | null; attachment: string | null }[]
}

export function readIndependently(bytes: Uint8Array): SaidByReceipt {
  const options = { onError: onErrorStopParsing, normalizeLineEndings }
  const doc = new DOMParser(options).parseFromString(decode(bytes), 'text/xml')
  const fee = (item: Element): string | undefined => found(item, 'commissioniApplicatePSP')
  return {
    outcome: Number(one(doc, 'codiceEsitoPagamento')),
    totalCents: cents(one(doc, 'importoTotalePagato')),
    attesting: one(doc, 'denominazioneAttestante'),
    pagatore: one(doc, 'anagraficaPagatore'),
    versante: found(doc, 'anagraficaVersante') ?? null,
    items: [...doc.getElementsByTagNameNS(NS, 'datiSingoloPagamento')].map((item) => ({
      cents: cents(one(item, 'singoloImportoPagato')),
      iur: one(item, 'identificativoUnivocoRiscossione'),
      causale: one(item, 'causaleVersamento'),
      feeCents: fee(item) === undefined ? null : cents(fee(item)!),
      attachment: hexOf(found(item, 'testoAllegato')),
    })),
  }
}

/** The bytes of a base64 text in hexadecimal; null when there are none. */
export const hexOf = (base64: string | undefined): string | null =>
  Buffer.from(base64 ?? '', 'base64').toString('hex') || null

/** Normalises line ends by the rules of XML 1.0, because the library would use those of XML 1.1. */
const normalizeLineEndings = (text: string): string => text.replace(/\r\n?/g, '\n')

const WIDE: readonly (readonly [label: string, first: number, second: number])[] = [
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
  ['utf-16le', 0x3c, 0x00],
  ['utf-16be', 0x00, 0x3c],
]

function decode(bytes: Uint8Array): string {
  const wide = WIDE.find(([, first, second]) => bytes[0] === first && bytes[1] === second)?.[0]
  const start = Buffer.from(bytes).subarray(0, 200).toString('latin1')
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']/.exec(start)?.[1]
  return new TextDecoder(wide ?? declared ?? 'utf-8', { fatal: true }).decode(bytes)
}

function found(of: Document | Element, name: string): string | undefined {
  return of.getElementsByTagNameNS(NS, name)[0]?.textContent ?? undefined
}

function one(of: Document | Element, name: string): string {
  const text = found(of, name)
  if (text === undefined) throw new Error(`${name} is missing`)
  return text
}

function cents(text: string): number {
  const [, euro, cent] = /^[ \t\r\n]*(\d+)\.(\d\d)[ \t\r\n]*$/.exec(text) ?? []
  if (euro === undefined) throw new Error(`${text} is no amount`)
  return Number(BigInt(euro) * 100n + BigInt(cent!))
}
