import MailComposer from 'nodemailer/lib/mail-composer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { iuv17 } from '../../domain/iuv.ts'
import { emailAddress } from '../../domain/person.ts'
import { renderLinkMail, renderReceiptMail } from '../../templates/emails/mails.ts'
import { cents } from '../../domain/money.ts'
import { sectionWith } from '../setup/administration.ts'
import { CHIARA, FORM, RIGHTS, startSite, type Site } from '../setup/citizen-site.ts'
import { enterAsElena } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

let site: Site

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
})
afterAll(() => site.close())

const LINE_ENDS = ['\r\n', '\n', '\r', '\u2028', '\u0085', '\t']
const ADDRESSES = [
  ...LINE_ENDS.map((end) => `x@example.org${end}Bcc: y@example.org`),
  'x@example.org, y@example.org',
  'x@example.org;y@example.org',
  '"x y"@example.org',
  'Nome <x@example.org>',
  'x@example.org%0d%0aBcc:y@example.org',
  'x@[127.0.0.1]',
]

describe('an address of e-mail that carries more than an address', () => {
  it.each(ADDRESSES)('is not valid: %j', (address) => {
    expect(emailAddress.safeParse(address).success).toBe(false)
  })

  it('is refused by every form that asks for one, and no mail is written', async () => {
    const visitor = site.visitor()
    const signed = await signInAs(site.db, site.visitor(), {
      codiceFiscale: 'GLLSFN78D14M999X',
      anagrafica: 'Stefano Galli',
      email: undefined,
    })
    const notice = {
      'codice-avviso': iuv17({ segregationCode: '22', progressive: 1 }),
      'intestatario-codice': CHIARA['intestatario-codice'],
    }
    await visitor.submit(await visitor.get('/avviso'), '/avviso', notice)
    for (const email of ADDRESSES) {
      const forms = [
        await visitor.submit(await visitor.get(FORM), FORM, { ...RIGHTS, ...CHIARA, 'e-mail': email }),
        await visitor.submit(await visitor.get('/avviso'), '/avviso', { ...notice, 'e-mail': email }),
        await visitor.submit(await visitor.get('/avviso/esito'), '/avviso/paga', {
          posto: '0',
          'e-mail': email,
        }),
        await signed.submit(await signed.get('/area/account'), '/area/account/posta', {
          'nuova-posta': email,
        }),
      ]
      expect([email, forms.map(({ status }) => status)]).toEqual([email, [422, 422, 422, 422]])
    }
    expect(await site.db('email')).toEqual([])
  })
})

describe('a name with line ends', () => {
  it('is stored in one line or refused', async () => {
    for (const end of LINE_ENDS) {
      const visitor = site.visitor()
      const name = `Chiara${end}Bcc: altri@example.org`
      const fields = { ...RIGHTS, ...CHIARA, 'intestatario-nome': name }
      await visitor.submit(await visitor.get(FORM), FORM, fields)
    }
    const { rows } = await site.db.raw<{ rows: { draft: string }[] }>('select draft::text from email_link')
    expect(rows.length).toBeGreaterThan(0)
    for (const { draft } of rows) expect(draft).not.toMatch(/\\[nrtu]|[\p{Cc}\u2028\u2029]/u)
  })

  it.each(LINE_ENDS)('adds no header to a mail: %j', async (end) => {
    const hostile = `Comune${end}Bcc: altri@example.org`
    const validUntil = '2026-03-31T08:15:00Z'
    const link = 'https://mypay.example/conferma/abc'
    const mails = [
      renderLinkMail({ language: 'it', enteName: hostile, link, validUntil }),
      renderReceiptMail({
        language: 'de',
        outcome: 'paid',
        enteName: hostile,
        iuv: hostile,
        paidOn: '2026-03-31',
        total: cents(100),
        items: [{ causale: hostile, importo: cents(100) }],
        paymentUrl: link,
      }),
    ]
    for (const mail of mails) {
      const message = new MailComposer({ from: 'a@example.org', to: 'b@example.org', ...mail }).compile()
      expect(message.getEnvelope().to).toEqual(['b@example.org'])
      const headers = (await message.build()).toString('latin1').split('\r\n\r\n')[0]!
      expect(headers).not.toMatch(/^bcc:/im)
    }
  })
})

describe('a text with what a reader cannot see', () => {
  /** One text of each kind; domain/text.test.ts has all. */
  const UNSEEN = ['x\r\nBcc: y@example.org', 'x\ty', 'a\u202eb', 'a\u200bb']
  const WORDS = 'caratteri che non si vedono'
  const around = (text: string): string => `A ${text} B`
  let elena: Visitor

  beforeAll(async () => {
    elena = await enterAsElena(site.db, site.visitor())
  })

  const expectRefused = async (
    path: string,
    action: string,
    fields: Record<string, string>,
  ): Promise<void> => {
    const answer = await elena.submit(await elena.get(path), action, fields)
    expect([fields, answer.status, answer.html.includes(WORDS)]).toEqual([fields, 422, true])
  }

  it('is no name of an ente, of its address or of its information', async () => {
    for (const text of UNSEEN) {
      const identity = { cod_ipa: 'C_X999', codice_fiscale: '01234560009' }
      await expectRefused('/admin/enti/nuovo', '/admin/enti/nuovo', { ...identity, name: around(text) })
      for (const column of ['name', 'indirizzo', 'localita', 'info']) {
        const section = sectionWith('/admin/enti/C_X902', column)
        await expectRefused(section, section, { [column]: around(text) })
      }
    }
    expect(await site.db('ente').where({ cod_ipa: 'C_X999' })).toEqual([])
  })

  it('is no name of a type of due, of its account or of an operator', async () => {
    for (const text of UNSEEN) {
      const path = '/admin/enti/C_X902/tipi/LUCE_VOTIVA'
      for (const column of ['name', 'postal_account_name', 'settore'])
        await expectRefused(path, path, { [column]: around(text) })
      const operators = '/admin/enti/C_X902/operatori'
      await expectRefused(operators, operators, { 'codice-fiscale': 'BNCCHR85H52M999M', nome: around(text) })
    }
  })

  it('is no text of a due that an operator types', async () => {
    const page = '/operatore/C_X902/dovuti/nuovo?tipo=LUCE_VOTIVA'
    for (const text of UNSEEN)
      for (const column of [
        'causaleVersamento',
        'anagraficaPagatore',
        'indirizzoPagatore',
        'localitaPagatore',
      ]) {
        const due = {
          modo: 'mano',
          tipoDovuto: 'LUCE_VOTIVA',
          importoDovuto: '10,50',
          causaleVersamento: 'Luce',
          datiSpecificiRiscossione: '9/0107101TS/LUCE',
        }
        const payer = {
          tipoIdentificativoUnivoco: 'F',
          codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
          anagraficaPagatore: 'Chiara',
        }
        await expectRefused(page, '/dovuti/nuovo', { ...due, ...payer, [column]: around(text) })
      }
  })

  it('is no label, choice or causale of a form', async () => {
    const path = '/admin/enti/C_X902/tipi/LUCE_VOTIVA/modulo'
    const form = (text: string) => ({
      fields: [
        { kind: 'text', id: 'causale', label: 'Causale' },
        { kind: 'amount_typed', id: 'importo', label: 'Importo' },
        {
          kind: 'choice',
          id: 'scelta',
          label: { it: 'Scelta', de: text },
          options: [{ value: 'a', label: 'A' }],
        },
      ],
      causale: 'Luce ${causale}',
    })
    for (const text of UNSEEN) {
      const wrong = [form(text), { ...form('x'), causale: `Luce${text} ${'${causale}'}` }]
      for (const one of wrong) {
        const sent = await elena.submit(await elena.get(path), path, { 'm-json': JSON.stringify(one) })
        const answer = await elena.get(sent.location!)
        expect([text, answer.status, answer.html.includes('cannot be seen')]).toEqual([text, 422, true])
      }
    }
  })
})
