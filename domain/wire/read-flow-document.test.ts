import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ReportedRow } from '../reporting/row.ts'
import { flagsOf, signedCents } from '../reporting/flow-checks.ts'
import { FlowReader, UnreadableFlow } from './read-flow-document.ts'

const SAMPLE = readFileSync(
  new URL(
    '../../test/fixtures/rendicontazione/ABI99999_2025-07-14ABI99999-0000000000012_20250714061500.xml',
    import.meta.url,
  ),
)

function readIn(bytes: Uint8Array, size: number): { rows: ReportedRow[]; head: FlowReader['head'] } {
  const reader = new FlowReader()
  const rows: ReportedRow[] = []
  for (let at = 0; at < bytes.length; at += size) rows.push(...reader.read(bytes.subarray(at, at + size)))
  rows.push(...reader.end())
  return { rows, head: reader.head }
}

const whole = (text: string | Uint8Array) => readIn(Buffer.from(text as string), 512 * 1024)

function whyNot(document: string | Uint8Array): string {
  const bytes = typeof document === 'string' ? Buffer.from(document) : document
  const startedAt = performance.now()
  try {
    readIn(bytes, 512 * 1024)
    return 'READ'
  } catch (error) {
    if (!(error instanceof UnreadableFlow)) throw error
    return error.why
  } finally {
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  }
}

const NS = 'xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/"'
const flow = (inside: string): string => `<FlussoRiversamento ${NS}>${inside}</FlussoRiversamento>`
const payment = (fields: Record<string, string>): string =>
  `<datiSingoliPagamenti>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</datiSingoliPagamenti>`

describe('the sample of a flow', () => {
  it('has its header, with the time of Rome as an instant', () => {
    expect(whole(SAMPLE).head).toEqual({
      flowId: '2025-07-14ABI99999-0000000000012',
      flowAt: '2025-07-14T01:30:00.000Z',
      regulation: 'TRN2507140000000000000012',
      regulatedOn: '2025-07-14',
      bic: 'IMMAITM1XXX',
      pspName: 'Banca Immaginaria S.p.A.',
      receiver: '99999900014',
      declaredPayments: 5,
      declaredCents: 141_345,
    })
  })

  it('has its payments, in the words of the JSON form', () => {
    const { rows } = whole(SAMPLE)
    expect(rows).toHaveLength(5)
    expect(rows[0]).toEqual({
      position: 1,
      iuv: '12010000000000138',
      iur: 'a1b2c3d4e5f60718293a4b5c6d7e8f01',
      transferIndex: 1,
      importoCents: 2_450,
      amountText: null,
      code: 'EXECUTED',
      paidOn: '2025-07-10',
      faults: [],
    })
    expect(rows.map(({ code }) => code)).toEqual(['EXECUTED', 'EXECUTED', 'EXECUTED', 'EXECUTED', 'NO_RPT'])
  })

  it('adds up to what it declares, and nothing is odd about it', () => {
    const { rows, head } = whole(SAMPLE)
    const cents = rows.reduce((sum, row) => sum + signedCents(row), 0)
    expect(cents).toBe(head.declaredCents)
    const header = { ...head, flowId: head.flowId!, domain: '99999900014' }
    expect(flagsOf(header, { rows: rows.length, cents, faulty: 0, doubled: 0 })).toEqual([])
  })

  it('is the same however it is cut', () => {
    const once = whole(SAMPLE)
    for (const size of [1, 2, 3, 7, 100, 1_000]) expect([size, readIn(SAMPLE, size)]).toEqual([size, once])
  })
})

describe('a document', () => {
  it('may have prefixes, a mark at its beginning, comments, CDATA and elements that nobody knows', () => {
    const text = `\ufeff<?xml version="1.0"?><!-- a --><f:FlussoRiversamento xmlns:f="urn:x"><f:identificativoFlusso><![CDATA[A]]></f:identificativoFlusso>
      <f:revisioneFlusso>2</f:revisioneFlusso><f:nuovo><f:identificativoFlusso>B</f:identificativoFlusso></f:nuovo>
      <f:datiSingoliPagamenti><f:identificativoUnivocoVersamento>I&amp;V</f:identificativoUnivocoVersamento></f:datiSingoliPagamenti></f:FlussoRiversamento>`
    const { head, rows } = whole(text)
    expect(head.flowId).toBe('A')
    expect(rows[0]!.iuv).toBe('I&V')
  })

  it('is read in the encoding that it declares', () => {
    const text = `<?xml version="1.0" encoding="ISO-8859-1"?>${flow('<istitutoMittente><denominazioneMittente>Cassa è qui</denominazioneMittente></istitutoMittente>')}`
    expect(whole(Buffer.from(text, 'latin1')).head.pspName).toBe('Cassa è qui')
  })

  it('with an odd row keeps the row and its faults', () => {
    const { rows } = whole(
      flow(
        payment({
          identificativoUnivocoVersamento: '1',
          singoloImportoPagato: '7.005',
          codiceEsitoSingoloPagamento: '7',
        }) +
          payment({ singoloImportoPagato: '-3.10', codiceEsitoSingoloPagamento: '3' }) +
          '<datiSingoliPagamenti/>',
      ),
    )
    expect(rows.map(({ code, importoCents, amountText }) => [code, importoCents, amountText])).toEqual([
      ['7', null, '7.005'],
      ['REVOKED', 310, null],
      ['', null, ''],
    ])
    expect(rows[0]!.faults).toEqual(['iur', 'importoCents', 'paidOn'])
  })

  it('whose elements stand twice is read once', () => {
    const twice = flow(
      '<identificativoFlusso>A</identificativoFlusso><identificativoFlusso>B</identificativoFlusso>',
    )
    expect(whole(twice).head.flowId).toBe('A')
  })
})

it('a long document is read to its end', () => {
  const fields = { identificativoUnivocoVersamento: '1', identificativoUnivocoRiscossione: 'R' }
  expect(whole(flow(payment(fields).repeat(20_000))).rows).toHaveLength(20_000)
})

describe('hostile documents are refused within a second', () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  it.each<[string, string | Uint8Array, string]>([
    ['a billion laughs', `<!DOCTYPE a [<!ENTITY l0 "ah">${laughs}]>${flow('&l9;')}`, 'DOCTYPE'],
    ['an external entity', `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>${flow('&e;')}`, 'DOCTYPE'],
    ['an external DTD', `<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">${flow('')}`, 'DOCTYPE'],
    ['an unknown entity', flow('&e;'), 'MALFORMED'],
    ['100,000 levels', flow(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`), 'TOO_LONG'],
    [
      '100,000 attributes',
      flow(`<a ${Array.from({ length: 100_000 }, (_, n) => `a${n}=""`).join(' ')}/>`),
      'TOO_LONG',
    ],
    [
      'a text of 8 MB',
      flow(`<identificativoFlusso>${'x'.repeat(8_000_000)}</identificativoFlusso>`),
      'TOO_LONG',
    ],
    ['a comment of 8 MB', flow(`<!--${'x'.repeat(8_000_000)}-->`), 'TOO_LONG'],
    ['UTF-16', Buffer.from(`\ufeff${flow('')}`, 'utf16le'), 'ENCODING'],
    [
      'a charset that it has not',
      Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${flow('')}`),
      'ENCODING',
    ],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('<a>'), Buffer.from([0xff, 0xfe, 0x80])]),
      'ENCODING',
    ],
    ['another document', '<RPT/>', 'OTHER_DOCUMENT'],
    ['half a document', SAMPLE.subarray(0, 2_000), 'MALFORMED'],
    ['nothing', '', 'MALFORMED'],
    ['no XML', 'PK\u0003\u0004', 'MALFORMED'],
  ])('%s', (_name, document, why) => {
    expect(whyNot(document)).toBe(why)
  })
})
