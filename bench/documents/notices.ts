import { cents } from '../../domain/money.ts'
import type { NoticePdfView } from '../../templates/documents/notice-view.ts'

/** Invented notice. Each number gives different data, because the notices of an ente's file differ too. */
export const aNotice = (number: number, change: Partial<NoticePdfView> = {}): NoticePdfView => ({
  isTest: true,
  printedAt: '2026-03-31T08:15:00Z',
  noticeNumber: `3${String(12_000_000_000_000_000 + number)}`,
  subject: `Mensa scolastica, pasti di marzo, bambino ${number}`,
  importo: cents(10_000 + number),
  dueOn: '2026-04-30',
  ente: {
    name: 'Comune di Prova',
    codiceFiscale: '98765432101',
    settore: 'Ufficio scuola',
    info: 'Via Roma 24, 31050 Prova (TV) · 0423 000000 · scuola@comune.example',
    cbill: 'AX902',
    logo: null,
  },
  payer: {
    name: `Niccolò Müller ${number}`,
    codice: 'BNCCHR85H52M999M',
    address: 'Via dei Tigli 3, 31050 Prova (TV)',
  },
  postal: {
    conto: '1000000202',
    holder: 'Comune di Prova',
    authorization: 'AUT. DB/SSIC/E 99902 DEL 01/02/2020',
  },
  secondLanguage: null,
  portalUrl: 'https://mypay.example',
  ...change,
})
