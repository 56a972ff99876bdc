import { describe, expect, it } from 'vitest'
import { changeRows } from '../pages/admin/change-words.ts'
import { renderChangeMail, renderFlowMail } from './staff-mails.ts'

describe('mail of a change', () => {
  it('has a table of field, before and after, and a name adds no header', () => {
    const mail = renderChangeMail({
      enteName: 'Comune\r\nBcc: altri@posta.example',
      codIpa: 'C_X902',
      dueType: null,
      by: 'Sara Gallo',
      at: '2026-03-31T08:15:00Z',
      rows: changeRows({
        entity: 'ente',
        changes: [
          { column: 'iban', from: null, to: 'IT61H9999912345000000000001' },
          { column: 'push_secret', from: 'old one', to: 'new one' },
          { column: 'info', from: 'x'.repeat(200), to: '<b>' },
        ],
      }),
      link: 'https://mypay.example/admin/enti/C_X902',
    })
    expect(mail.subject).not.toMatch(/\p{Cc}/u)
    expect(mail.html).toContain('<td>IBAN di accredito</td><td>–</td><td>IT61H9999912345000000000001</td>')
    expect(mail.html).toContain('&lt;b&gt;')
    for (const form of [mail.text, mail.html]) {
      expect(form).toContain('31/03/2026 10:15')
      expect(form).not.toMatch(/old one|new one|x{81}/)
    }
  })
})

describe('the mail about a file of dues', () => {
  it.each([
    [{ loaded: 3, rejected: 0 }, 'Il flusso è stato caricato'],
    [{ loaded: 1, rejected: 1 }, 'Il flusso è stato caricato con 1 scarto'],
    [{ unchanged: 1, rejected: 1_234 }, 'Il flusso è stato caricato con 1.234 scarti'],
    [{ cancelled: 1, rejected: 6 }, 'Il flusso è stato caricato con 6 scarti'],
    [{ rejected: 6 }, 'Tutto scartato: nessuna riga del flusso è stata caricata'],
    [{}, 'Il flusso è stato caricato'],
  ])('%o is called “%s”', (given, title) => {
    const counts = { loaded: 0, changed: 0, cancelled: 0, unchanged: 0, rejected: 0, ...given }
    const { text, html } = renderFlowMail({
      enteName: 'Comune di Montalbese',
      fileName: 'C_X901-A-1_0.zip',
      errorCode: null,
      counts,
      link: 'https://mypay.example/operatore/C_X901/flussi/1',
    })
    expect(text.split('\n')[0]).toBe(title)
    expect(html).toContain(title)
  })
})
