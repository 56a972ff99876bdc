import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSite, type Site } from '../setup/citizen-site.ts'

let site: Site

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
})
afterAll(() => site.close())

interface Answer {
  status: number
  location: string | undefined
  cookies: string[]
  html: string
}

/** Sends the path unchanged, because browsers and `fetch` would correct it. */
function send(path: string): Promise<Answer> {
  const { hostname, port } = new URL(site.url)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path }, (answer) => {
      let html = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (html += chunk))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode!,
          location: answer.headers.location,
          cookies: answer.headers['set-cookie'] ?? [],
          html,
        }),
      )
    })
    asked.on('error', reject).end()
  })
}

/** Hosts of all links, forms and sources of a page, resolved like in a browser. */
const hostsIn = (html: string): string[] =>
  [...html.matchAll(/(?:href|action|src)="([^"]+)"/g)].map(
    ([, link]) =>
      new URL(link!.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='), 'http://here.example').host,
  )

const EVIL = [
  '//elsewhere.example',
  '//elsewhere.example/%2e%2e',
  '/\\elsewhere.example',
  '/\\/elsewhere.example',
]

describe('an address that names another host', () => {
  it.each(EVIL)('leads nowhere else when the language is chosen: %s', async (path) => {
    const { location } = await send(`${path}?lingua=de&x=1`)
    expect(new URL(location!, 'http://here.example').host).toBe('here.example')
  })

  it.each([...EVIL, '//[', '//elsewhere.example:99999/'])(
    'has no link to it on its page: %s',
    async (path) => {
      const page = await send(path)
      expect(page.status).toBe(404)
      expect(page.html).toContain('Pagina non trovata')
      expect(new Set(hostsIn(page.html))).toEqual(new Set(['here.example']))
    },
  )

  it('is not followed from any value of a query', async () => {
    const to = encodeURIComponent('https://elsewhere.example/')
    const names = ['da', 'url', 'redirectUrl', 'backUrl', 'returnTo', 'next', 'ritorno', 'dopo', 'q']
    const query = names.map((name) => `${name}=${to}`).join('&')
    for (const path of [
      '/',
      '/enti',
      '/avviso',
      '/carrello',
      '/area',
      '/accedi',
      '/ritorno',
      '/landing/ente',
    ]) {
      const { location = '/' } = await send(`${path}?${query}&idSession=x&lingua=en`)
      expect([path, new URL(location, 'http://here.example').host]).toEqual([path, 'here.example'])
    }
  })
})

describe('a line end in an address', () => {
  it.each(['/enti?q=%0d%0aSet-Cookie:%20a=b&lingua=de', '/%0d%0aSet-Cookie:%20a=b?lingua=de'])(
    'opens no header of its own: %s',
    async (path) => {
      const answer = await send(path)
      expect([303, 404]).toContain(answer.status)
      expect(answer.location ?? '').not.toMatch(/[\r\n]/)
      expect(answer.cookies.filter((cookie) => !cookie.startsWith('mypay='))).toEqual([])
    },
  )
})
