import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Citizen } from '../../api/middleware/session.ts'
import {
  askLink,
  CHIARA as FIELDS,
  FORM,
  RIGHTS,
  startSite,
  textOf,
  type Site,
} from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import { typed, type Page, type Visitor } from '../setup/visitor.ts'

const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}
const STEFANO = {
  codiceFiscale: 'GLLSFN78D14M999X',
  anagrafica: 'Stefano Galli',
  email: 'stefano@example.org',
}
const LUCA = { codiceFiscale: 'SPSLCU71S03M999T', anagrafica: 'Luca Esposito' }
const LIMITS = { mailbox: 3, person: 3, network: 6 }

let site: Site

beforeAll(async () => {
  site = await startSite({ trustedProxies: ['loopback'], noticeLimits: LIMITS })
})
afterAll(() => site.close())
/** Makes the notices two hours old and empties the limits, like after some hours. */
afterEach(async () => {
  await site.db('due_maker').update({ made_at: site.db.raw(`now() - interval '2 hours'`) })
  await site.db('rate_limit').delete()
})

const signedIn = (citizen: Citizen): Promise<Visitor> => signInAs(site.db, site.visitor(), citizen)
/** Signs in without an e-mail address, because a search then shows the notice before it is paid. */
const withoutAddress = ({ codiceFiscale, anagrafica }: Citizen): Promise<Visitor> =>
  signedIn({ codiceFiscale, anagrafica })

/** A visitor who has proved this address by the link of a mail. */
async function withMailbox(address: string, from?: string): Promise<Visitor> {
  const visitor = site.visitor(from)
  const link = await askLink(site, visitor, { 'e-mail': address })
  await visitor.submit(await visitor.get(link), link)
  return visitor
}

/** Sends the form with "Prepara l'avviso da pagare più tardi". */
async function prepare(visitor: Visitor, fields: Record<string, string> = {}): Promise<Page> {
  const filled = { ...RIGHTS, ...FIELDS, azione: 'avviso', ...fields }
  return visitor.submit(await visitor.get(FORM), FORM, filled)
}

const made = async (visitor: Visitor, fields: Record<string, string>): Promise<string> => {
  const page = await prepare(visitor, fields)
  expect([page.status, page.location]).toEqual([303, `${site.url}/avviso/esito`])
  const [due] = (await site
    .db('due')
    .where({ spontaneous: true })
    .whereNotNull('iuv')
    .orderBy('id', 'desc')
    .limit(1)
    .select('iuv')) as { iuv: string }[]
  return due!.iuv
}

const stateOf = async (iuv: string): Promise<string> =>
  ((await site.db('due').where({ iuv }).first('state')) as { state: string }).state

/** Finds a notice by its number and fiscal code and sends the form that takes it back; returns the state of the due. */
async function takeBack(visitor: Visitor, iuv: string): Promise<string> {
  const search = { 'codice-avviso': iuv, 'intestatario-codice': CHIARA.codiceFiscale, 'e-mail': '' }
  await visitor.submit(await visitor.get('/avviso'), '/avviso', search)
  const shown = await visitor.get('/avviso/esito')
  const form = { ...shown, html: shown.html.replace('action="/avviso/paga"', 'action="/avviso/annulla"') }
  await visitor.submit(form, '/avviso/annulla', { posto: '0' })
  return stateOf(iuv)
}

describe('"Posizioni da pagare"', () => {
  it('shows nothing that a stranger wrote in the name of a person, whatever the stranger proved', async () => {
    const stranger = await withMailbox('stranger@example.org')
    await made(stranger, { 'e-mail': 'stranger@example.org', nota: 'di un estraneo' })
    const other = await signedIn(STEFANO)
    await made(other, { nota: 'di un altro account' })
    const chiara = await signedIn(CHIARA)
    for (const path of ['/area', '/area/posizioni?righe=100'])
      expect(textOf(await chiara.get(path))).not.toMatch(/di un estraneo|di un altro account/)
    expect((await chiara.get('/area/posizioni')).html).not.toContain('C_X901')
  })

  it('shows what its owner prepared signed in, and the dues of enti', async () => {
    const chiara = await signedIn(CHIARA)
    await made(chiara, { nota: 'di Chiara stessa' })
    const page = textOf(await chiara.get('/area/posizioni'))
    expect(page).toContain('di Chiara stessa')
    expect(page).toContain('lampada 12/B')
  })

  it('puts no due of a stranger in a cart, also when its id is known', async () => {
    const stranger = await withMailbox('ids@example.org')
    const iuv = await made(stranger, { 'e-mail': 'ids@example.org' })
    const { id } = (await site.db('due').where({ iuv }).first('id')) as { id: string }
    const chiara = await signedIn(CHIARA)
    const page = await chiara.get('/area/posizioni')
    expect((await chiara.submit(page, '/area/posizioni/carrello', { dovuti: id })).status).toBe(409)
  })
})

describe('"I tuoi pagamenti"', () => {
  /** Inserts a payment that a stranger began, with a cart in this state. */
  async function begun(state: string, nota: string, versante: object): Promise<void> {
    const stranger = await withMailbox(`${nota}@example.org`)
    await stranger.submit(await stranger.get(FORM), FORM, {
      ...RIGHTS,
      ...FIELDS,
      nota,
      'e-mail': `${nota}@example.org`,
    })
    const { id } = (await site.db('cart').where({ state: 'open' }).orderBy('id', 'desc').first('id')) as {
      id: string
    }
    // The cart takes two steps, because the table does not allow a direct move.
    const cart = site.db('cart').where({ id })
    await cart
      .clone()
      .update({ state: 'requested', begun_at: site.db.fn.now(), versante: JSON.stringify(versante) })
    await cart.clone().update({ state })
  }

  it('shows no payment that a stranger began for a person and nobody paid', async () => {
    await begun('not_paid', 'falso1', { tipo: 'F', codice: 'XXXXXX00X00X000X', anagrafica: 'X' })
    await begun('not_paid', 'falso2', { tipo: 'F', codice: CHIARA.codiceFiscale, anagrafica: 'X' })
    const chiara = await signedIn(CHIARA)
    expect(textOf(await chiara.get('/area/pagamenti'))).not.toMatch(/falso1|falso2/)
  })

  it('shows one that was paid for a person, whoever wrote it', async () => {
    await begun('paid', 'vero1', { tipo: 'F', codice: 'XXXXXX00X00X000X', anagrafica: 'X' })
    const due = site.db('due').whereRaw(`causale like '%vero1%'`)
    await due.clone().update({ state: 'paying' })
    await due.clone().update({ state: 'paid' })
    const chiara = await signedIn(CHIARA)
    expect(textOf(await chiara.get('/area/pagamenti'))).toContain('vero1')
  })
})

describe('a notice that a citizen prepared', () => {
  it('can be taken back by its maker with a proved mailbox, also from another browser', async () => {
    const maker = await withMailbox('maker@example.org')
    const iuv = await made(maker, { 'e-mail': 'maker@example.org' })
    const again = await withMailbox('maker@example.org')
    expect(await takeBack(again, iuv)).toBe('cancelled')
  })

  it('can be taken back by the account that made it', async () => {
    const iuv = await made(await signedIn(STEFANO), {})
    expect(await takeBack(await withoutAddress(STEFANO), iuv)).toBe('cancelled')
  })

  it.each<[string, () => Promise<Visitor>]>([
    ['who proved nothing', () => Promise.resolve(site.visitor())],
    ['who proved another mailbox', () => withMailbox('another@example.org')],
    [
      'who proved another mailbox with the same name before the plus',
      () => withMailbox('owner+x@example.org'),
    ],
    ['another account', () => withoutAddress(LUCA)],
    ['the person it is for', () => withoutAddress(CHIARA)],
  ])('cannot be taken back by %s, who knows its number and code', async (_, somebody) => {
    const iuv = await made(await withMailbox('owner@example.org'), { 'e-mail': 'owner@example.org' })
    expect(await takeBack(await somebody(), iuv)).toBe('payable')
  })

  it('of an account cannot be taken back by somebody who only reads the same mailbox', async () => {
    const iuv = await made(await signedIn(STEFANO), {})
    expect(await takeBack(await withMailbox(STEFANO.email), iuv)).toBe('payable')
  })

  it('keeps neither address nor network of its maker readable', async () => {
    await made(await withMailbox('hidden@example.org'), { 'e-mail': 'hidden@example.org' })
    const rows = (await site.db('due_maker')) as Record<string, unknown>[]
    const text = rows
      .map((row) =>
        Object.values(row)
          .map((value) => (value instanceof Buffer ? value.toString('latin1') : String(value)))
          .join(' '),
      )
      .join('\n')
    expect(text).not.toMatch(/hidden|example\.org|127\.0\.0\.1/)
  })
})

describe('unpaid notices in an hour', () => {
  const codes = ['GLLSFN78D14M999X', 'SPSLCU71S03M999T', 'DNGMTR49A41M999I', '09999900013']

  it('of one mailbox are as many as the limit says, however its address is written', async () => {
    const visitor = await withMailbox('limit@example.org')
    for (let n = 0; n < 3; n++)
      await made(visitor, { 'e-mail': 'Limit@example.org', 'intestatario-codice': codes[n]! })
    const tagged = await withMailbox('limit+altro@example.org')
    const full = await prepare(tagged, {
      'e-mail': 'limit+altro@example.org',
      'intestatario-codice': codes[3]!,
    })
    expect([full.status, textOf(full)]).toEqual([
      429,
      expect.stringMatching(
        /già stati preparati 3 con questo indirizzo e-mail.*fra 60 minuti.*pagare subito/,
      ),
    ])
    expect(Number(full.retryAfter)).toBeGreaterThan(3_500)
    expect(typed(full)).toMatchObject({
      nota: RIGHTS.nota,
      importo: RIGHTS.importo,
      'intestatario-codice': codes[3]!,
    })
  })

  it('that are paid count no more', async () => {
    const visitor = await withMailbox('paid@example.org')
    let iuv = ''
    for (let n = 0; n < 3; n++)
      iuv = await made(visitor, { 'e-mail': 'paid@example.org', 'intestatario-codice': codes[n]! })
    expect(
      (await prepare(visitor, { 'e-mail': 'paid@example.org', 'intestatario-codice': codes[3]! })).status,
    ).toBe(429)
    await site.db('due').where({ iuv }).update({ state: 'paying' })
    await site.db('due').where({ iuv }).update({ state: 'paid' })
    await made(visitor, { 'e-mail': 'paid@example.org', 'intestatario-codice': codes[3]! })
  })

  it('for one fiscal code are as many as the limit says, and strangers use up nothing of its owner', async () => {
    for (let n = 0; n < 3; n++) {
      const address = `person${n}@example.org`
      await made(await withMailbox(address), { 'e-mail': address })
    }
    const late = await prepare(await withMailbox('person4@example.org'), { 'e-mail': 'person4@example.org' })
    expect([late.status, textOf(late)]).toEqual([429, expect.stringContaining('3 per questo codice fiscale')])
    const chiara = await signedIn(CHIARA)
    for (let n = 0; n < 3; n++) await made(chiara, {})
    expect((await prepare(chiara)).status).toBe(429)
  })

  it('for payers without a fiscal code have no common count', async () => {
    await site.db('ente_due_type').where({ code: 'DIRITTI_VARI' }).update({ anonymous_payer: true })
    for (let n = 0; n < 4; n++) {
      const address = `nobody${n}@example.org`
      const due = await made(await withMailbox(address), { 'e-mail': address, 'intestatario-codice': '' })
      expect(due).toBeTruthy()
    }
    await site.db('ente_due_type').where({ code: 'DIRITTI_VARI' }).update({ anonymous_payer: false })
  })

  it('from one network are as many as the limit says, and another network is not concerned', async () => {
    const one = '2001:db8:1:2::'
    for (let n = 0; n < 6; n++) {
      const address = `network${n}@example.org`
      const visitor = await withMailbox(address, `${one}${n + 1}`)
      await made(visitor, { 'e-mail': address, 'intestatario-codice': codes[n % 4]! })
    }
    const fields = { 'e-mail': 'network9@example.org', 'intestatario-codice': codes[2]! }
    const full = await prepare(await withMailbox(fields['e-mail'], `${one}99`), fields)
    expect([full.status, textOf(full)]).toEqual([429, expect.stringContaining('6 da questa rete')])
    await made(await withMailbox('elsewhere@example.org', '2001:db8:1:3::1'), {
      ...fields,
      'e-mail': 'elsewhere@example.org',
    })
  })

  it('do not exceed the limit when twelve are requested at once', async () => {
    const visitor = await withMailbox('race@example.org')
    const form = await visitor.get(FORM)
    const fields = { ...RIGHTS, ...FIELDS, azione: 'avviso', 'e-mail': 'race@example.org' }
    const pages = await Promise.all(Array.from({ length: 12 }, () => visitor.submit(form, FORM, fields)))
    expect(pages.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      ...Array.from({ length: 3 }, () => 303),
      ...Array.from({ length: 9 }, () => 429),
    ])
  })

  it('are limited by the link of a mail too, which stays valid', async () => {
    const visitor = site.visitor()
    const asks = { azione: 'avviso', 'e-mail': 'bylink@example.org' }
    const link = await askLink(site, visitor, asks)
    for (let n = 0; n < 3; n++) {
      const address = `before${n}@example.org`
      await made(await withMailbox(address), { 'e-mail': address })
    }
    const full = await visitor.submit(await visitor.get(link), link)
    expect([full.status, textOf(full)]).toEqual([
      429,
      expect.stringMatching(/per questo codice fiscale.*fra 60 minuti/),
    ])
    expect(Number(full.retryAfter)).toBeGreaterThan(3_500)
    const { left } = (await site
      .db('email_link')
      .where({ address: 'bylink@example.org' })
      .first(site.db.raw(`extract(epoch from expires_at - now())::int as left`))) as { left: number }
    expect(left).toBeGreaterThan(Number(full.retryAfter))
    await site.db('due_maker').update({ made_at: site.db.raw(`now() - interval '2 hours'`) })
    expect((await visitor.submit(full, link)).location).toBe(`${site.url}/avviso/esito`)
  })

  it('are refused in the language of the page', async () => {
    for (const [language, words] of [
      ['en', 'for this tax code'],
      ['de', 'für diese Steuernummer'],
    ] as const) {
      await site.db('due_maker').update({ made_at: site.db.raw(`now() - interval '2 hours'`) })
      const visitor = await withMailbox(`${language}@example.org`)
      await visitor.get(`/?lingua=${language}`)
      for (let n = 0; n < 3; n++) await made(visitor, { 'e-mail': `${language}@example.org` })
      const other = await withMailbox(`${language}2@example.org`)
      await other.get(`/?lingua=${language}`)
      expect(textOf(await prepare(other, { 'e-mail': `${language}2@example.org` }))).toContain(words)
    }
  })
})
