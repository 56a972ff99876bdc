import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askLink, startSite, textOf, withCart, type Site } from '../setup/citizen-site.ts'
import {
  anOperatorWorld,
  ELENA,
  isOperatorPath,
  operatorAddress,
  type OperatorWorld,
} from '../setup/operators.ts'
import { routesOf, type AppRoute } from '../setup/routes.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

let site: Site
let posts: AppRoute[]
let world: OperatorWorld

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  world = await anOperatorWorld(site.db)
  for (const state of ['loading', 'writing', 'loaded'])
    await site.db('flow').where({ id: world.flowId }).update({ state })
  // Addresses for software and for mail programs are left out: they use tokens, passwords or a signature, and no session that a form
  // could abuse.
  posts = routesOf(site.app).filter(
    ({ method, path }) => method === 'post' && !/mybox|^\/ws\/|^\/avvisi-email\/[^/]+\/ferma$/.test(path),
  )
})
afterAll(() => site.close())

const VALUES: Record<string, string> = {
  ':codIpa': 'C_X901',
  ':code': 'DIRITTI_VARI',
  ':token': 'x'.repeat(43),
}
/** Pages of operators need an ente that loads files. */
const OPERATOR_VALUES: Record<string, string> = { ...VALUES, ':codIpa': 'C_X902' }
const addressOf = (path: string): string => {
  // A file is received, and its form read, only for a flow that may be corrected.
  if (path.endsWith('/correzione')) return operatorAddress(path, world)
  const values = isOperatorPath(path) ? OPERATOR_VALUES : VALUES
  return path.replace(/:\w+/g, (name) => values[name] ?? randomUUID())
}

/** Paths of forms with a file. */
const MULTIPART =
  /^\/operatore\/C_X902\/(flussi(\/[^/]+\/correzione)?|tesoreria)$|^\/admin\/enti\/C_X902\/logo$/

interface Sent {
  path: string
  cookie: string
  body?: Record<string, string>
  headers?: Record<string, string>
}

const post = async ({ path, cookie, body = {}, headers = {} }: Sent): Promise<[number, string]> => {
  const form = MULTIPART.test(path.split('?')[0]!) ? new FormData() : new URLSearchParams()
  for (const [name, value] of Object.entries(body)) form.append(name, value)
  const request = { method: 'POST', body: form, redirect: 'manual' } as const
  const answer = await fetch(site.url + path, { ...request, headers: { ...headers, cookie } })
  return [answer.status, await answer.text()]
}

async function visitorWithToken(): Promise<{ visitor: Visitor; token: string }> {
  // An administrator of the region may open every page, so that only the token decides.
  const visitor = await signInAs(site.db, site.visitor(), ELENA)
  const form = await visitor.get('/avviso')
  return { visitor, token: /name="_csrf" value="([^"]+)"/.exec(form.html)![1]! }
}

describe('every form of the application, as its routers list them', () => {
  it('the list contains known forms', () => {
    expect(posts.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        '/avviso',
        '/carrello/paga',
        '/conferma/:token',
        '/esci',
        '/area/account/posta',
      ]),
    )
  })

  it.each<[string, (token: string) => Partial<Sent>]>([
    ['without its token', () => ({})],
    ['with the token of another session', (token) => ({ body: { _csrf: token } })],
    ['with the token in the address', (token) => ({ path: `?_csrf=${token}` })],
    ['with the token in a header', (token) => ({ headers: { 'x-csrf-token': token } })],
    ['with an empty token', () => ({ body: { _csrf: '' } })],
  ])('%s is refused', async (how, change) => {
    const own = await visitorWithToken()
    const other = await visitorWithToken()
    const { path: suffix = '', ...more } = change(how.includes('another') ? other.token : own.token)
    for (const { path } of posts) {
      const [status, text] = await post({
        cookie: own.visitor.cookie(),
        ...more,
        path: addressOf(path) + suffix,
      })
      expect([path, status, text.includes('CSRF_INVALID')]).toEqual([path, 403, true])
    }
  })

  it('with its own token is accepted', async () => {
    for (const { path } of posts) {
      const { visitor, token } = await visitorWithToken()
      const [, text] = await post({ path: addressOf(path), cookie: visitor.cookie(), body: { _csrf: token } })
      expect([path, text.includes('CSRF_INVALID')]).toEqual([path, false])
    }
  })

  it('is never a GET, because it changes something', async () => {
    const gets = routesOf(site.app).filter(({ method }) => method === 'get')
    const only = posts.filter(({ path }) => !gets.some((get) => get.path === path))
    expect(only.length).toBeGreaterThan(8)
    const visitor = await signInAs(site.db, site.visitor(), ELENA)
    for (const { path } of only)
      expect([path, (await visitor.get(addressOf(path))).status]).toEqual([path, 404])
  })
})

describe('a session', () => {
  const sidOf = (cookie: string): string =>
    decodeURIComponent(/mypay=([^;]+)/.exec(cookie)![1]!)
      .slice(2)
      .split('.')[0]!

  it('with an invented id gets a new id', async () => {
    for (const planted of ['s%3Aplanted.signature', 'planted', `s%3A${'a'.repeat(32)}.${'b'.repeat(43)}`]) {
      const answer = await fetch(`${site.url}/avviso`, { headers: { cookie: `mypay=${planted}` } })
      const [given] = answer.headers.getSetCookie()
      expect(given).toMatch(/^mypay=s%3A/)
      expect(given).not.toContain(planted)
    }
    expect(await site.db('session').whereIn('sid', ['planted', 'a'.repeat(32)])).toEqual([])
  })

  it('that was planted before the address was proved is worth nothing after it', async () => {
    const victim = site.visitor()
    const link = await askLink(site, victim, { 'e-mail': 'victim@example.org' })
    const planted = victim.cookie()
    await victim.submit(await victim.get(link), link)
    expect(textOf(await victim.get('/carrello'))).toContain('10,50')
    const thief = await fetch(`${site.url}/carrello`, { headers: { cookie: planted } })
    expect(await thief.text()).toContain('Il carrello è vuoto')
    expect(await site.db('session').where({ sid: sidOf(planted) })).toEqual([])
  })

  it('that was ended opens nothing, even with its cookie', async () => {
    const visitor = await withCart(site, { 'e-mail': 'ended@example.org' })
    const citizen = {
      codiceFiscale: 'BNCCHR85H52M999M',
      anagrafica: 'Chiara Bianchi',
      email: 'ended@example.org',
    }
    await signInAs(site.db, visitor, citizen)
    const kept = visitor.cookie()
    const area = await visitor.get('/area')
    expect(area.status).toBe(200)
    await visitor.submit(area, '/esci')
    const again = await fetch(`${site.url}/area`, { headers: { cookie: kept }, redirect: 'manual' })
    expect([again.status, again.headers.get('location')]).toEqual([303, expect.stringContaining('/accedi?')])
    const cart = await fetch(`${site.url}/carrello`, { headers: { cookie: kept } })
    expect(await cart.text()).toContain('Il carrello è vuoto')
  })
})
