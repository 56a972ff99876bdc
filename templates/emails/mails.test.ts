import { describe, expect, it } from 'vitest'
import { cents } from '../../domain/money.ts'
import { OUTCOMES } from '../../domain/payment/model.ts'
import { outcomeWords } from '../money.ts'
import {
  type AddressMailView,
  type LinkMailView,
  type ReceiptMailView,
  renderAddressMail,
  renderCodeMail,
  renderLinkMail,
  renderReceiptMail,
} from './mails.ts'

function aLinkMail(change: Partial<LinkMailView> = {}): LinkMailView {
  return {
    language: 'it',
    enteName: "Comune di Pieve Sant'Elmo",
    link: 'https://mypay.example/conferma/abc_DEF-123',
    validUntil: '2026-03-31T08:15:00Z',
    ...change,
  }
}

function aReceiptMail(change: Partial<ReceiptMailView> = {}): ReceiptMailView {
  return {
    language: 'it',
    outcome: 'paid',
    enteName: 'Comune di Montalbese',
    iuv: '11000000000000144',
    paidOn: '2026-03-31',
    total: cents(123_450),
    items: [
      { causale: 'Mensa scolastica', importo: cents(123_400) },
      { causale: 'Diritti', importo: cents(50) },
    ],
    paymentUrl: 'https://mypay.example/pagamenti/1',
    ...change,
  }
}

describe('mail with the link', () => {
  it('contains the ente, the link and the end of its validity, in both forms', () => {
    const mail = renderLinkMail(aLinkMail())
    expect(mail.subject).toBe("Comune di Pieve Sant'Elmo - Conferma il tuo indirizzo e continua il pagamento")
    for (const form of [mail.text, mail.html]) {
      expect(form).toContain('https://mypay.example/conferma/abc_DEF-123')
      expect(form).toContain('31/03/2026 10:15')
      expect(form).toContain('non rispondere')
    }
    expect(mail.text).toContain("a favore di Comune di Pieve Sant'Elmo e hai")
    expect(mail.html).toContain('<html lang="it">')
  })

  it('a line end in the name of an ente adds no header', () => {
    const mail = renderLinkMail(aLinkMail({ enteName: 'Comune\r\nBcc: altri@posta.example' }))
    expect(mail.subject).toMatch(/^Comune Bcc: altri@posta\.example - /)
    expect(mail.subject).not.toMatch(/\p{Cc}/u)
  })

  it('a very long name makes the subject no longer than one header', () => {
    expect(renderLinkMail(aLinkMail({ enteName: 'X'.repeat(500) })).subject).toHaveLength(150)
  })
})

describe('mail of the outcome', () => {
  it.each(OUTCOMES)('outcome %s is said in a sentence, in both forms', (outcome) => {
    const mail = renderReceiptMail(aReceiptMail({ outcome }))
    expect(mail.text).toContain(outcomeWords(outcome, 'it').sentence)
    expect(mail.html).toContain(outcomeWords(outcome, 'it').sentence)
  })

  it.each(OUTCOMES)('outcome %s speaks of an attached receipt only when there is one', (outcome) => {
    const { hasReceipt } = outcomeWords(outcome, 'it')
    const mail = renderReceiptMail(aReceiptMail({ outcome }))
    expect(hasReceipt).toBe(outcome !== 'not_paid' && outcome !== 'timed_out')
    for (const form of [mail.text, mail.html]) expect(form.includes('è allegata')).toBe(hasReceipt)
    expect(mail.subject.includes('ricevuta')).toBe(hasReceipt)
  })

  it('has every outcome under a sentence of its own', () => {
    expect(new Set(OUTCOMES.map((code) => outcomeWords(code, 'it').sentence)).size).toBe(5)
  })

  it('lists each item, the total, the IUV and the day', () => {
    const { text, html } = renderReceiptMail(aReceiptMail())
    expect(text).toContain('- Mensa scolastica: 1.234,00 €\n- Diritti: 0,50 €\n')
    for (const form of [text, html]) {
      expect(form).toContain('1.234,50 €')
      expect(form).toContain('11000000000000144')
      expect(form).toContain('31/03/2026')
      expect(form).toContain('https://mypay.example/pagamenti/1')
    }
  })

  it('shows a causale with markup as it was written', () => {
    const items = [{ causale: '<img src=x onerror=alert(1)>\n& altro', importo: cents(1) }]
    const { text, html } = renderReceiptMail(aReceiptMail({ items }))
    expect(text).toContain('- <img src=x onerror=alert(1)> & altro: 0,01 €')
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img')
  })

  it('is the same each time it is rendered', () => {
    expect(renderReceiptMail(aReceiptMail())).toEqual(renderReceiptMail(aReceiptMail()))
  })

  it('works without items, because a negative receipt may have none', () => {
    const mail = renderReceiptMail(aReceiptMail({ outcome: 'not_paid', items: [], total: cents(0) }))
    expect(mail.text).toContain('Totale pagato: 0,00 €')
  })
})

describe('a mail in the language of who reads it', () => {
  it.each([
    ['en', 'Continue your payment', 'do not reply'],
    ['de', 'Setzen Sie Ihre Zahlung fort', 'nicht antworten'],
  ] as const)('%s: the link, the code and the receipt have no Italian frame', (language, title, footer) => {
    const link = renderLinkMail(aLinkMail({ language }))
    const code = renderCodeMail({ language, code: '012345', validUntil: '2026-03-31T08:15:00Z' })
    const receipt = renderReceiptMail(aReceiptMail({ language }))
    const changedAt = '2026-03-31T08:15:00Z'
    const address = renderAddressMail({ language, changedAt, link: 'https://mypay.example/area/account' })
    expect(link.text).toContain(title)
    for (const mail of [link, code, receipt, address]) {
      expect(mail.html).toContain(`<html lang="${language}">`)
      for (const form of [mail.text, mail.html]) {
        expect(form).toContain(footer)
        expect(form).not.toMatch(/pagamento|Codice IUV/)
      }
    }
    expect(code.text).toContain('012345')
  })
})

describe('mail to an address that is no longer the account’s', () => {
  it('contains the time of the change and what to do, in both forms, but not the new address', () => {
    const view = {
      language: 'it',
      changedAt: '2026-03-31T08:15:00Z',
      link: 'https://mypay.example/area/account',
    }
    const mail = renderAddressMail(view as AddressMailView)
    for (const form of [mail.text, mail.html]) {
      expect(form).toContain('31/03/2026 10:15')
      expect(form).toContain('https://mypay.example/area/account')
      expect(form).toMatch(/Se non sei stato tu, accedi/)
      expect(form).not.toContain('@')
    }
  })
})
