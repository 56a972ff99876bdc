import { isCountableDay } from '../../domain/calendar.ts'
import { DEVELOPMENT_SOFTWARE_PASSWORD } from '../../domain/seed/enti.ts'
import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueUploadToken } from '../../api/ente/upload-token.ts'
import { CHIARA, startSite, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { aCredential } from '../setup/software.ts'
import { anOperatorWorld, ELENA, operatorAddress, type OperatorWorld } from '../setup/operators.ts'
import { aPng, part } from '../setup/png.ts'
import { sendBytes, sendRaw, type RawAnswer } from '../setup/raw.ts'
import { routesOf } from '../setup/routes.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

let site: Site
let world: OperatorWorld
let elena: Visitor
let chiara: Visitor

beforeAll(async () => {
  site = await startSite({ limitFactor: 1_000 })
  world = await anOperatorWorld(site.db)
  elena = await signInAs(site.db, site.visitor(), ELENA)
  const codiceFiscale = CHIARA['intestatario-codice']
  chiara = await signInAs(site.db, site.visitor(), { codiceFiscale, anagrafica: 'Chiara Bianchi' })
})
afterAll(() => site.close())

const ask = (path: string, visitor: Visitor, method = 'GET'): Promise<RawAnswer> =>
  sendRaw(site.url, { method, path, headers: [`Cookie: ${visitor.cookie()}`] })
const ID = randomUUID()

describe('a name of a property that every object has', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'is no file of a flow: %s',
    async (name) => {
      const path = `/operatore/C_X902/flussi/${world.flowId}/file/${name}`
      expect((await ask(path, elena)).status).toBe(404)
    },
  )

  it('is no state to filter by', async () => {
    expect((await ask('/admin/enti?stato=constructor', elena)).status).toBe(200)
  })

  it('is no operation of the web service, and is answered as one that does not exist', async () => {
    const envelope = (name: string): Buffer =>
      Buffer.from(
        `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><e:${name} xmlns:e="http://www.regione.veneto.it/pagamenti/ente/"/></s:Body></s:Envelope>`,
      )
    const call = async (name: string) => {
      const path = '/ws/pa/PagamentiTelematiciDovutiPagati'
      const { status, body } = await sendRaw(site.url, { method: 'POST', path, body: envelope(name) })
      return [status, body.replaceAll(name, '')]
    }
    expect(await call('constructor')).toEqual(await call('unknown'))
  })
})

describe('an address below one that is only a form', () => {
  it.each(['operatori', 'software', 'tipi', 'tipi/LUCE_VOTIVA', 'stato', 'logo'])(
    'does not exist: /admin/enti/nuovo/%s',
    async (page) => {
      expect((await ask(`/admin/enti/nuovo/${page}`, elena)).status).toBe(404)
    },
  )

  it('leaves the form itself where it is', async () => {
    expect((await ask('/admin/enti/nuovo', elena)).status).toBe(200)
    expect((await ask('/admin/enti/nuovo/', elena)).status).toBe(200)
  })

  it('with missing fields comes back and says what to write', async () => {
    const form = await elena.get('/admin/enti/nuovo')
    const token = /name="_csrf" value="([^"]+)"/.exec(form.html)![1]!
    const answer = await fetch(`${site.url}/admin/enti/nuovo`, {
      method: 'POST',
      headers: { cookie: elena.cookie() },
      body: new URLSearchParams({ _csrf: token, name: 'Comune di Prova' }),
    })
    expect([answer.status, (await answer.text()).includes('href="#cod_ipa"')]).toEqual([422, true])
  })
})

describe('the place where a list continues', () => {
  const PLACES = [
    `0000000000_${ID}`,
    `0000-01-01_${ID}`,
    `2026-02-30_${ID}`,
    `275760-09-13_${ID}`,
    `0001-01-01T00:00:00Z_${ID}`,
    `2026-01-01T00:00:00+99:99_${ID}`,
    `9999999999_${ID}`,
    'constructor',
    '%FF',
  ]
  it.each(PLACES)('is ignored when it is invalid: %s', async (place) => {
    for (const path of ['/area/posizioni', '/area/pagamenti'])
      expect([path, (await ask(`${path}?dopo=${place}`, chiara)).status]).toEqual([path, 200])
    for (const path of ['/operatore/C_X902/dovuti', '/operatore/C_X902/flussi', '/admin/giornale'])
      expect([path, (await ask(`${path}?dopo=${place}`, elena)).status]).toEqual([path, 200])
  })
})

describe('a day at the end of the calendar', () => {
  const DAYS = ['0000-01-01', '0001-01-01', '0999-12-31', '1000-01-01', '9899-12-31', '9999-12-31']
  const LISTS = ['dovuti', 'dovuti.csv', 'dovuti?vista=archivio', 'flussi?nome=x', 'esportazioni']

  it.each(DAYS)('is an error beside its field, or finds nothing: %s', async (day) => {
    const isDay = isCountableDay(day)
    for (const [from, to] of [
      [day, day],
      [day, ''],
      ['', day],
    ]) {
      const days = `dal=${from}&al=${to}&prenotata-dal=${from}&prenotata-al=${to}`
      const asked = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}${days}`
      for (const path of [...LISTS.map((list) => `/operatore/C_X902/${list}`), '/admin/giornale'])
        expect([path, (await ask(asked(path), elena)).status]).toEqual([path, statusOf(path)])
      for (const path of ['/area/posizioni', '/area/pagamenti'])
        expect([path, (await ask(asked(path), chiara)).status]).toEqual([path, statusOf(path)])
    }
    function statusOf(path: string): number {
      if (isDay) return 200
      return path.includes('.csv') ? 303 : 422
    }
  })

  it.each(['0001-01-01', '9999-12-31'])('is no day to export: %s', async (day) => {
    const page = await elena.get('/operatore/C_X902/esportazioni')
    const paid = { tracciato: '1_3', dal: day, al: day, tipo: '' }
    expect((await elena.submit(page, '/esportazioni', paid)).status).toBe(422)
    expect((await elena.submit(page, '/scaduti', { scadenza: day, 'tipo-scaduti': '' })).status).toBe(422)
  })
})

describe('a zero character, or a percent sign that encodes nothing', () => {
  const STREAMS = [
    '/pagamenti/%s/eventi',
    '/operatore/%s/esportazioni/eventi',
    '/operatore/C_X902/flussi/%s/eventi',
    '/operatore/%s/flussi/x/eventi',
  ]
  const PAGES = [
    '/enti/%s',
    '/enti/%s/logo.png',
    '/conferma/%s',
    '/ricevute/%s',
    '/admin/enti/%s',
    '/assets/%s',
  ]

  it.each([...STREAMS, ...PAGES])('is an address that leads nowhere: %s', async (path) => {
    for (const [piece, status] of [
      ['%00', 404],
      ['a%00b', 404],
      ['%', 400],
      ['%zz', 400],
      ['%C0%80', 400],
      ['%ff', 400],
      ['%ED%A0%80', 400],
    ] as const) {
      const found = (await ask(path.replace('%s', piece), elena)).status
      // Assets are found by name, so an unreadable name gets a 404.
      expect([piece, found]).toEqual([piece, path.startsWith('/assets') && found !== 400 ? 404 : status])
    }
  })

  it('in the address of an upload is refused before its file is read', async () => {
    for (const path of [
      '/operatore/%00/flussi',
      '/admin/enti/%00/logo',
      '/mybox/uploadFlusso?authorizationToken=%00',
    ])
      expect((await ask(path, elena, 'POST')).status).toBe(404)
  })
})

describe('a request as no browser sends it', () => {
  it('OPTIONS for no address gets the allowed methods', async () => {
    const { status, headers } = await sendRaw(site.url, { method: 'OPTIONS', path: '*' })
    expect([status, /^allow: (.*)$/im.exec(headers)?.[1]]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'QUERY'])(
    '%s is refused as a method',
    async (method) => {
      for (const path of ['/', '/avviso', '/operatore/C_X902/flussi', '/mybox/uploadFlusso', '/nowhere'])
        expect([path, (await ask(path, elena, method)).status]).toEqual([path, 405])
    },
  )

  it('OPTIONS gets the same answer for every address, so that it shows no existing ones', async () => {
    for (const path of ['/', '/avviso', '/admin/enti/C_X902', '/nowhere', '/%']) {
      const { status, headers } = await sendRaw(site.url, { method: 'OPTIONS', path })
      expect([path, status, /^allow: /im.test(headers)]).toEqual([path, 204, true])
    }
  })

  it('HEAD is answered as GET is, without its body, wherever there is a page', async () => {
    const gets = routesOf(site.app).filter(
      ({ method, path }) => method === 'get' && path !== '/accedi/ritorno',
    )
    expect(gets.length).toBeGreaterThan(50)
    for (const { path } of gets) {
      const address = operatorAddress(path, world)
      const [get, head] = [await ask(address, elena), await ask(address, elena, 'HEAD')]
      expect([address, head.status, head.body]).toEqual([address, get.status, ''])
    }
  })

  it('too long addresses and headers are refused with their own status', async () => {
    expect((await ask(`/enti?q=${'x'.repeat(8_100)}`, elena)).status).toBe(414)
    expect((await ask(`/${'x'.repeat(8_100)}`, elena)).status).toBe(414)
    expect((await ask(`/enti?q=${'x'.repeat(20_000)}`, elena)).status).toBe(431)
    const headers = [`X-Long: ${'x'.repeat(20_000)}`]
    expect((await sendRaw(site.url, { method: 'GET', path: '/', headers })).status).toBe(431)
  })

  it.each([
    '',
    ' ',
    '[',
    'elsewhere.example:99999',
    'a b',
    '\xff',
    'elsewhere.example\r\nHost: other.example',
  ])('no page contains the host of the request: %j', async (host) => {
    const headers = [`Host: ${host}`]
    for (const path of ['/', '/?lingua=de', '/area', '/admin', '/avviso'])
      for (const method of ['GET', 'POST']) {
        const answer = await sendRaw(site.url, { method, path, headers })
        expect([200, 303, 400, 403, 404]).toContain(answer.status)
        expect(answer.headers + answer.body).not.toMatch(/elsewhere|other\.example/)
      }
  })

  it('HTTP/1.1 without a host is refused, and HTTP/1.0 is answered', async () => {
    expect(
      (await sendBytes(site.url, Buffer.from('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'))).status,
    ).toBe(400)
    expect((await sendBytes(site.url, Buffer.from('GET / HTTP/1.0\r\n\r\n'))).status).toBe(200)
    expect((await sendBytes(site.url, Buffer.from('\0\0\0\r\n\r\n'))).status).toBe(400)
  })
})

describe('a form with a file that is broken', () => {
  const B = 'X-boundary'
  const field = (disposition: string, content = 'x'): string =>
    `--${B}\r\nContent-Disposition: ${disposition}\r\n\r\n${content}\r\n`
  const FILE = 'form-data; name="file"; filename="C_X902-A-1_3.zip"'
  const END = `--${B}--\r\n`

  interface Upload {
    path: string
    visitor: Visitor
    fields: string
  }
  const uploads = async (): Promise<Upload[]> => {
    const form = await elena.get('/avviso')
    const fields = field('form-data; name="_csrf"', /name="_csrf" value="([^"]+)"/.exec(form.html)![1]!)
    const permitted = permission(await aCredential(site.db, 'C_X902', DEVELOPMENT_SOFTWARE_PASSWORD))
    return [
      { path: permitted, visitor: site.visitor(), fields: '' },
      { path: permitted.replace('/public', ''), visitor: site.visitor(), fields: '' },
      { path: '/operatore/C_X902/flussi', visitor: elena, fields },
      { path: '/admin/enti/C_X902/logo', visitor: elena, fields },
    ]
  }
  function permission(credential: string): string {
    const permitted = { codIpa: 'C_X902', requestToken: ID, credential }
    const token = issueUploadToken(KEYS.token, permitted, new Date().toISOString())
    return `/public/mybox/uploadFlusso?authorizationToken=${token}`
  }

  const send = (
    upload: Upload,
    body: string,
    type = `multipart/form-data; boundary=${B}`,
  ): Promise<RawAnswer> =>
    sendRaw(site.url, {
      method: 'POST',
      path: upload.path,
      headers: [`Cookie: ${upload.visitor.cookie()}`, `Content-Type: ${type}`],
      body: Buffer.from(body),
    })

  it.each<[string, (fields: string) => string]>([
    ['nothing', () => ''],
    ['no end', (fields) => fields + field(FILE)],
    ['a cut part', (fields) => `${fields}--${B}\r\nContent-Disposition: form-data; name="fi`],
    ['a part without headers', (fields) => `${fields}--${B}\r\nno header\r\n${END}`],
    [
      'a zero character in the name of its file',
      (fields) => fields + field(FILE.replace('A-', 'A\0-')) + END,
    ],
  ])('with %s is unreadable, on every address that takes one', async (_, body) => {
    for (const upload of await uploads()) {
      const { status } = await send(upload, body(upload.fields))
      // Software gets the same status for every refusal.
      const refused = upload.path.includes('uploadFlusso') ? 403 : 400
      expect([upload.path.slice(0, 30), status]).toEqual([upload.path.slice(0, 30), refused])
    }
  })

  it('with a second file, a field without a name or too many fields is refused', async () => {
    const bodies = [
      field(FILE) + field(FILE) + END,
      field('form-data') + END,
      field('form-data; name="a"').repeat(30) + END,
      field('form-data; name="a"', 'x'.repeat(2_000_000)) + END,
    ]
    for (const upload of await uploads())
      for (const body of bodies)
        expect([400, 403, 413, 422]).toContain((await send(upload, upload.fields + body)).status)
  })

  it('answers software with the body that it reads', async () => {
    const [software] = await uploads()
    const answer = await send(software!, field(FILE))
    expect(JSON.parse(answer.body)).toEqual([
      { codice: '400', descrizione: expect.stringContaining('incompleto') as string },
    ])
    const twice = await send(software!, field(FILE) + field(FILE) + END)
    expect(JSON.parse(twice.body)).toEqual([
      { codice: '400', descrizione: expect.stringContaining('un solo file alla volta') as string },
    ])
  })

  it.each(['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/mixed; boundary=x'])(
    'whose type is %s is refused',
    async (type) => {
      for (const upload of await uploads())
        expect([400, 403]).toContain((await send(upload, upload.fields + field(FILE) + END, type)).status)
    },
  )

  it('leaves no file behind', async () => {
    const [software] = await uploads()
    const kept = async (): Promise<string[]> => readdir(dirname(await site.files.prepare('uploads/x')))
    const before = await kept()
    await send(software!, field(FILE))
    await send(software!, field(FILE) + field(FILE) + END)
    expect(await kept()).toEqual(before)
  })
})

describe('a picture that is no logo', () => {
  const upload = async (bytes: Buffer): Promise<string> => {
    const form = await elena.get('/admin/enti/C_X902/logo')
    const sent = await elena.upload(form, '/logo', { name: 'logo.png', bytes })
    return (await elena.get(sent.location!)).html
  }

  it.each<[string, string, () => Buffer]>([
    ['is too large', 'più grande di 200 KB', () => Buffer.alloc(201 * 1024)],
    ['is interlaced', 'interlacciato', () => aPng({ interlace: 1 })],
    ['moves', 'animato', () => aPng({ more: [part('acTL', Buffer.alloc(8))] })],
    ['is cut', 'danneggiato', () => aPng().subarray(0, 60)],
  ])('because it %s is refused with a sentence that says so', async (_, words, bytes) => {
    expect(await upload(bytes())).toContain(words)
  })

  it('does not block other requests, however large it unpacks', async () => {
    const bytes = aPng({ interlace: 1, data: deflateSync(Buffer.alloc(100 * 1024 ** 2), { level: 9 }) })
    const longest: number[] = []
    // The best of three rounds counts, because other tests share the machine.
    for (let round = 0; round < 3; round++) {
      const delay = monitorEventLoopDelay({ resolution: 5 })
      delay.enable()
      await upload(bytes)
      delay.disable()
      longest.push(delay.max / 1e6)
    }
    expect(Math.min(...longest)).toBeLessThan(300)
  })
})
