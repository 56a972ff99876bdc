import { describe, expect, it } from 'vitest'
import { cents, MAX_IMPORTO } from '../../domain/money.ts'
import { type ReceiptItem, type ReceiptPerson, type ReceiptView, renderReceiptPdf } from './receipt-pdf.ts'
import { shieldPng } from '../../db/ente/seed-logo.ts'
import { PAGE } from './sheet.ts'
import { pdfPages, pdfTags, pdfText } from './testing/pdf-text.ts'

const address = {
  indirizzo: 'Via Roma',
  civico: '24/A',
  cap: '31050',
  localita: "Pieve Sant'Elmo",
  provincia: 'TV',
  nazione: 'IT',
}

const person: ReceiptPerson = {
  name: 'Chiara Bianchi',
  tipo: 'F',
  codice: 'BNCCHR85H52M999M',
  email: 'chiara.bianchi@posta.example',
  address,
}

function anItem(change: Partial<ReceiptItem> = {}): ReceiptItem {
  return {
    iur: '20260331093012345',
    paidOn: '2026-03-30',
    importo: cents(12_345),
    iud: 'MENSA_SCOLAS-000004',
    tipoDovuto: 'Mensa scolastica',
    datiSpecificiRiscossione: '9/0107101TS/',
    causale: '/RFB/22000000000000101/123.45/TXT/Mensa scolastica pasti 22',
    fee: cents(150),
    ...change,
  }
}

const REFERENCES = { requestMessageId: 'RICHIESTA-1', requestedOn: '2026-03-29', messageId: 'RICEVUTA-1' }

function aReceipt(change: Partial<ReceiptView> = {}): ReceiptView {
  return {
    isTest: false,
    printedAt: '2026-03-31T08:15:00Z',
    outcome: 'paid',
    total: cents(12_345),
    domain: '99999902028',
    iuv: '22000000000000101',
    attemptCode: '99999902028322000000000000101-00001',
    issuedAt: '2026-03-30T23:30:00',
    references: REFERENCES,
    attesting: { name: 'Banca di prova', tipo: 'B', codice: 'ABCDITXX', unit: 'Sportello 1', address },
    beneficiary: { name: "Comune di Pieve Sant'Elmo", tipo: 'G', codice: '99999902028', unit: null, address },
    versante: { ...person, name: 'Stefano Galli', codice: 'GLLSFN78D14M999X' },
    pagatore: person,
    items: [anItem()],
    ...change,
  }
}

/**
 * A receipt whose values are all as long as the schema of the RT allows; one has no blank, so no line can break at one.
 */
function theLongestReceipt(): ReceiptView {
  const longest = {
    indirizzo: 'Indirizzo lunghissimo '.repeat(4).slice(0, 70),
    civico: 'C'.repeat(16),
    cap: '9'.repeat(16),
    localita: 'L'.repeat(35),
    provincia: 'P'.repeat(35),
    nazione: 'IT',
  }
  const body = {
    name: 'W'.repeat(70),
    tipo: 'G',
    codice: '9'.repeat(35),
    unit: 'U'.repeat(70),
    address: longest,
  }
  const subject = {
    name: 'M'.repeat(70),
    tipo: 'F',
    codice: 'W'.repeat(16),
    email: `${'e'.repeat(240)}@posta.example`,
    address: longest,
  }
  const item = anItem({
    iur: 'W'.repeat(35),
    importo: MAX_IMPORTO,
    iud: 'W'.repeat(35),
    tipoDovuto: 'T'.repeat(256),
    datiSpecificiRiscossione: `9/${'W'.repeat(138)}`,
    causale: 'W'.repeat(140),
  })
  return aReceipt({
    isTest: true,
    total: MAX_IMPORTO,
    attemptCode: 'W'.repeat(35),
    references: { ...REFERENCES, requestMessageId: 'W'.repeat(35), messageId: 'W'.repeat(35) },
    iuv: 'W'.repeat(35),
    attesting: body,
    beneficiary: body,
    versante: subject,
    pagatore: subject,
    items: [item, item, item, item, item],
  })
}

describe('receipt', () => {
  it('of one due fits one page and prints every field', async () => {
    const file = await renderReceiptPdf(aReceipt())
    expect(pdfPages(file)).toHaveLength(1)
    const lines = pdfText(file).split('\n')
    for (const text of [
      'Ricevuta telematica di pagamento',
      'Importo totale pagato: 123,45 €',
      'Esito: Pagamento eseguito',
      '22000000000000101',
      '99999902028322000000000000101-00001',
      'RICHIESTA-1',
      '29/03/2026',
      'RICEVUTA-1',
      '30/03/2026 23:30',
      '31/03/2026 10:15',
      'Banca di prova',
      'Codice identificativo (Codice BIC)',
      'Sportello 1',
      "Comune di Pieve Sant'Elmo",
      'Stefano Galli',
      'GLLSFN78D14M999X',
      'Chiara Bianchi',
      'chiara.bianchi@posta.example',
      "Via Roma 24/A, 31050 Pieve Sant'Elmo (TV), IT",
      'Mensa scolastica pasti 22',
      '20260331093012345',
      '30/03/2026',
      'MENSA_SCOLAS-000004',
      'Mensa scolastica',
      '9/0107101TS/',
      '1,50 €',
    ]) {
      expect(lines).toContain(text)
    }
  })

  it('of the longest values the schema allows stays within margins and pages', async () => {
    const pages = pdfPages(await renderReceiptPdf(theLongestReceipt()))
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.length).toBeLessThanOrEqual(5)
    for (const line of pages.flat()) {
      expect(line.x).toBeGreaterThanOrEqual(PAGE.side - 0.01)
      expect(line.right).toBeLessThanOrEqual(PAGE.width - PAGE.side + 0.5)
      expect(line.y).toBeGreaterThan(18)
      expect(line.y).toBeLessThan(PAGE.height - PAGE.top)
    }
  })

  it('loses no character of a value that takes several lines', async () => {
    const text = pdfText(await renderReceiptPdf(theLongestReceipt())).replaceAll('\n', '')
    expect(text).toContain('T'.repeat(256))
    expect(text).toContain(`9/${'W'.repeat(138)}`)
    expect(text).toContain(`${'e'.repeat(240)}@posta.example`)
  })

  it('prints no line over another one', async () => {
    for (const page of pdfPages(await renderReceiptPdf(theLongestReceipt()))) {
      const places = page.map((line) => `${line.x.toFixed(0)} ${line.y.toFixed(1)}`)
      expect(new Set(places).size).toBe(places.length)
    }
  })

  it('numbers its pages and names itself on each', async () => {
    const pages = pdfPages(await renderReceiptPdf(aReceipt({ items: [1, 2, 3, 4, 5].map(() => anItem()) })))
    expect(pages).toHaveLength(2)
    pages.forEach((page, index) => {
      expect(page.at(-1)!.text).toBe(
        `Ricevuta telematica di pagamento · IUV 22000000000000101 · pagina ${index + 1} di 2`,
      )
    })
  })

  it('from a test environment has a note on every page that it is worthless', async () => {
    const items = [1, 2, 3, 4, 5].map(() => anItem())
    for (const page of pdfPages(await renderReceiptPdf(aReceipt({ isTest: true, items })))) {
      expect(page.map((line) => line.text).join('\n')).toContain('COLLAUDO – documento senza valore')
    }
    expect(pdfText(await renderReceiptPdf(aReceipt()))).not.toContain('COLLAUDO')
  })

  it('of a negative outcome without items and without versante is printed all the same', async () => {
    const text = pdfText(
      await renderReceiptPdf(aReceipt({ outcome: 'not_paid', total: cents(0), items: [], versante: null })),
    )
    expect(text).toContain('Esito: Pagamento non eseguito')
    expect(text).toContain('Importo totale pagato: 0,00 €')
    expect(text).not.toContain('Soggetto versante')
    expect(text).not.toContain('Dovuti pagati')
  })

  it('leaves out what the RT leaves out', async () => {
    const item = anItem({ iud: null, tipoDovuto: null, fee: null })
    const text = pdfText(
      await renderReceiptPdf(aReceipt({ items: [item], pagatore: { ...person, email: null, address: {} } })),
    )
    for (const label of ['IUD', 'Tipo dovuto', 'Commissioni']) expect(text).not.toContain(label)
  })

  it('prints texts of a PSP with characters that no font has or that would break a line', async () => {
    const attesting = { ...aReceipt().attesting, name: 'Banca\r\nÈ vera 銀行 😀', unit: null }
    expect(pdfText(await renderReceiptPdf(aReceipt({ attesting })))).toContain('\nBanca È vera ?? ?\n')
  })

  it('of a protocol without messages has no references of messages', async () => {
    const text = pdfText(await renderReceiptPdf(aReceipt({ references: null })))
    expect(text).not.toContain('Riferimento messaggio richiesta')
    expect(text).toContain('Data ricevuta')
  })

  it('prints a day with an offset as the day that is written', async () => {
    expect(
      pdfText(
        await renderReceiptPdf(aReceipt({ references: { ...REFERENCES, requestedOn: '2026-03-28+01:00' } })),
      ),
    ).toContain('\n28/03/2026\n')
  })
})

describe('the file of a receipt', () => {
  it('is the same for the same view, byte for byte', async () => {
    const [first, second] = [await renderReceiptPdf(aReceipt()), await renderReceiptPdf(aReceipt())]
    expect(first.equals(second)).toBe(true)
  })

  it('declares language, title, tags and PDF/A', async () => {
    const source = (await renderReceiptPdf(aReceipt())).toString('latin1')
    expect(source).toContain('/Lang (it-IT)')
    expect(source).toContain('/DisplayDocTitle true')
    expect(source).toContain('/MarkInfo')
    expect(source).toContain('<pdfaid:part>2</pdfaid:part>')
    expect(source).toContain('<pdfaid:conformance>A</pdfaid:conformance>')
    expect(source).toContain('/OutputIntents')
  })

  it('embeds every font it uses', async () => {
    const file = await renderReceiptPdf(aReceipt())
    const used = new Set(pdfPages(file).flatMap((page) => page.map((line) => line.font)))
    expect([...used].sort()).toEqual(['RobotoMono-Regular', 'TitilliumWeb-Bold', 'TitilliumWeb-Regular'])
    const source = file.toString('latin1')
    expect(source.match(/\/FontFile2 \d+ 0 R/g)).toHaveLength(3)
    expect(source).not.toContain('/Helvetica')
  })

  it('has one title, a heading for each block and a list of labels and values under it', async () => {
    const tags = pdfTags(await renderReceiptPdf(aReceipt()))
    const count = (tag: string) => tags.filter((other) => other === tag).length
    expect([count('Document'), count('H1'), count('H2'), count('L')]).toEqual([1, 1, 6, 6])
    expect(count('Lbl')).toBeGreaterThan(20)
    expect([count('LI'), count('LBody')]).toEqual([count('Lbl'), count('Lbl')])
  })

  it('has the arms of the ente as a picture with an alternative text, and no text moves', async () => {
    const [plain, stamped] = [
      await renderReceiptPdf(aReceipt()),
      await renderReceiptPdf(aReceipt({ logo: shieldPng([0, 92, 153]) })),
    ]
    expect(pdfTags(stamped).filter((tag) => tag === 'Figure')).toHaveLength(1)
    expect(pdfTags(plain)).not.toContain('Figure')
    expect(stamped.toString('latin1')).toMatch(/\/Subtype \/Image[\s\S]{0,200}\/ColorSpace \/DeviceGray/)
    expect(stamped.toString('latin1')).not.toMatch(/\/ColorSpace \/DeviceRGB/)
    expect(pdfText(stamped)).toBe(pdfText(plain))
  })
})
