import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDb } from '../../db/ground/connection.ts'
import { NODE_HOST, startSite, textOf, withCart, type Site } from '../setup/citizen-site.ts'

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

it('every page forbids scripts and forms of other sites, and caching', async () => {
  const response = await fetch(site.url)
  const policy = response.headers.get('content-security-policy')!
  expect(policy).toContain("default-src 'self'")
  expect(policy).toContain(`form-action 'self' ${NODE_HOST}`)
  expect(policy).not.toContain('unsafe')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(response.headers.get('x-powered-by')).toBeNull()
  expect(response.headers.get('set-cookie')).toBeNull()
})

it('the cookie of a session is for this site and not for scripts', async () => {
  const cookie = (await fetch(`${site.url}/avviso`)).headers.get('set-cookie')!
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax$/)
})

it('styles, fonts and icons come from our own server', async () => {
  const page = await (await fetch(site.url)).text()
  const [, sheet] = /<link rel="stylesheet" href="([^"]+)"/.exec(page)!
  const style = await fetch(site.url + sheet)
  // Its address has a hash of its content.
  expect(style.headers.get('cache-control')).toContain('immutable')
  const urls = [...(await style.text()).matchAll(/url\(["']?(\/assets[^"')]+)/g)].map((match) => match[1]!)
  expect(urls.length).toBeGreaterThan(2)
  const icons = /<use href="([^#"]+)#/.exec(page)![1]!
  for (const url of [...urls, icons, '/assets/own/payment.js'])
    expect([url, (await fetch(site.url + url)).status]).toEqual([url, 200])
  expect((await fetch(`${site.url}/assets/own/nulla.css`)).status).toBe(404)
  expect((await fetch(`${site.url}/assets/own/..%2f..%2fengine.ts`)).status).toBe(404)
})

it.each(['/%E0%A4%A', '/enti/%00', '/ritorno?idSession[]=a', '/enti?q[]=1&dopo[]=2', '/conferma/%F0'])(
  'a strange address is answered calmly: %s',
  async (path) => {
    const { status } = await fetch(site.url + path)
    expect([200, 400, 404, 422]).toContain(status)
  },
)

it('a page of a payment that cannot be read does not say that no money was taken', async () => {
  const lost = await startSite()
  try {
    const citizen = await withCart(lost)
    await lost.db.raw('alter table cart rename to cart_gone')
    const payment = await citizen.get('/pagamenti/01890000-0000-7000-8000-000000000000')
    expect([payment.status, textOf(payment)]).toEqual([
      500,
      expect.stringContaining('Questa pagina non sa se hai pagato'),
    ])
    expect(textOf(payment)).toMatch(/Codice da citare se chiedi aiuto: [0-9a-f-]{36} \(INTERNAL\)/)
    await lost.db.raw('alter table session rename to session_gone')
    const home = await citizen.get('/enti')
    expect([home.status, textOf(home)]).toEqual([
      500,
      expect.stringContaining('Questa pagina non sa se hai pagato'),
    ])
  } finally {
    await lost.close()
  }
})

it('without the database a page says to come back later', async () => {
  const nowhere = createDb({
    url: `postgres://nobody@127.0.0.1:${await closedPort()}/x`,
    pool: 1,
    name: 'nowhere',
  })
  const lost = await startSite({}, () => nowhere)
  try {
    const page = await lost.visitor().get('/enti')
    expect([page.status, textOf(page)]).toEqual([503, expect.stringContaining('Riprova fra qualche minuto')])
    expect((await lost.visitor().get('/')).status).toBe(200)
  } finally {
    await lost.close()
    await nowhere.destroy()
  }
})

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}
