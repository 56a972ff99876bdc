import { z } from 'zod'
import { digitOf } from '../reporting/code.ts'
import { parseExact } from '../reporting/exact-json.ts'
import type { ReportedRow } from '../reporting/row.ts'
import { cents, wireImporto } from '../money.ts'

/** Letters of the XML form for the kinds of sender of the JSON form. */
const KINDS: Readonly<Record<string, string>> = { LEGAL_PERSON: 'G', ABI_CODE: 'A', BIC_CODE: 'B' }

const text = z.string().nullish()
const Header = z.object({
  fdr: text,
  fdrDate: text,
  revision: text,
  regulation: text,
  regulationDate: text,
  bicCodePouringBank: text,
  sender: z.object({ type: text, id: text, pspName: text }).nullish(),
  receiver: z.object({ id: text, organizationName: text }).nullish(),
  totPayments: text,
  sumPayments: text,
})

/**
 * A flow in the XML form that software of enti reads (`FlussoRiversamento`), made from the JSON form in which it came. What the JSON form
 * lacks is left out. Texts one after the other, so that a large flow is never in memory.
 */
export async function* flowDocument(
  header: Uint8Array,
  rows: AsyncIterable<ReportedRow>,
): AsyncGenerator<string> {
  const of = Header.parse(parseExact(new TextDecoder().decode(header)))
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<FlussoRiversamento xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">\n`
  yield headElements(of)
  for await (const row of rows) yield rowElement(row)
  yield '</FlussoRiversamento>\n'
}

const headElements = (of: z.output<typeof Header>): string =>
  [
    element('versioneOggetto', '1.1'),
    element('identificativoFlusso', of.fdr),
    element('dataOraFlusso', of.fdrDate),
    element('identificativoUnivocoRegolamento', of.regulation),
    element('dataRegolamento', of.regulationDate),
    group('istitutoMittente', [
      group('identificativoUnivocoMittente', [
        element('tipoIdentificativoUnivoco', KINDS[of.sender?.type ?? ''] ?? 'G'),
        element('codiceIdentificativoUnivoco', of.sender?.id),
      ]),
      element('denominazioneMittente', of.sender?.pspName),
    ]),
    element('codiceBicBancaDiRiversamento', of.bicCodePouringBank),
    group('istitutoRicevente', [
      group('identificativoUnivocoRicevente', [
        element('tipoIdentificativoUnivoco', 'G'),
        element('codiceIdentificativoUnivoco', of.receiver?.id),
      ]),
      element('denominazioneRicevente', of.receiver?.organizationName),
    ]),
    element('numeroTotalePagamenti', of.totPayments),
    element('importoTotalePagamenti', of.sumPayments),
  ].join('')

const rowElement = (row: ReportedRow): string =>
  group('datiSingoliPagamenti', [
    element('identificativoUnivocoVersamento', row.iuv),
    element('identificativoUnivocoRiscossione', row.iur),
    element('indiceDatiSingoloPagamento', row.transferIndex?.toString()),
    element(
      'singoloImportoPagato',
      row.importoCents === null ? row.amountText : wireImporto(cents(row.importoCents)),
    ),
    element('codiceEsitoSingoloPagamento', digitOf(row.code)),
    element('dataEsitoSingoloPagamento', row.paidOn),
  ])

const group = (name: string, children: readonly string[]): string =>
  `<${name}>\n${children.join('')}</${name}>\n`

const element = (name: string, value: string | null | undefined): string =>
  value === null || value === undefined ? '' : `<${name}>${escaped(value)}</${name}>\n`

const MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** Characters that XML 1.0 cannot hold become the sign for an unreadable one. */
const escaped = (value: string): string =>
  value
    .replace(/[&<>]/g, (mark) => MARKS[mark]!)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
