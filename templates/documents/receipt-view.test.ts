import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../domain/payment/receipt.ts'
import { renderReceiptPdf } from './receipt-pdf.ts'
import { receiptView } from './receipt-view.ts'
import { pdfText } from './testing/pdf-text.ts'

const nowhere = { indirizzo: null, civico: null, cap: null, localita: null, provincia: null, nazione: null }
const item = {
  cents: 1000,
  outcomeText: null,
  outcomeOn: '2026-03-31',
  iur: 'IUR1',
  causale: '/RFB/1/10.00/TXT/Diritti',
  datiSpecificiRiscossione: '9/0105107TS/',
  feeCents: null,
  attachment: null,
}
const receipt: Receipt = {
  domain: '99999901012',
  issuedAt: '2026-03-31T10:15:00',
  rt: {
    version: '6.2.0',
    station: null,
    messageId: 'RT1',
    requestMessageId: 'RPT1',
    requestedOn: '2026-03-31',
  },
  outcome: 'paid',
  totalCents: 2000,
  iuv: 'RF45120100000000000420000',
  attemptCode: 'n/a',
  attesting: {
    tipo: 'B',
    codice: 'ABCDITXX',
    name: 'Banca di prova',
    unitCode: null,
    unit: null,
    ...nowhere,
  },
  beneficiary: {
    tipo: 'G',
    codice: '99999901012',
    name: 'Comune di Montalbese',
    unitCode: null,
    unit: null,
    ...nowhere,
    cap: '36070',
  },
  versante: null,
  pagatore: { tipo: 'F', codice: 'BNCCHR85H52M999M', name: 'Chiara Bianchi', email: null, ...nowhere },
  items: [item, { ...item, iur: 'IUR2', feeCents: 100, attachment: null }],
}
const print = {
  printedAt: '2026-03-31T09:00:00Z',
  isTest: false,
  known: [{ iud: 'IUD1', tipoDovuto: 'Diritti vari' }],
}

describe('an RT as its receipt', () => {
  it('keeps amounts, and adds the facts of an item that only our tables have', () => {
    const view = receiptView(receipt, print)
    expect(view.total).toBe(2000)
    expect(view.items).toMatchObject([
      { iur: 'IUR1', importo: 1000, iud: 'IUD1', tipoDovuto: 'Diritti vari', fee: null },
      { iur: 'IUR2', importo: 1000, iud: null, tipoDovuto: null, fee: 100 },
    ])
  })

  it('can be printed with only the mandatory fields of the schema', async () => {
    const text = pdfText(await renderReceiptPdf(receiptView(receipt, print)))
    expect(text).toContain('Importo totale pagato: 20,00 €')
    expect(text).toContain('\n36070\n')
  })
})
