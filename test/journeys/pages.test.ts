import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FORM, startSite, textOf, withCart, type Site } from '../setup/citizen-site.ts'

let site: Site
let hour = '2026-03-27T10:00:00Z'

beforeAll(async () => {
  site = await startSite({ helpDesk: 'aiuto@mypay.example', clock: () => hour })
})
afterAll(() => site.close())

describe('the language', () => {
  it('is chosen on any page, leaves the address, and stays for the session', async () => {
    const visitor = site.visitor()
    const home = await visitor.get('/enti?q=Monte')
    expect(home.html).toContain('<html lang="it">')
    const link = /href="([^"]+)" lang="de"/
      .exec(home.html)![1]!
      .replaceAll('&amp;', '&')
      .replaceAll('&#x3D;', '=')
    const chosen = await visitor.get(link)
    expect(chosen.location).toBe(`${site.url}/enti?q=Monte`)
    const german = await visitor.get(chosen.location!)
    expect(german.html).toContain('<html lang="de">')
    expect(textOf(german)).toContain('Behörde wählen')
    expect(textOf(await visitor.get(FORM))).toContain('Was Sie bezahlen')
    expect(textOf(await site.visitor().get('/enti'))).toContain('Scegli l’ente')
  })

  it('reaches the mail with the link and the cart', async () => {
    const visitor = site.visitor()
    await visitor.get('/?lingua=en')
    const sent = await visitor.submit(await visitor.get(FORM), FORM, {
      diritto: 'segreteria',
      nota: 'x',
      importo: '10,50',
      'intestatario-nome': 'Ann Smith',
      'intestatario-codice': 'BNCCHR85H52M999M',
      'e-mail': 'ann@example.org',
    })
    expect(textOf(await visitor.get(sent.location!))).toContain('Check your mail')
    const mail = (await site.db('email').where({ address: 'ann@example.org' }).first()) as Record<
      string,
      string
    >
    expect(mail['language']).toBe('en')
    await visitor.submit(await visitor.get(`/conferma/${mail['secret']}`), `/conferma/${mail['secret']}`)
    expect(textOf(await visitor.get('/carrello'))).toMatch(/Cart.*in the name of Ann Smith.*Pay 10,50 €/)
    expect(await site.db('cart').orderBy('created_at', 'desc').first('language')).toEqual({ language: 'en' })
  })

  it('unknown languages change nothing', async () => {
    const page = await site.visitor().get('/?lingua=xx')
    expect([page.status, page.html.includes('<html lang="it">')]).toEqual([200, true])
  })
})

describe('the page of an ente', () => {
  it('has its logo, its contacts, what can be paid, and the way to its notices', async () => {
    const visitor = site.visitor()
    const page = await visitor.get('/enti/C_X901')
    expect(textOf(page)).toMatch(/Comune di Montalbese.*Diritti vari.*tributi@comune\.montalbese\.example/)
    expect(page.html).toContain('/avviso?ente&#x3D;C_X901')
    const src = /src="(\/enti\/[^"]+)"/.exec(page.html)![1]!.replaceAll('&#x3D;', '=')
    const logo = await fetch(site.url + src)
    expect([logo.status, logo.headers.get('content-type'), logo.headers.get('cache-control')]).toEqual([
      200,
      'image/png',
      'public, max-age=31536000, immutable',
    ])
  })

  it.each([
    '/enti/C_NESSUNO',
    '/enti/C_X904',
    '/enti/C_X904?prova=indovinata',
    '/enti/C_X904/spontaneo/DIRITTI_VARI',
  ])('%s is found by nobody without its test link', async (path) => {
    expect((await site.visitor().get(path)).status).toBe(404)
  })

  it('before its start opens by its test link only, and says that it is a test', async () => {
    const { test_token: token } = (await site
      .db('ente')
      .where({ cod_ipa: 'C_X904' })
      .first('test_token')) as {
      test_token: string
    }
    const visitor = site.visitor()
    const page = await visitor.get(`/enti/C_X904?prova=${token}`)
    expect([page.status, textOf(page)]).toEqual([200, expect.stringMatching(/Collaudo: questo ente/)])
    const form = '/enti/C_X904/spontaneo/DIRITTI_VARI'
    expect((await visitor.get(form)).status).toBe(200)
    expect((await site.visitor().get(form)).status).toBe(404)
    expect(textOf(await visitor.get('/enti?q=Colle'))).toContain('Nessun ente corrisponde')
  })

  it.each([
    ['Montalbese Comune', 'Comune di Montalbese'],
    ["pieve sant'elmo", 'Pieve Sant'],
    ['pieve sant’elmo', 'Pieve Sant'],
    ['ELMO pieve sant', 'Pieve Sant'],
    ['diritti vari', 'Comune di Montalbese'],
    ['mensa', 'Mensa'],
    ['100%', undefined],
  ])('%s finds by its words, in any order, and by what can be paid', async (q, name) => {
    const page = await site.visitor().get(`/enti?${new URLSearchParams({ q }).toString()}`)
    const isFound = !textOf(page).includes('Nessun ente corrisponde')
    expect(isFound).toBe(name !== undefined)
    if (name !== undefined && name !== 'Mensa') expect(textOf(page)).toContain(name)
  })

  it('old addresses of municipalities lead to their ente, never to another site', async () => {
    const visitor = site.visitor()
    const old = '/pa/changeEnte.html?redirectUrl=https://altrove.example/&enteToChange='
    const known = await visitor.get(`${old}C_X901`)
    expect([known.status, known.location]).toEqual([303, `${site.url}/enti/C_X901`])
    const unknown = await visitor.get(`${old}C_NESSUNO`)
    expect([unknown.status, textOf(unknown)]).toEqual([
      404,
      expect.stringMatching(/Non c’è un ente con il codice di questo indirizzo.*Comune di Montalbese/),
    ])
    expect((await visitor.get('/pa/changeEnte.html')).status).toBe(404)
    expect((await visitor.get('/public/landing/rt?id=nessuno')).status).toBe(404)
  })

  it('offers only what the ente switched on', async () => {
    const visitor = site.visitor()
    const ente = (): ReturnType<Site['db']> => site.db('ente').where({ cod_ipa: 'C_X903' })
    const tipo = site.db('ente_due_type').whereIn('ente_id', ente().select('id'))
    expect(textOf(await visitor.get('/enti/C_X903'))).toContain('non ha pagamenti che puoi avviare')
    await ente().update({ adhesion: ['base'] })
    expect(textOf(await visitor.get('/enti/C_X903'))).toContain('Utilizzo locali')
    await tipo
      .clone()
      .where({ code: 'UTILIZZO_LOCALI' })
      .update({ external_url: 'https://sale.example/prenota' })
    const page = await visitor.get('/enti/C_X903')
    expect(page.html).toContain('href="https://sale.example/prenota"')
    expect((await visitor.get('/enti/C_X903/spontaneo/UTILIZZO_LOCALI')).status).toBe(404)
    await ente().update({ features: ['ENTE_PUBBLICO'] })
    expect(textOf(await visitor.get('/enti/C_X903'))).toContain('non ha pagamenti che puoi avviare')
    await ente().update({ features: [] })
    expect((await visitor.get('/enti/C_X903')).status).toBe(404)
    expect(textOf(await visitor.get('/enti?q=Rivalunga'))).toContain('Nessun ente corrisponde')
  })
})

describe('pages of the footer', () => {
  it('are linked from every page, and say who to ask and when', async () => {
    const visitor = await withCart(site)
    const cart = await visitor.get('/carrello')
    for (const path of ['/privacy', '/cookie', '/accessibilita', '/domande', '/aiuto']) {
      expect(cart.html).toContain(`href="${path}"`)
      expect((await visitor.get(path)).status).toBe(200)
    }
    expect(textOf(await visitor.get('/aiuto'))).toMatch(
      /è aperta\. Scrivi a aiuto@mypay\.example.*dalle 8 alle 18/,
    )
    hour = '2026-03-28T10:00:00Z'
    expect(textOf(await visitor.get('/aiuto'))).toContain('è chiusa')
  })

  it('an error page has the code to quote and leads to the help desk', async () => {
    const page = await site.visitor().get('/non-esiste')
    expect(textOf(page)).toMatch(/Aiuto .*Codice da citare se chiedi aiuto: \S+/)
    expect(page.html).toContain('href="/aiuto"')
  })

  it('only one cookie is ever set', async () => {
    const visitor = site.visitor()
    await visitor.get('/avviso')
    expect(visitor.cookie().split('; ')).toHaveLength(1)
  })
})
