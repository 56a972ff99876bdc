import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { admitSoftware } from '../../services/ente/passwords.ts'
import { flowFiles } from '../../services/file-store.ts'
import { insertFlow } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { DEVELOPMENT_SOFTWARE_PASSWORD } from '../../domain/seed/enti.ts'
import { signedPath } from '../../templates/signed-link.ts'
import { hostileBodies } from '../faults/tools/hostile.ts'
import { flowZip } from '../flows/zip.ts'
import { confirming } from '../setup/administration.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { askState, authorize, sendMessage, SERVICE, softwareMessage, type Said } from '../setup/software.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const PASSWORD = DEVELOPMENT_SOFTWARE_PASSWORD
const STRANGER = ['PAA_ENTE_NON_VALIDO', 'Password non valida per ente [C_X902]']

let site: Site
let sara: Visitor
let aside = 0

beforeAll(async () => {
  site = await startSite({ clock: () => new Date(Date.now() + aside).toISOString() })
  sara = await signInAs(site.db, site.visitor(), SARA)
})
beforeEach(async () => {
  aside = 0
  await site.db('rate_limit').delete()
})
afterAll(() => site.close())

const enteId = async (codIpa: string): Promise<string> =>
  ((await site.db('ente').first('id').where({ cod_ipa: codIpa })) as { id: string }).id
const lastCall = async () =>
  (await site.db('journal').orderBy('at', 'desc').first('*')) as Record<string, unknown> & {
    request: Buffer | null
    response: Buffer
  }

const flowOf = async (codIpa: string): Promise<{ id: string; requestToken: string }> => {
  const id = uuidv7()
  await insertFlow(site.db, {
    id,
    enteId: await enteId(codIpa),
    baseName: `${codIpa}-${id.slice(-12)}-1_0`,
    iuf: id.slice(-12),
    format: '1_0',
    operatorId: null,
    requestToken: id,
    sha256: createHash('sha256').update(id).digest(),
    zipBytes: 1,
    csvBytes: 1,
    wantsNotices: true,
    header: 'IUD',
    firstByte: 0,
  })
  return { id, requestToken: id }
}

describe('one message, one header, one body', () => {
  const MESSAGE = softwareMessage('C_X902', 'paaSILAutorizzaImportFlusso', `<password>${PASSWORD}</password>`)
  it.each([
    ['two bodies', (xml: string) => xml.replace(/(<[\w]+:Body>.*<\/[\w]+:Body>)/s, '$1$1')],
    ['two headers', (xml: string) => xml.replace(/(<[\w]+:Header>.*<\/[\w]+:Header>)/s, '$1$1')],
    ['two operations in one body', (xml: string) => xml.replace(/(<e:paaSIL\w+>.*<\/e:paaSIL\w+>)/s, '$1$1')],
    [
      'another operation behind it',
      (xml: string) => xml.replace('</soapenv:Body>', '<e:paaSILChiediStatoImportFlusso/></soapenv:Body>'),
    ],
  ])('%s are a fault of the client', async (_what, change) => {
    expect(change(MESSAGE)).not.toBe(MESSAGE)
    const answer = await sendMessage(site.url, change(MESSAGE))
    expect(answer.status).toBe(400)
    expect(answer.xml).toContain('soapenv:Client')
    expect(answer.value('authorizationToken')).toBeNull()
  })
})

describe('a message whose elements have xsi:type', () => {
  const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
  const typed = (content: string): string =>
    softwareMessage('C_X902', 'paaSILAutorizzaImportFlusso', content)
      .replace(
        '<soapenv:Envelope',
        `<soapenv:Envelope xmlns:i="${XSI}" xmlns:x="http://www.w3.org/2001/XMLSchema"`,
      )
      .replace('<codIpaEnte>', '<codIpaEnte i:type="h:stText35">')
      .replace(
        '<e:paaSILAutorizzaImportFlusso>',
        '<e:paaSILAutorizzaImportFlusso i:type="e:paaSILAutorizzaImportFlusso">',
      )

  it('with the names of the published WSDL is answered', async () => {
    const answer = await sendMessage(
      site.url,
      typed(`<password i:type="e:stPassword">${PASSWORD}</password>`),
    )
    expect([answer.status, answer.fault]).toEqual([200, undefined])
    expect(answer.value('authorizationToken')).not.toBeNull()
    expect((await lastCall()).request!.toString()).toContain('<password i:type="e:stPassword">***</password>')
  })

  it('is answered when it asks for a state too', async () => {
    const body =
      '<requestToken i:type="x:string">nessuno</requestToken>' +
      `<password i:type="e:stPassword">${PASSWORD}</password>` +
      ['fileScarti', 'fileIUV', 'fileAvvisi']
        .map((name) => `<${name} i:type="x:boolean">true</${name}>`)
        .join('')
    const message = typed(body).replaceAll('paaSILAutorizzaImportFlusso', 'paaSILChiediStatoImportFlusso')
    expect((await sendMessage(site.url, message)).fault?.[0]).toBe('PAA_REQUEST_TOKEN_NON_VALIDO')
  })

  it.each(['x:string', 'e:password', 'e:risposta', 'e:stMaiVisto', 'h:stText35'])(
    'is refused when an element has the type %s, which is not its own',
    async (type) => {
      const answer = await sendMessage(site.url, typed(`<password i:type="${type}">${PASSWORD}</password>`))
      expect([answer.status, answer.fault?.[0]]).toEqual([200, 'PAA_XML_NON_VALIDO'])
      expect(answer.xml).not.toContain(PASSWORD)
    },
  )
})

describe('access of software', () => {
  it('the demo’s password opens its ente, and nothing of it reaches the journal or the log', async () => {
    const answer = await authorize(site.url, { password: PASSWORD })
    expect([answer.status, answer.fault]).toEqual([200, undefined])
    const call = await lastCall()
    expect(call).toMatchObject({
      direction: 'in',
      operation: 'paaSILAutorizzaImportFlusso',
      domain: '99999902028',
      outcome: 'OK',
      http_status: 200,
    })
    expect(call.request!.toString()).toContain('<password>***</password>')
    const token = answer.value('authorizationToken')!
    expect(call.response.toString()).toContain('<authorizationToken>***</authorizationToken>')
    expect(site.logged.join()).toContain('software answered')
    for (const secret of [PASSWORD, token]) {
      expect(site.logged.join()).not.toContain(secret)
      expect(call.request!.toString() + call.response.toString()).not.toContain(secret)
    }
  })

  it.each<[string, Said]>([
    ['a wrong password', { password: 'sbagliata' }],
    ['an ente without a password', { password: PASSWORD, codIpa: 'C_X903' }],
    ['an ente that is not there', { password: PASSWORD, codIpa: 'C_NONE' }],
  ])('%s gets the same answer', async (_, said) => {
    const answer = await authorize(site.url, said)
    const sentence = STRANGER[1]!.replace('C_X902', said.codIpa ?? 'C_X902')
    expect([answer.status, answer.fault]).toEqual([200, [STRANGER[0], sentence]])
    expect(answer.value('authorizationToken')).toBeNull()
    expect(await lastCall()).toMatchObject({ outcome: 'PAA_ENTE_NON_VALIDO', domain: null })
  })

  it('a missing password counts as a wrong one', async () => {
    const answer = await sendMessage(site.url, softwareMessage('C_X902', 'paaSILAutorizzaImportFlusso', ''))
    expect(answer.fault).toEqual(STRANGER)
  })

  it('an unknown ente, and one without a password, take as long as a wrong password', async () => {
    const fastest = new Map(['C_X902', 'C_X903', 'C_NONE'].map((codIpa) => [codIpa, Infinity]))
    // The fastest try shows the real cost, because other load on the machine only slows some of them.
    const ratio = (): number => Math.max(...fastest.values()) / Math.min(...fastest.values())
    for (let round = 0; round < 5 || (round < 100 && ratio() > 1.3); round++)
      for (const [codIpa, before] of fastest) {
        const start = performance.now()
        expect(await admitSoftware(site.db, { codIpa, password: 'sbagliata' })).toBeUndefined()
        fastest.set(codIpa, Math.min(before, performance.now() - start))
      }
    expect(ratio()).toBeLessThan(1.3)
  })

  it('an ente that is still being configured, and one that joined without files, get the reason', async () => {
    const id = await enteId('C_X902')
    await site.db('ente').where({ id }).update({ state: 'PRE-ESERCIZIO' })
    expect((await authorize(site.url, { password: PASSWORD })).fault).toBeUndefined()
    await site.db('ente').where({ id }).update({ state: 'INSERITO' })
    const early = await authorize(site.url, { password: PASSWORD })
    expect(early.fault).toEqual(['PAA_ENTE_NON_VALIDO', 'Stato Ente non valido'])
    expect(early.xml).toContain('<serial>0</serial>')
    await site.db('ente').where({ id }).update({ state: 'PRE-ESERCIZIO' })
    await site
      .db('ente')
      .where({ id })
      .update({ state: 'ESERCIZIO', adhesion: ['base'] })
    for (const answer of [
      await authorize(site.url, { password: PASSWORD }),
      await askState(site.url, { password: PASSWORD, requestToken: 'x' }),
    ])
      expect(answer.fault).toEqual(['PAA_ENTE_NON_VALIDO', 'Ente [C_X902] non abilitato ai flussi'])
    await site
      .db('ente')
      .where({ id })
      .update({ adhesion: ['base', 'flows'] })
  })

  it('in production the demo’s password opens nothing', async () => {
    const production = await startSite({ isProduction: true })
    try {
      expect((await authorize(production.url, { password: PASSWORD })).fault).toEqual(STRANGER)
    } finally {
      await production.close()
    }
  })

  it('one address that says wrong passwords is stopped before others are tried, and stays stopped with the right one', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 21; n++) statuses.push((await authorize(site.url, { password: 'sbagliata' })).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(19)
    const answer = await authorize(site.url, { password: PASSWORD })
    expect([answer.status, answer.xml]).toEqual([429, expect.stringContaining('TOO_MANY_REQUESTS')])
    await site.db('rate_limit').update({ expire: Date.now() - 1 })
    expect((await authorize(site.url, { password: PASSWORD })).status).toBe(200)
  })
})

describe('a token', () => {
  const send = async (token: string, base: string): Promise<[status: number, why: string]> => {
    const { name, bytes } = await flowZip(base, 'IUD\n')
    const body = new FormData()
    body.append('file', new Blob([new Uint8Array(bytes)]), name)
    const query = new URLSearchParams({ authorizationToken: token }).toString()
    const answer = await fetch(`${site.url}/public/mybox/uploadFlusso?${query}`, { method: 'POST', body })
    const [{ descrizione }] = (await answer.json()) as [{ descrizione: string }]
    return [answer.status, descrizione]
  }

  it('is of one ente: a file of another one is refused', async () => {
    const token = (await authorize(site.url, { password: PASSWORD })).value('authorizationToken')!
    expect(await send(token, 'C_X903-ALTRO1-1_0')).toEqual([
      403,
      expect.stringContaining('deve essere C_X902'),
    ])
    expect(await site.db('flow').where({ base_name: 'C_X903-ALTRO1-1_0' })).toEqual([])
  })

  it('ends an hour later', async () => {
    const token = (await authorize(site.url, { password: PASSWORD })).value('authorizationToken')!
    aside = 59 * 60_000
    // The token is still valid, so the refusal is about the header of the file.
    expect(await send(token, 'C_X902-TEMPO1-1_0')).toEqual([403, expect.stringContaining('intestazione')])
    aside = 61 * 60_000
    expect(await send(token, 'C_X902-TEMPO1-1_0')).toEqual([403, expect.stringContaining('Token')])
  })
})

describe('the state of a file', () => {
  const stateOf = async (requestToken: string) => {
    const answer = await askState(site.url, { password: PASSWORD, requestToken })
    return answer.fault?.[0] ?? answer.value('stato')
  }

  it('has the words of the old platform, with links only when the file is loaded', async () => {
    const { id, requestToken } = await flowOf('C_X902')
    const counts = { rows_read: 3, rows_rejected: 1, rows_loaded: 2, notices_printed: 1 }
    await site.db('flow').where({ id }).update(counts)
    const told: (string | null)[] = []
    for (const state of ['queued', 'loading', 'writing', 'loaded', 'cancelling', 'cancelled']) {
      await site.db('flow').where({ id }).update({ state })
      told.push(await stateOf(requestToken))
      const links = ['IUV', 'SCARTI', 'AVVISI_PDF'].map(
        (kind) => new RegExp(`${id}/[\\w-]{22}/${kind}\\.zip\\?scade`),
      )
      const { xml } = await askState(site.url, { password: PASSWORD, requestToken })
      for (const link of links) expect([state, link.test(xml)]).toEqual([state, state === 'loaded'])
    }
    expect(told).toEqual([
      'LOAD_IMPORT',
      'IMPORT_IN_ELAB',
      'IMPORT_IN_ELAB',
      'IMPORT_ESEGUITO',
      'IMPORT_ABORTITO',
      'IMPORT_ABORTITO',
    ])
  })

  it('is the code of the error when the file was refused', async () => {
    const { id, requestToken } = await flowOf('C_X902')
    const error_code = 'PAA_IMPORT_FLUSSO_ERRORE_GENERICO'
    await site.db('flow').where({ id }).update({ state: 'refused', error_code })
    expect(await stateOf(requestToken)).toBe(error_code)
  })

  it('of another ente gets the answer for an unknown file', async () => {
    const { requestToken } = await flowOf('C_X903')
    expect(await stateOf(requestToken)).toBe('PAA_REQUEST_TOKEN_NON_VALIDO')
    expect(await stateOf('nessuno')).toBe('PAA_REQUEST_TOKEN_NON_VALIDO')
  })

  it('gives links of two hours, each for its own file, which the journal does not keep', async () => {
    const { id, requestToken } = await flowOf('C_X902')
    for (const state of ['loading', 'writing', 'loaded'])
      await site.db('flow').where({ id }).update({ state, rows_read: 2, rows_rejected: 2 })
    const answer = await askState(site.url, { password: PASSWORD, requestToken })
    expect([answer.value('urlFileIUV'), answer.value('urlFileAvvisi')]).toEqual([null, null])
    const { pathname, search } = new URL(answer.value('urlFileScarti')!)
    expect(answer.value('urlFileScarti')).toMatch(/^http:\/\/mypay\.example\/flussi\//)
    expect((await lastCall()).response.toString()).not.toContain(/firma=([\w-]+)/.exec(search)![1]!)
    const open = async (path: string): Promise<number> => (await fetch(site.url + path)).status
    // 404: the signature is valid, but the file was never written.
    expect(await open(pathname + search)).toBe(404)
    expect(await open(pathname.replace('SCARTI', 'IUV') + search)).toBe(403)
    const at = { now: new Date().toISOString(), hours: 2 }
    const folder = pathname.slice(0, pathname.lastIndexOf('/'))
    expect(await open(signedPath(KEYS.link, `${folder}/IUV.zip`, at))).toBe(404)
    expect(await open(signedPath(KEYS.link, `${folder}/input.zip`, at))).toBe(404)
    expect(await open(signedPath(KEYS.link, `/flussi/${id}/x/SCARTI.zip`, at))).toBe(403)
    aside = 121 * 60_000
    expect(await open(pathname + search)).toBe(403)
  })
})

describe('a message that is wrong', () => {
  it('in its content gets the fault of its operation, valid by the schema', async () => {
    const answer = await authorize(site.url, { password: 'corta' })
    expect([answer.status, answer.fault?.[0]]).toEqual([200, 'PAA_XML_NON_VALIDO'])
    expect(answer.xml).toContain('password breaks minLength')
    expect((await lastCall()).request!.toString()).not.toContain('corta')
  })

  // Faults have the status 500, because clients in Java and .NET read them only so. An unreadable message gets a 400.
  it.each<[string, string, number]>([
    ['of an operation that is not there', softwareMessage('C_X902', 'paaSILInviaDovuti', ''), 500],
    [
      'that is an answer',
      softwareMessage(
        'C_X902',
        'paaSILChiediStatoImportFlussoRisposta',
        `<stato>x</stato><urlFileIUV>${PASSWORD}</urlFileIUV>`,
      ),
      500,
    ],
    ['that is no SOAP', '<x/>', 400],
    ['that is cut off', softwareMessage('C_X902', 'paaSILInviaDovuti', '').slice(0, -10), 400],
    ['with a DOCTYPE', `<!DOCTYPE x>${softwareMessage('C_X902', 'paaSILInviaDovuti', '')}`, 400],
    ['that is empty', '', 400],
  ])('%s gets a fault of SOAP', async (_, body, status) => {
    const answer = await sendMessage(site.url, body)
    expect([answer.status, answer.xml]).toEqual([
      status,
      expect.stringContaining('<faultcode>soapenv:Client</faultcode>'),
    ])
  })

  it('that meets a breakdown of ours gets a fault of the server, with 500', async () => {
    await site.db.raw('alter table ente rename to ente_away')
    const answer = await authorize(site.url, { password: PASSWORD })
    await site.db.raw('alter table ente_away rename to ente')
    expect([answer.status, answer.xml]).toEqual([
      500,
      expect.stringContaining('<faultcode>soapenv:Server</faultcode>'),
    ])
  })

  it.each(Object.keys(hostileBodies(1)))('%s is refused as on the port of the node', async (name) => {
    // The server may close the connection while a very large message is still being sent.
    const gone = { status: 413, xml: '' }
    const { status, xml } = await sendMessage(site.url, hostileBodies(1)[name]!).catch(() => gone)
    // Some of these bodies are well formed, but no message of this service.
    const isOther = status === 500 && xml.includes('<faultcode>soapenv:Client</faultcode>')
    expect([status, isOther || [400, 413].includes(status)]).toEqual([status, true])
  })

  it('packed small and unpacked large is not unpacked', async () => {
    const body = new Uint8Array(gzipSync(Buffer.alloc(10_000_000, 'a')))
    const answer = await fetch(site.url + SERVICE, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body,
    })
    expect(answer.status).toBe(413)
  })

  it.each([
    ['cut off', (text: string) => text.slice(0, text.indexOf('</password>'))],
    ['in CDATA', (text: string) => text.replace(PASSWORD, `<![CDATA[${PASSWORD}]]>`)],
    ['with another prefix', (text: string) => text.replaceAll('password>', 'e:Password >')],
    ['in UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ])('%s does not bring its password into the journal', async (_, change) => {
    const text = softwareMessage('C_X902', 'paaSILAutorizzaImportFlusso', `<password>${PASSWORD}</password>`)
    await sendMessage(site.url, change(text))
    const { request } = await lastCall()
    expect((request ?? Buffer.alloc(0)).toString('latin1').replaceAll('\0', '')).not.toContain(PASSWORD)
  })
})

describe('the passwords of an ente', () => {
  const PATH = '/admin/enti/C_X903/software'
  const opens = async (password: string): Promise<boolean> =>
    (await authorize(site.url, { codIpa: 'C_X903', password })).fault === undefined
  const retire = async (page: Page): Promise<Page> => confirming(sara, await sara.submit(page, '/ritira'))
  const make = async (): Promise<string> => {
    const page = await sara.submit(await sara.get(PATH), '/software')
    expect(page.status).toBe(200)
    return /id="password">([^<]+)</.exec(page.html)![1]!
  }

  it('are changed without a stop: the new one is shown once, the old one works until it is taken away', async () => {
    expect(textOf(await sara.get(PATH))).toContain('Nessuna: il software non può ancora chiamare')
    const first = await make()
    expect(first).toMatch(/^[\w]{15}$/)
    expect((await sara.get(PATH)).html).not.toContain(first)
    expect(await opens(first)).toBe(true)
    const second = await make()
    expect([await opens(first), await opens(second)]).toEqual([true, true])
    const both = await sara.get(PATH)
    expect(textOf(both)).toContain('Per generarne un’altra ritira prima la precedente')
    expect((await retire(both)).status).toBe(303)
    expect([await opens(first), await opens(second)]).toEqual([false, true])
    // The same form again, as from a second tab, takes nothing more away.
    expect((await retire(both)).status).toBe(303)
    expect(await opens(second)).toBe(true)
  })

  it('a new one that was lost is made again, and the one in use stays', async () => {
    const used = await make()
    expect(await opens(used)).toBe(true)
    const page = await sara.get(PATH)
    await retire(page)
    const lost = await make()
    const again = await make()
    expect([await opens(used), await opens(lost), await opens(again)]).toEqual([true, false, true])
  })

  it('a page that did not show the previous one cannot take it away', async () => {
    const old = await sara.get(PATH)
    await retire(old)
    await make()
    expect((await retire(old)).status).toBe(409)
  })

  it('are an event with who and when, and are nowhere in the tables', async () => {
    const current = await make()
    const register = textOf(await sara.get('/admin/enti/C_X903'))
    expect(register).toMatch(/Sara Gallo \([0-9A-F]{8}\) nuova password per il software/)
    expect(register).toContain('password precedente del software ritirata')
    for (const table of ['api_client', 'event', 'session', 'journal'])
      for (const row of (await site.db(table)) as Record<string, unknown>[])
        for (const value of Object.values(row)) {
          const text = Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)
          expect([table, text?.includes(current) ?? false]).toEqual([table, false])
        }
  })

  describe('taken away', () => {
    const send = async (token: string): Promise<number> => {
      const { name, bytes } = await flowZip('C_X903-RITIRO-1_0', 'IUD\n')
      const body = new FormData()
      body.append('file', new Blob([new Uint8Array(bytes)]), name)
      const query = new URLSearchParams({ authorizationToken: token }).toString()
      const answer = await fetch(`${site.url}/public/mybox/uploadFlusso?${query}`, { method: 'POST', body })
      // Every refusal has the same status; only the text shows whether the token was valid.
      return /Token non valido/.test(await answer.text()) ? 403 : 400
    }

    /** The link to a file and the token that the web service gives for a password. */
    async function given(password: string, requestToken: string): Promise<{ link: string; token: string }> {
      const said = { codIpa: 'C_X903', password }
      const answer = await askState(site.url, { ...said, requestToken })
      const { pathname, search } = new URL(answer.value('urlFileScarti')!)
      const token = (await authorize(site.url, said)).value('authorizationToken')!
      return { link: pathname + search, token }
    }
    const opened = async ({ link, token }: { link: string; token: string }): Promise<number[]> => [
      (await fetch(site.url + link)).status,
      await send(token),
    ]

    it('take the links and tokens with them that were given for them, and no others', async () => {
      const { id, requestToken } = await flowOf('C_X903')
      for (const state of ['loading', 'writing', 'loaded'])
        await site.db('flow').where({ id }).update({ state, rows_read: 1, rows_rejected: 1 })
      writeFileSync(await site.files.prepare(flowFiles(id).outcome('SCARTI')), 'zip')
      await site
        .db('api_client')
        .where({ ente_id: await enteId('C_X903') })
        .delete()
      const old = await make()
      const forOld = await given(old, requestToken)
      // 400: the token is valid, and the header of the file is refused.
      expect(await opened(forOld)).toEqual([200, 400])
      const forNew = await given(await make(), requestToken)
      expect([await opened(forOld), await opened(forNew)]).toEqual([
        [200, 400],
        [200, 400],
      ])
      await retire(await sara.get(PATH))
      expect([await opened(forOld), await opened(forNew)]).toEqual([
        [403, 403],
        [200, 400],
      ])
      const { link } = forNew
      expect(
        (await fetch(site.url + link.replace(link.split('/')[3]!, forOld.link.split('/')[3]!))).status,
      ).toBe(403)
      const change = async (values: object): Promise<number[]> => {
        await site
          .db('ente')
          .where({ id: await enteId('C_X903') })
          .update(values)
        return opened(forNew)
      }
      expect(await change({ adhesion: ['base'] })).toEqual([403, 403])
      expect(await change({ adhesion: ['flows', 'ente_software'], state: 'PRE-ESERCIZIO' })).toEqual([
        200, 400,
      ])
      expect(await change({ state: 'INSERITO' })).toEqual([403, 403])
      await change({ state: 'PRE-ESERCIZIO' })
      expect(await change({ state: 'ESERCIZIO' })).toEqual([200, 400])
    })
  })
})
