import { describe, expect, it } from 'vitest'
import { cents, MAX_NOTICE_AMOUNT } from '../../domain/money.ts'
import { dataMatrixText, qrText } from '../../domain/notice/barcodes.ts'
import { renderNoticePdf } from './notice-pdf.ts'
import type { NoticePdfView } from './notice-view.ts'
import { drawnCodes, readCode } from './testing/pdf-squares.ts'
import { pdfPages, pdfTags, pdfText } from './testing/pdf-text.ts'

function aNotice(change: Partial<NoticePdfView> = {}): NoticePdfView {
  return {
    isTest: false,
    printedAt: '2026-03-31T08:15:00Z',
    noticeNumber: '322000000000000101',
    subject: 'Mensa scolastica pasti 22',
    importo: cents(15_050),
    dueOn: '2026-04-30',
    ente: {
      name: "Comune di Pieve Sant'Elmo",
      codiceFiscale: '99999902028',
      settore: 'Ufficio scuola',
      info: 'Via Roma 24/A, 31050 Pieve Sant’Elmo (TV)',
      cbill: 'AX902',
      logo: null,
    },
    payer: {
      name: 'Niccolò Müller',
      codice: 'BNCCHR85H52M999M',
      address: 'Via dei Tigli 3, 31050 Pieve (TV)',
    },
    postal: {
      conto: '1000000202',
      holder: 'Comune di Pieve',
      authorization: 'AUT. DB/SSIC/E 99902 DEL 01/02/2020',
    },
    secondLanguage: null,
    portalUrl: 'https://mypay.example',
    ...change,
  }
}

describe('the codes of a notice, read back from the file', () => {
  it.each([5, 15_050, 99_999, 100_000, 123_456, MAX_NOTICE_AMOUNT])('%d cents', async (amount) => {
    const view = aNotice({ importo: cents(amount) })
    const [qr, matrix] = drawnCodes(await renderNoticePdf(view))
    const numbers = {
      noticeNumber: view.noticeNumber,
      domain: view.ente.codiceFiscale,
      importo: cents(amount),
    }
    for (const pixels of [3, 6]) expect(readCode(qr!, 'qr', pixels)).toBe(qrText(numbers))
    const text = dataMatrixText({ ...numbers, conto: '1000000202', payer: view.payer, subject: view.subject })
    expect(text).toContain('NICCOLO MULLER')
    for (const pixels of [3, 6]) expect(readCode(matrix!, 'datamatrix', pixels)).toBe(text)
    expect(text.slice(49, 59)).toBe(readCode(qr!, 'qr').split('|')[4]!.padStart(10, '0'))
  })

  it('the printed amount is the one in the codes', async () => {
    const text = pdfText(await renderNoticePdf(aNotice({ importo: cents(123_456) })))
    expect(text.match(/1\.234,56 Euro/g)).toHaveLength(3)
  })
})

describe('names and codes of a notice', () => {
  it('ANONIMO is not printed as a fiscal code, but the Data Matrix of Poste contains it', async () => {
    const view = aNotice({ payer: { name: 'Hans Müller', codice: 'ANONIMO', address: '' } })
    const file = await renderNoticePdf(view)
    expect(pdfText(file)).not.toContain('ANONIMO')
    expect(pdfText(file)).toContain('Hans Müller')
    expect(readCode(drawnCodes(file)[1]!, 'datamatrix')).toContain('ANONIMO')
  })

  it('a name of an ente of 100 characters is printed whole', async () => {
    const name = `Unione dei Comuni della Valle dell’Astico e ${'delle Prealpi '.repeat(4)}`.padEnd(100, 'x')
    const { ente } = aNotice()
    const text = pdfText(await renderNoticePdf(aNotice({ ente: { ...ente, name } })))
    expect(text.replace(/\s+/g, '')).toContain(name.replace(/\s+/g, ''))
  })
})

describe('a notice', () => {
  it('prints every field, and the code in groups of four', async () => {
    const text = pdfText(await renderNoticePdf(aNotice())).replaceAll('\n', ' ')
    for (const part of [
      'Avviso di pagamento',
      'pagoPA',
      'Mensa scolastica pasti 22',
      "Comune di Pieve Sant'Elmo",
      'Cod. fiscale 99999902028',
      'Ufficio scuola',
      'Niccolò Müller',
      'Cod. fiscale BNCCHR85H52M999M',
      '150,50 Euro',
      'entro il 30/04/2026',
      'RATA UNICA',
      'AX902',
      '3220 0000 0000 0001 01',
      '1000000202',
      'AUT. DB/SSIC/E 99902',
      'DEL 01/02/2020',
      'P1',
    ])
      expect(text).toContain(part)
  })

  it('without a postal account has one code, without a CBILL a dash, without a date none', async () => {
    const plain = aNotice()
    const view = aNotice({ postal: null, dueOn: null, ente: { ...plain.ente, cbill: null } })
    const file = await renderNoticePdf(view)
    expect(drawnCodes(file)).toHaveLength(1)
    const lines = pdfText(file).split('\n')
    expect(lines).toContain('-')
    expect(lines.join(' ')).not.toMatch(/entro il|Bollettino/)
  })

  it.each([
    ['en', 'Payment notice', 'by 30/04/2026'],
    ['de', 'Zahlungsbescheid', 'bis zum 30/04/2026'],
  ] as const)('has a second page in %s where the ente wants it', async (secondLanguage, title, due) => {
    const file = await renderNoticePdf(aNotice({ secondLanguage }))
    const [first, second] = pdfPages(file).map((lines) => lines.map(({ text }) => text).join(' '))
    expect(first).toContain('Avviso di pagamento')
    expect(second).toContain(title)
    expect(second).toContain(due)
    expect(drawnCodes(file)).toHaveLength(4)
  })

  it('from a test environment has a warning on every page that it must not be paid', async () => {
    const pages = pdfPages(await renderNoticePdf(aNotice({ isTest: true, secondLanguage: 'en' })))
    expect(pages[0]!.some(({ text }) => text.startsWith('COLLAUDO'))).toBe(true)
    expect(pages[1]!.some(({ text }) => text.startsWith('TEST'))).toBe(true)
  })

  it.each(['W', 'lunga parola ', 'È'])(
    'of the longest values, made of %j, no line leaves the page or meets another',
    async (unit) => {
      const long = (length: number): string => unit.repeat(length).slice(0, length)
      const view = aNotice({
        subject: long(140),
        importo: MAX_NOTICE_AMOUNT,
        isTest: true,
        secondLanguage: 'de',
        ente: { ...aNotice().ente, name: long(100), settore: long(50), info: long(1000) },
        payer: { name: long(70), codice: 'BNCCHR85H52M999M', address: long(140) },
        postal: {
          conto: '123456789012',
          holder: long(50),
          authorization: 'AUT. DB/SSIC/E 99902/123456789012 DEL 01/02/2020',
        },
        portalUrl: `https://${long(60).replaceAll(' ', '')}.example`,
      })
      for (const lines of pdfPages(await renderNoticePdf(view)))
        for (const [index, line] of lines.entries()) {
          expect([line.text, line.x >= 36 - 0.01 && line.right <= 559.5]).toEqual([line.text, true])
          expect(line.y).toBeGreaterThan(20)
          const meets = lines
            .slice(index + 1)
            .filter(
              (other) =>
                other.x < line.right - 1 && line.x < other.right - 1 && Math.abs(other.y - line.y) < 3.9,
            )
          expect([line.text, meets.map(({ text }) => text)]).toEqual([line.text, []])
        }
    },
  )

  it('is tagged, titled, of PDF/A, and the same file for the same view', async () => {
    const [one, two] = [await renderNoticePdf(aNotice()), await renderNoticePdf(aNotice())]
    expect(one.equals(two)).toBe(true)
    const raw = one.toString('latin1')
    for (const part of ['/Lang (it-IT)', '/Marked true', 'pdfaid:part', '/DisplayDocTitle true'])
      expect(raw).toContain(part)
    expect(pdfTags(one).filter((tag) => tag === 'H1')).toHaveLength(1)
    expect(pdfTags(one).filter((tag) => tag === 'Figure')).toHaveLength(2)
  })
})
