import { describe, expect, test } from 'vitest'
import type { PaidItem, Receipt } from './receipt.ts'
import { brokenRule, oddities, receiptAddresses, type AskedAttempt } from './receipt-check.ts'

const KEY = { domain: '01234567890', iuv: '12000000000000001', attemptCode: 'n/a' }
const CAUSALE = '/RFB/12000000000000001/10.00'

const anItem = (given: Partial<PaidItem> = {}): PaidItem => ({
  cents: 1000,
  outcomeText: 'ESEGUITO',
  outcomeOn: '2026-11-02',
  iur: 'iur1',
  causale: CAUSALE,
  datiSpecificiRiscossione: '9/0107101TS/',
  feeCents: null,
  attachment: null,
  ...given,
})

const SUBJECT = {
  tipo: 'F',
  codice: 'X',
  name: 'X',
  email: null,
  indirizzo: null,
  civico: null,
  cap: null,
  localita: null,
  provincia: null,
  nazione: null,
}

const answering = (requestMessageId: string): Receipt['rt'] => ({
  version: '6.2.0',
  station: null,
  messageId: 'rt1',
  requestMessageId,
  requestedOn: '2026-11-02',
})

const aReceipt = (given: Partial<Receipt> = {}): Receipt => ({
  ...KEY,
  issuedAt: '2026-11-02T10:00:00',
  rt: answering('m1'),
  outcome: 'paid',
  totalCents: 1000,
  attesting: { ...SUBJECT, unitCode: null, unit: null },
  beneficiary: { ...SUBJECT, unitCode: null, unit: null },
  versante: null,
  pagatore: SUBJECT,
  items: [anItem()],
  ...given,
})

const RPT: AskedAttempt = {
  messageId: 'm1',
  totalCents: 1000,
  asked: {
    pagatore: { codice: 'X', name: 'X' },
    versante: { codice: 'X', name: 'X' },
    beneficiary: { codice: 'X', name: 'X' },
  },
  items: [{ cents: 1000, causale: CAUSALE, datiSpecificiRiscossione: '9/0107101TS/' }],
}

const broken = (given: Partial<Receipt>): string | undefined => brokenRule(aReceipt(given), RPT, KEY)

describe('an RT that may settle', () => {
  test.each([
    ['paid in full', {}],
    ['D8: sums up, but not to the total of the RPT', { totalCents: 900, items: [anItem({ cents: 900 })] }],
    ['refused, without items', { outcome: 'not_paid' as const, totalCents: 0, items: [] }],
    [
      'refused, with items of zero',
      { outcome: 'not_paid' as const, totalCents: 0, items: [anItem({ cents: 0 })] },
    ],
    ['timed out, without items', { outcome: 'timed_out' as const, totalCents: 0, items: [] }],
    ['partly paid', { outcome: 'partly_paid' as const, totalCents: 1, items: [anItem({ cents: 1 })] }],
    [
      'timed out, partly paid',
      { outcome: 'timed_out_partly' as const, totalCents: 0, items: [anItem({ cents: 0 })] },
    ],
    [
      'other codes of the collection (row 10 never refuses)',
      { items: [anItem({ datiSpecificiRiscossione: '9/x' })] },
    ],
  ])('%s', (_, given) => {
    expect(broken(given)).toBeUndefined()
  })
})

describe('an RT that breaks a fatal rule', () => {
  test.each([
    ['D6: answers another message', { rt: answering('m2') }, 'riferimentoMessaggioRichiesta'],
    ['another domain than its header', { domain: '99999999999' }, 'identificativoDominio'],
    ['another IUV than its header', { iuv: '12000000000000002' }, 'identificativoUnivocoVersamento'],
    ['another CCP than its header', { attemptCode: 'n/b' }, 'codiceContestoPagamento'],
    ['paid, without items', { items: [] }, 'datiSingoloPagamento mancanti'],
    [
      'two items for one asked',
      { totalCents: 2000, items: [anItem(), anItem()] },
      'numero di datiSingoloPagamento',
    ],
    ['one cent more than its items', { totalCents: 1001 }, 'importoTotalePagato'],
    ['one cent less than its items', { totalCents: 999 }, 'importoTotalePagato'],
    [
      'refused, and money moved',
      { outcome: 'not_paid' as const, totalCents: 1000, items: [anItem()] },
      'importoTotalePagato non zero',
    ],
    [
      'refused, a total without items',
      { outcome: 'timed_out' as const, items: [] },
      'importoTotalePagato non zero',
    ],
    ['another causale', { items: [anItem({ causale: 'x' })] }, 'causaleVersamento'],
  ])('%s', (_, given, rule) => {
    expect(broken(given)).toContain(rule)
  })

  test('of several broken rules the first in the order of the specification is named', () => {
    expect(broken({ rt: answering('m2'), iuv: 'x', totalCents: 1 })).toContain(
      'riferimentoMessaggioRichiesta',
    )
  })
})

describe('oddities are listed, each once', () => {
  test('none in a plain RT', () => {
    expect(oddities(aReceipt(), RPT)).toEqual([])
  })

  test('other collection data, a missing outcome of a zero item, money without IUR', () => {
    const receipt = aReceipt({
      items: [
        anItem({ datiSpecificiRiscossione: 'y', iur: 'n/a' }),
        anItem({ cents: 0, outcomeText: null, iur: 'n/a' }),
      ],
    })
    expect(oddities(receipt, { ...RPT, items: [RPT.items[0]!, RPT.items[0]!] })).toEqual([
      'dati_specifici',
      'iur_missing',
      'outcome_missing',
    ])
  })

  test('other words behind /TXT/ are a note, another amount before it is a broken rule', () => {
    const attempt = { ...RPT, items: [{ ...RPT.items[0]!, causale: `${CAUSALE}/TXT/Mensa` }] }
    const receipt = aReceipt({ items: [anItem({ causale: `${CAUSALE}/TXT/MENSA SCOLASTICA` })] })
    expect(brokenRule(receipt, attempt, KEY)).toBeUndefined()
    expect(oddities(receipt, attempt)).toEqual(['causale_text'])
    const other = aReceipt({ items: [anItem({ causale: '/RFB/12000000000000001/10.01/TXT/Mensa' })] })
    expect(brokenRule(other, attempt, KEY)).toContain('causaleVersamento')
  })

  test('other names and codes of payer, versante and payee; capitals are the same name', () => {
    const receipt = aReceipt({
      pagatore: { ...SUBJECT, codice: 'Y', name: 'x' },
      versante: { ...SUBJECT, name: 'Z' },
      beneficiary: { ...SUBJECT, codice: 'W', name: 'W', unitCode: null, unit: null },
    })
    expect(oddities(receipt, RPT)).toEqual(['payer_code', 'versante_name', 'payee_code', 'payee_name'])
    expect(oddities(receipt, { ...RPT, asked: undefined })).toEqual([])
  })
})

describe('D10: who gets the receipt mail', () => {
  const none = { pagatore: null, versante: null }
  const person = (email: string | null): Receipt['pagatore'] => ({ ...SUBJECT, email })

  test('the addresses of the RT come before those of the RPT', () => {
    const receipt = aReceipt({ pagatore: person('rt@example.org') })
    expect(receiptAddresses(receipt, { pagatore: 'rpt@example.org', versante: null })).toEqual([
      'rt@example.org',
    ])
  })

  test('the versante too when it differs, in whatever case it is written', () => {
    const receipt = aReceipt({ pagatore: person('A@example.org'), versante: person('b@example.org') })
    expect(receiptAddresses(receipt, none)).toEqual(['a@example.org', 'b@example.org'])
    const same = aReceipt({ pagatore: person('A@example.org'), versante: person('a@EXAMPLE.org') })
    expect(receiptAddresses(same, none)).toEqual(['a@example.org'])
  })

  test('nobody when no address is known', () => {
    expect(receiptAddresses(aReceipt(), none)).toEqual([])
  })
})
