import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  askLink,
  CHIARA,
  FORM,
  RIGHTS,
  startSite,
  textOf,
  withCart,
  type Site,
} from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { romeDay } from '../../domain/calendar.ts'

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

describe('choosing an ente', () => {
  it('finds enti by a part of the name and says when there is none', async () => {
    const citizen = site.visitor()
    const found = await citizen.get('/enti?q=alber')
    expect(found.html).not.toContain('/enti/C_X902"')
    expect((await citizen.get('/enti?q=montalb')).html).toContain('href="/enti/C_X901"')
    const none = await citizen.get('/enti?q=%25')
    expect([none.status, textOf(none)]).toEqual([200, expect.stringContaining('Nessun ente corrisponde')])
  })

  it('shows an ente that is not open to nobody', async () => {
    await site
      .db('ente')
      .where({ cod_ipa: 'C_X903' })
      .update({ state: 'PRE-ESERCIZIO', adhesion: ['base'] })
    const citizen = site.visitor()
    expect((await citizen.get('/enti')).html).not.toContain('C_X903')
    expect((await citizen.get('/enti/C_X903')).status).toBe(404)
    expect((await citizen.get('/enti/C_X903/spontaneo/UTILIZZO_LOCALI')).status).toBe(404)
  })

  it('continues a long list after the last ente shown', async () => {
    await site.db('ente').insert(
      Array.from({ length: 21 }, (_, index) => ({
        cod_ipa: `z_${String(index).padStart(2, '0')}`,
        codice_fiscale: String(88_800_000_000 + index),
        name: `Zeta ${String(index).padStart(2, '0')}`,
        state: 'ESERCIZIO',
        segregation_code: '01',
        iban: 'IT61H9999912345000000000001',
      })),
    )
    const citizen = site.visitor()
    const first = await citizen.get('/enti?q=zeta')
    expect(first.html).toContain('Zeta 19')
    expect(first.html).not.toContain('Zeta 20')
    expect(first.html).toContain('href="/enti?q&#x3D;zeta&amp;dopo&#x3D;z_19&amp;riga&#x3D;21"')
    const second = await citizen.get('/enti?q=zeta&dopo=z_19')
    expect(second.html).toContain('Zeta 20')
    expect(second.html).not.toContain('rel="next"')
  })

  it.each([
    '/enti/nessuno',
    '/enti/C_X901/spontaneo/NULLA',
    '/enti/C_X902/spontaneo/UTILIZZO_LOCALI',
    '/altro',
  ])('%s is a page that says so', async (path) => {
    const page = await site.visitor().get(path)
    expect(page.status).toBe(404)
    expect(textOf(page)).toContain('Pagina non trovata')
    expect(textOf(page)).toContain('Questa pagina non sa se hai pagato')
  })
})

describe('the form of a due', () => {
  it('comes back with the values kept, a summary that links to the fields, and the title saying so', async () => {
    const citizen = site.visitor()
    const wrong = { ...RIGHTS, ...CHIARA, importo: '10.5', 'intestatario-codice': 'BNCCHR85H52M999X' }
    const page = await citizen.submit(await citizen.get(FORM), FORM, wrong)
    expect(page.status).toBe(422)
    expect(page.html).toContain('<title>Errore: Diritti vari')
    expect(page.html).toContain('value="10.5"')
    expect(page.html).toContain('value="12/2026"')
    expect(page.html).toContain('<option value="segreteria" selected>')
    expect(page.html).toContain('<a href="#importo">')
    expect(page.html).toMatch(
      /id="importo"[^>]*aria-describedby="importo-aiuto importo-errore"[^>]*aria-invalid="true"/,
    )
    expect(textOf(page)).toContain('con i primi 15 caratteri che hai scritto l’ultimo sarebbe M, e non X')
    expect(await site.db('email_link')).toHaveLength(0)
  })

  it.each(['10.5', '1e3', '-1', '0', '1.23,45', '100000000,00', ''])(
    'refuses the amount "%s"',
    async (importo) => {
      const citizen = site.visitor()
      const page = await citizen.submit(await citizen.get(FORM), FORM, { ...RIGHTS, ...CHIARA, importo })
      expect([page.status, page.html.includes('id="importo-errore"')]).toEqual([422, true])
    },
  )

  it('escapes what was typed', async () => {
    const citizen = site.visitor()
    const fields = { ...RIGHTS, ...CHIARA, nota: '"><script>alert(1)</script>', importo: '' }
    const page = await citizen.submit(await citizen.get(FORM), FORM, fields)
    expect(page.html).not.toContain('<script>alert')
    expect(page.html).toContain('&quot;&gt;&lt;script&gt;')
  })

  it('without its hidden field is refused, and nothing is stored', async () => {
    const citizen = site.visitor()
    await citizen.get(FORM)
    const before = await site.db('email_link')
    const body = new URLSearchParams({ ...RIGHTS, ...CHIARA })
    const response = await fetch(site.url + FORM, {
      method: 'POST',
      body,
      headers: { cookie: citizen.cookie() },
    })
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('CSRF_INVALID')])
    expect(await site.db('email_link')).toHaveLength(before.length)
  })

  it('that is too long gets an error page', async () => {
    const body = new URLSearchParams({ nota: 'x'.repeat(30_000) })
    const response = await fetch(site.url + FORM, { method: 'POST', body })
    expect(response.status).toBe(413)
  })
})

describe('the proof of the address', () => {
  it('keeps the draft and only the hash of the token, and signals the mail process', async () => {
    const link = await askLink(site, site.visitor(), { 'e-mail': 'a1@example.org' })
    const row = (await site.db('email_link').where({ address: 'a1@example.org' }).first()) as {
      token_hash: Buffer
      draft: object
    }
    expect(Buffer.from(link.slice('/conferma/'.length), 'base64url')).toHaveLength(32)
    expect(row.token_hash.toString('base64url')).not.toContain(link.slice('/conferma/'.length))
    expect(row.draft).toMatchObject({
      kind: 'spontaneous',
      codIpa: 'C_X901',
      enteName: 'Comune di Montalbese',
    })
    expect(site.processes.told.some((told) => told.startsWith('mail '))).toBe(true)
  })

  it('opening the link changes nothing; the button makes due and cart and renews the session', async () => {
    const citizen = site.visitor()
    const link = await askLink(site, citizen, { 'e-mail': 'a2@example.org' })
    await site.visitor().get(link)
    const page = await citizen.get(link)
    expect([page.status, textOf(page)]).toEqual([200, expect.stringContaining('Conferma il tuo indirizzo')])
    const before = citizen.cookie()
    const done = await citizen.submit(page, link)
    expect([done.status, done.location]).toEqual([303, `${site.url}/carrello`])
    expect(citizen.cookie()).not.toBe(before)
    const cart = await citizen.get('/carrello')
    expect(textOf(cart)).toContain('Totale 10,50 €')
    expect(textOf(cart)).toContain('Diritti Segreteria 12/2026')
    const [due] = (await site
      .db('due')
      .where({ pagatore_codice: CHIARA['intestatario-codice'], spontaneous: true })
      .select('iud', 'due_on', 'state')) as { iud: string; due_on: string; state: string }[]
    expect(due!.iud).toMatch(/^000[0-9a-f]{32}$/)
    expect(due!.due_on > romeDay(new Date().toISOString())).toBe(true)
  })

  it('is used once: of two clicks at the same time one gets the cart, the other its state', async () => {
    const link = await askLink(site, site.visitor(), { 'e-mail': 'a3@example.org' })
    const [one, two] = [site.visitor(), site.visitor()]
    const pages = await Promise.all([one.get(link), two.get(link)])
    const done = await Promise.all([one.submit(pages[0], link), two.submit(pages[1], link)])
    const paths = done.map((page) => page.location!.replace(site.url, '')).sort()
    expect(paths).toEqual(['/carrello', expect.stringMatching(/^\/pagamenti\/[0-9a-f-]{36}$/)])
    expect(textOf(await site.visitor().get(paths[1]!))).toContain('Il pagamento non è partito')
  })

  it('expires by the clock of the database', async () => {
    const citizen = site.visitor()
    const link = await askLink(site, citizen, { 'e-mail': 'a4@example.org' })
    const page = await citizen.get(link)
    await site
      .db('email_link')
      .where({ address: 'a4@example.org' })
      .update({ expires_at: site.db.raw(`now() - interval '1 second'`) })
    const late = await citizen.submit(page, link)
    expect([late.status, textOf(late)]).toEqual([410, expect.stringContaining('Collegamento scaduto')])
    expect((await site.visitor().get('/conferma/nessuno')).status).toBe(404)
  })

  it('of one session serves for the next due, without another mail', async () => {
    const citizen = site.visitor()
    const link = await askLink(site, citizen, { 'e-mail': 'a5@example.org' })
    await citizen.submit(await citizen.get(link), link)
    const again = await citizen.submit(await citizen.get(FORM), FORM, {
      ...RIGHTS,
      ...CHIARA,
      'e-mail': 'A5@example.org',
      importo: '1',
    })
    expect(again.location).toBe(`${site.url}/carrello`)
    expect(textOf(await citizen.get('/carrello'))).toContain('Totale 11,50 €')
    expect(await site.db('email').where({ kind: 'link', address: 'A5@example.org' })).toHaveLength(0)
  })

  it('asked too often by one browser for one address is refused with how long to wait', async () => {
    const citizen = site.visitor()
    const ask = () => askLink(site, citizen, { 'e-mail': 'spesso@example.org' })
    for (let n = 0; n < 3; n++) await ask()
    await expect(ask()).rejects.toThrow(/429.*Ti abbiamo già scritto.*fra 15 minuti/)
    expect(JSON.stringify(await site.db('rate_limit'))).not.toContain('spesso')
  })

  it('leaves neither persons nor tokens in the log', () => {
    const log = site.logged.join('')
    expect(log).toContain('/conferma/:token')
    for (const secret of ['example.org', 'Chiara', 'BNCCHR85H52M999M', ...KEYS.session, ...KEYS.link])
      expect(log).not.toContain(secret)
  })
})

describe('a form that was open while a link renewed the session', () => {
  const MADE = { ...RIGHTS, ...CHIARA, importo: '12,34' }
  /** Sends a form as a browser does, which says from where the form comes. */
  async function send(cookie: string, path: string, body: Record<string, string>, site_ = 'same-origin') {
    const answer = await fetch(site.url + path, {
      method: 'POST',
      body: new URLSearchParams(body),
      redirect: 'manual',
      headers: { cookie, 'sec-fetch-site': site_ },
    })
    return [answer.status, answer.headers.get('location'), await answer.text()] as const
  }
  const tokenOf = ({ html }: { html: string }): string => /name="_csrf" value="([^"]+)"/.exec(html)![1]!

  it('comes back with what was typed and a new token; the old one acts upon nothing', async () => {
    const citizen = site.visitor()
    const link = await askLink(site, citizen, { 'e-mail': 'schede@example.org' })
    const open = await citizen.get(FORM)
    await citizen.submit(await citizen.get(link), link)
    const counts = () =>
      Promise.all(['due', 'email_link', 'cart_item'].map((table) => site.db(table).count()))
    const before = await counts()
    const [status, location] = await send(citizen.cookie(), FORM, { ...MADE, _csrf: tokenOf(open) })
    expect([status, location]).toEqual([303, FORM])
    expect(await counts()).toEqual(before)
    const again = await citizen.get(FORM)
    expect(textOf(again)).toContain('la tua visita è stata rinnovata')
    expect(again.html).toContain('value="12,34"')
    expect(again.html).toContain(`value="${CHIARA['intestatario-codice']}"`)
    expect(tokenOf(again)).not.toBe(tokenOf(open))
    expect((await citizen.get(FORM)).html).not.toContain('value="12,34"')
    const [done] = await send(citizen.cookie(), FORM, { ...MADE, _csrf: tokenOf(again) })
    expect(done).toBe(303)
  })

  it.each(['cross-site', 'same-site', 'none'])(
    'is refused when the browser says that it comes from %s',
    async (from) => {
      const citizen = site.visitor()
      const link = await askLink(site, citizen, { 'e-mail': `da-${from}@example.org` })
      const open = await citizen.get(FORM)
      await citizen.submit(await citizen.get(link), link)
      const [status, , text] = await send(citizen.cookie(), FORM, { ...MADE, _csrf: tokenOf(open) }, from)
      expect([status, text]).toEqual([403, expect.stringContaining('CSRF_INVALID')])
      expect((await citizen.get(FORM)).html).not.toContain('value="12,34"')
    },
  )

  it('is refused without a session, so that strangers store nothing', async () => {
    const [status] = await send('', FORM, { ...MADE, _csrf: 'x' })
    expect(status).toBe(403)
  })

  it('is refused where a button acts at once', async () => {
    const citizen = await withCart(site, { 'e-mail': 'paga@example.org' })
    const [status] = await send(citizen.cookie(), '/carrello/paga', { _csrf: 'x' })
    expect(status).toBe(403)
  })
})
