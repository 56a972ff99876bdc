import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Citizen } from '../../api/middleware/session.ts'
import { iuv17 } from '../../domain/iuv.ts'
import { askLink, CHIARA, FORM, RIGHTS, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { changeSession, signInAs } from '../setup/session.ts'
import { typed, type Page, type Visitor } from '../setup/visitor.ts'

const OWNER = { codiceFiscale: 'GLLSFN78D14M999X', anagrafica: 'Stefano Galli' }
const LUCA = { codiceFiscale: 'SPSLCU71S03M999T', anagrafica: 'Luca Esposito' }

let site: Site
/** A site with low limits, for tests that reach multiples of them. */
let small: Site

beforeAll(async () => {
  site = await startSite({ trustedProxies: ['loopback'] })
  const limits = { missPerClient: 4, missPerClientAndNumber: 3 }
  small = await startSite({ trustedProxies: ['loopback'], limits })
})
afterAll(() => Promise.all([site.close(), small.close()]))
beforeEach(() => Promise.all([site.db('rate_limit').delete(), small.db('rate_limit').delete()]))

const iuvOf = (progressive: number): string => iuv17({ segregationCode: '22', progressive })
/** Fields of a search for a notice. The notice with the number 3 is Stefano's. */
const notice = (progressive: number, codice = CHIARA['intestatario-codice']): Record<string, string> => ({
  'codice-avviso': iuvOf(progressive),
  'intestatario-codice': codice,
})
const OWN = notice(3, OWNER.codiceFiscale)
/** Ends the window of every limit, like after a quarter of an hour. */
const passWindow = (): Promise<unknown> => site.db('rate_limit').update({ expire: Date.now() - 1 })

const search = async (visitor: Visitor, fields: Record<string, string>): Promise<Page> =>
  visitor.submit(await visitor.get('/avviso'), '/avviso', fields)

/** Number of searches without a result that a visitor may make before waiting; tries at most `most` + 1. */
async function missesOf(visitor: Visitor, most: number, numberOf: (n: number) => number): Promise<number> {
  const form = await visitor.get('/avviso')
  for (let n = 0; n <= most; n++)
    if ((await visitor.submit(form, '/avviso', notice(numberOf(n)))).status === 429) return n
  return most + 1
}

async function withMailbox(visitor: Visitor, provedEmail: string, at: Site): Promise<Visitor> {
  await visitor.get('/avviso')
  await changeSession(at.db, visitor, { provedEmail })
  return visitor
}
const signedIn = (visitor: Visitor, citizen: Citizen = LUCA, at = site): Promise<Visitor> =>
  signInAs(at.db, visitor, citizen)

describe('searches that find nothing', () => {
  it('are at most ten for one number and client, over all its sessions, until the window ends', async () => {
    const from = '192.0.2.1'
    const statuses = []
    for (let n = 0; n < 11; n++) statuses.push((await search(site.visitor(from), notice(3))).status)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429])
    await passWindow()
    expect((await search(site.visitor(from), notice(3))).status).toBe(422)
  })

  it('are at most thirty for a client over all numbers, and a forged address in a header does not help', async () => {
    const strict = await startSite()
    const visitor = strict.visitor()
    const form = await visitor.get('/avviso')
    const token = /name="_csrf" value="([^"]+)"/.exec(form.html)![1]!
    const statuses = []
    for (let n = 0; n < 31; n++) {
      const body = new URLSearchParams({ ...notice(1_000 + n), _csrf: token })
      const headers = { cookie: visitor.cookie(), 'x-forwarded-for': `10.0.0.${n}` }
      statuses.push((await fetch(`${strict.url}/avviso`, { method: 'POST', body, headers })).status)
    }
    await strict.close()
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 422), 429])
  })

  it('include links of enti, so that neither way avoids the limit of the other', async () => {
    const from = '192.0.2.2'
    const link = (n: number): string =>
      `/public/landing/legacy/avviso?iuv=${iuvOf(3)}&ente=C_X902&anagrafica=Tizio+${n}`
    for (let n = 0; n < 10; n++) expect((await site.visitor(from).get(link(n))).status).toBe(404)
    expect((await site.visitor(from).get(link(10))).status).toBe(429)
    expect((await search(site.visitor(from), notice(3))).status).toBe(429)
  })

  it('do not include successful searches, even many', async () => {
    const visitor = site.visitor('192.0.2.3')
    for (let n = 0; n < 35; n++) expect((await search(visitor, OWN)).status).toBe(303)
    expect((await search(visitor, notice(3))).status).toBe(422)
  })

  it('are not answered while a client must wait, even with the right data', async () => {
    const visitor = site.visitor('192.0.2.4')
    await missesOf(visitor, 10, () => 3)
    const page = await search(visitor, OWN)
    expect([page.status, page.html.includes('lampada')]).toEqual([429, false])
  })

  it('of a stranger lock out neither the owner nor another client', async () => {
    const stranger = site.visitor('192.0.2.5')
    expect(await missesOf(stranger, 10, () => 3)).toBe(10)
    expect((await search(site.visitor('192.0.2.6'), OWN)).status).toBe(303)
    expect((await search(site.visitor('2001:db8:1:2::5'), OWN)).status).toBe(303)
  })

  it('never lock out the signed-in payer of the notice, from the same address and by the link too', async () => {
    const from = '192.0.2.7'
    await missesOf(small.visitor(from), 3, () => 3)
    await missesOf(await signedIn(small.visitor(from), LUCA, small), 60, () => 3)
    const owner = await signedIn(small.visitor(from), OWNER, small)
    expect((await search(owner, OWN)).location).toBe(`${small.url}/avviso/esito`)
    const link = `/public/landing/legacy/avviso?iuv=${iuvOf(3)}&ente=C_X902&anagrafica=Stefano+Galli`
    expect((await owner.get(link)).status).toBe(303)
    expect((await small.visitor(from).get(link)).status).toBe(429)
  })

  it('are five times as many for a proved mailbox and twenty times for a signed-in citizen, at the same address', async () => {
    const from = '192.0.2.8'
    const other = (n: number): number => 1_000 + n
    expect(await missesOf(small.visitor(from), 4, other)).toBe(4)
    const proved = await withMailbox(small.visitor(from), 'a@example.org', small)
    // 16 and 60 are what is left of five and of twenty times the limit. Refused searches do not count.
    expect(await missesOf(proved, 20, other)).toBe(16)
    expect(await missesOf(small.visitor(from), 4, other)).toBe(0)
    expect(await missesOf(proved, 20, other)).toBe(0)
    expect(await missesOf(await signedIn(small.visitor(from), LUCA, small), 80, other)).toBe(60)
  })

  it('of one mailbox are counted together, from however many addresses', async () => {
    const visitor = await withMailbox(small.visitor('198.51.100.1'), 'many@example.org', small)
    const token = /name="_csrf" value="([^"]+)"/.exec((await visitor.get('/avviso')).html)![1]!
    const miss = async (n: number): Promise<number> => {
      const headers = { cookie: visitor.cookie(), 'x-forwarded-for': `203.0.113.${n}` }
      const body = new URLSearchParams({ ...notice(3), _csrf: token })
      return (await fetch(`${small.url}/avviso`, { method: 'POST', body, headers })).status
    }
    let count = 0
    while ((await miss(count)) !== 429) count += 1
    expect(count).toBe(15)
  })

  it('of one number from many addresses end for strangers, not for who proves something nor for its owner', async () => {
    const few = await startSite({ trustedProxies: ['loopback'], limits: { missPerNumber: 12 } })
    const miss = async (from: string): Promise<Page> => search(few.visitor(from), notice(3))
    for (let n = 0; n < 12; n++) expect((await miss(`203.0.113.${n}`)).status).toBe(422)
    const late = await miss('203.0.113.99')
    expect([late.status, textOf(late)]).toEqual([
      429,
      expect.stringMatching(/Molti hanno cercato.*fra 60 minuti/),
    ])
    expect((await search(few.visitor('203.0.113.98'), OWN)).status).toBe(429)
    const proved = await withMailbox(few.visitor('203.0.113.97'), 'owner@example.org', few)
    expect((await search(proved, { ...OWN, 'e-mail': '' })).status).toBe(303)
    const owner = await signedIn(few.visitor('203.0.113.99'), OWNER, few)
    expect((await search(owner, OWN)).status).toBe(303)
    await few.close()
  })

  it('are never more than the limit when many come at once', async () => {
    const visitor = site.visitor('192.0.2.9')
    const form = await visitor.get('/avviso')
    const pages = await Promise.all(
      Array.from({ length: 40 }, () => visitor.submit(form, '/avviso', notice(3))),
    )
    expect(pages.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(10)
  })
})

describe('who must wait', () => {
  it.each([
    ['it', 'Puoi cercarlo di nuovo fra 15 minuti'],
    ['en', 'You can search for it again in 15 minutes'],
    ['de', 'Sie können ihn in 15 Minuten wieder suchen'],
  ])(
    'sees on the page and in the header how long, in %s, and loses nothing that was typed',
    async (language, words) => {
      const visitor = site.visitor('192.0.2.10')
      await visitor.get(`/?lingua=${language}`)
      await missesOf(visitor, 10, () => 3)
      const page = await search(visitor, { ...notice(3), 'e-mail': 'typed@example.org' })
      expect([page.status, textOf(page)]).toEqual([429, expect.stringContaining(words)])
      expect(Number(page.retryAfter)).toBeGreaterThan(14 * 60)
      expect(Number(page.retryAfter)).toBeLessThanOrEqual(15 * 60)
      expect(typed(page)).toMatchObject({ 'codice-avviso': iuvOf(3), 'e-mail': 'typed@example.org' })
    },
  )

  it('gets a page of its own where there is no form', async () => {
    const link = `/public/landing/legacy/avviso?iuv=${iuvOf(3)}&ente=C_X902&anagrafica=Tizio`
    for (let n = 0; n < 10; n++) await site.visitor('192.0.2.11').get(link)
    const page = await site.visitor('192.0.2.11').get(link)
    expect([page.status, textOf(page)]).toEqual([429, expect.stringContaining('Riprova fra 15 minuti')])
    expect(Number(page.retryAfter)).toBeGreaterThan(14 * 60)
  })

  it('gets this answer from the port of software too', async () => {
    const call = (): Promise<Response> =>
      fetch(`${site.url}/ws/pa/PagamentiTelematiciDovutiPagati`, { method: 'POST', body: 'x' })
    let answer = await call()
    for (let n = 0; n < 25 && answer.status !== 429; n++) answer = await call()
    expect([answer.status, await answer.text()]).toEqual([429, expect.stringContaining('TOO_MANY_REQUESTS')])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(4 * 60)
  })
})

describe('links to one address', () => {
  const ask = async (visitor: Visitor, email: string): Promise<Page> =>
    visitor.submit(await visitor.get(FORM), FORM, { ...RIGHTS, ...CHIARA, 'e-mail': email })
  const mailsTo = async (mailbox: string): Promise<number> =>
    (await site.db('email').where('address', 'ilike', mailbox)).length

  it('are at most three in a quarter of an hour, for all clients and spellings together', async () => {
    const spellings = ['molte@example.org', 'MOLTE@example.org', 'molte+x@example.org', 'Molte+Y@EXAMPLE.org']
    for (const [n, address] of spellings.entries())
      expect((await ask(site.visitor(`192.0.2.${20 + n}`), address)).location).toBe(
        `${site.url}/mail-inviata`,
      )
    expect(await mailsTo('molte%@example.org')).toBe(3)
    await ask(site.visitor(), 'mol.te@example.org')
    expect(await mailsTo('mol.te@example.org')).toBe(1)
    await passWindow()
    await ask(site.visitor(), 'molte@example.org')
    expect(await mailsTo('molte%@example.org')).toBe(4)
  })

  it('include the codes for an account’s new address', async () => {
    for (let n = 0; n < 3; n++) await ask(site.visitor(), 'conto@example.org')
    const visitor = await signedIn(site.visitor(), { ...LUCA, codiceFiscale: 'SPSLCU71S03M9901' })
    const account = await visitor.get('/area/account')
    const sent = await visitor.submit(account, '/area/account/posta', {
      'nuova-posta': 'Conto+b@example.org',
    })
    expect(sent.status).toBe(303)
    expect(textOf(await visitor.get('/area/account'))).toContain(
      'se il codice non arriva, chiedine un altro fra 15 minuti',
    )
    expect(await mailsTo('conto%@example.org')).toBe(3)
  })

  it('give the first request of a client the same answer whether others have asked or not', async () => {
    for (let n = 0; n < 3; n++) await ask(site.visitor(), 'occupata@example.org')
    const pages = []
    for (const address of ['occupata@example.org', 'libera@example.org']) {
      const visitor = site.visitor()
      const sent = await ask(visitor, address)
      pages.push({
        status: sent.status,
        to: sent.location,
        wait: sent.retryAfter,
        text: textOf(await visitor.get('/mail-inviata')),
      })
    }
    expect(pages[0]).toEqual(pages[1])
    expect(pages[0]!.text).toMatch(/al massimo 3 volte in 15 minuti.*ti abbiamo già scritto.*fra 15 minuti/)
  })

  it('after three own requests the page says when the next is allowed, and keeps what was typed', async () => {
    const visitor = site.visitor()
    for (let n = 0; n < 3; n++) expect((await ask(visitor, 'io@example.org')).status).toBe(303)
    const page = await ask(visitor, 'Io+1@example.org')
    expect([page.status, textOf(page)]).toEqual([
      429,
      expect.stringMatching(
        /Ti abbiamo già scritto: guarda anche nella posta indesiderata.*altro collegamento fra 15 minuti/,
      ),
    ])
    expect(Number(page.retryAfter)).toBeGreaterThan(14 * 60)
    expect(typed(page)).toMatchObject({ nota: RIGHTS.nota, 'e-mail': 'Io+1@example.org' })
  })

  it('requested by a stranger do not invalidate a link that the owner already has', async () => {
    const owner = site.visitor()
    const link = await askLink(site, owner, { 'e-mail': 'mia@example.org' })
    for (let n = 0; n < 4; n++) await ask(site.visitor(), 'mia@example.org')
    expect((await owner.submit(await owner.get(link), link)).location).toBe(`${site.url}/carrello`)
  })

  it('leave neither addresses nor numbers in the table of limits', async () => {
    await ask(site.visitor(), 'molte@example.org')
    await search(site.visitor(), notice(3))
    const rows = JSON.stringify(await site.db('rate_limit'))
    for (const said of ['example.org', '127.0.0.1', iuvOf(3)]) expect(rows).not.toContain(said)
  })
})
