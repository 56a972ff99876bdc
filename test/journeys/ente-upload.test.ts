import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { request, type ClientRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueUploadToken, type UploadPermission } from '../../api/ente/upload-token.ts'
import { UPLOAD_LIMITS } from '../../api/upload/limits.ts'
import { aFlowWorld } from '../flows/world.ts'
import { flowZip } from '../flows/zip.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { aCredential } from '../setup/software.ts'
import { waitUntil } from '../setup/wait.ts'

let site: Site
let credential: string
beforeAll(async () => {
  site = await startSite()
  await aFlowWorld(site.db)
  credential = await aCredential(site.db, 'C_Q999')
})
afterAll(() => site.close())

/** Names of the uploads that are on the disk. */
function arrived({ files }: Site): string[] {
  const folder = files.path('uploads')
  return existsSync(folder) ? readdirSync(folder) : []
}

const CSV = readFileSync(new URL('../fixtures/flows/import/C_Q999-CUP202501-1_1.csv', import.meta.url))
const token = (given: Partial<UploadPermission> & { at?: string } = {}): string => {
  const { at = new Date().toISOString(), ...permission } = given
  return issueUploadToken(
    KEYS.token,
    { codIpa: 'C_Q999', requestToken: randomUUID(), credential, ...permission },
    at,
  )
}

async function send(authorizationToken: string, base: string, asField = false): Promise<[number, unknown]> {
  const { name, bytes } = await flowZip(base, CSV)
  const body = new FormData()
  if (asField) body.append('authorizationToken', authorizationToken)
  body.append('qualsiasi', new Blob([new Uint8Array(bytes)]), name)
  const query = asField ? '' : `?authorizationToken=${authorizationToken}`
  const answer = await fetch(`${site.url}/mybox/uploadFlusso${query}`, { method: 'POST', body })
  return [answer.status, await answer.json()]
}

it('software sends a file with its token, in the address or in the form, and gets the body it knows', async () => {
  const requestToken = randomUUID()
  const [status, body] = await send(token({ requestToken }), 'C_Q999-WS1-1_1')
  expect([status, body]).toEqual([
    200,
    [{ fileName: 'C_Q999-WS1-1_1.zip', fileSize: expect.any(Number), fileType: 'application/zip' }],
  ])
  const flow = (await site
    .db('flow')
    .first('state', 'operator_id')
    .where({ request_token: requestToken })) as object
  expect(flow).toEqual({ state: 'queued', operator_id: null })
  expect((await send(token(), 'C_Q999-WS2-1_1', true))[0]).toBe(200)
})

it('a token is used once', async () => {
  const once = token()
  expect((await send(once, 'C_Q999-ONCE1-1_1'))[0]).toBe(200)
  const [status, body] = await send(once, 'C_Q999-ONCE2-1_1')
  expect(status).toBe(403)
  expect(body).toMatchObject([{ codice: '400', descrizione: expect.stringContaining('già stato usato') }])
})

it.each<[string, () => string]>([
  ['made by somebody else', () => `${token().split('.')[0]}.x`],
  ['of two hours ago', () => token({ at: new Date(Date.now() - 2 * 3_600_000).toISOString() })],
  ['of an ente that sends no files', () => token({ codIpa: 'C_X901' })],
  ['of no ente', () => token({ codIpa: 'C_NONE' })],
  ['given for a password that is none', () => token({ credential: 'x' })],
  ['empty', () => ''],
])('a token %s is refused, and nothing is kept', async (_, make) => {
  const before = await site.db('flow').count('* as n')
  const [status, body] = await send(make(), 'C_Q999-NEVER-1_1')
  expect(status).toBe(403)
  expect(body).toMatchObject([{ codice: '400' }])
  expect(await site.db('flow').count('* as n')).toEqual(before)
})

it('a wrong file gets the reason and a fitting HTTP status', async () => {
  const [status, body] = await send(token(), 'C_Q999-WS9-1_9')
  expect(status).toBe(403)
  expect(body).toMatchObject([
    { codice: '400', descrizione: expect.stringMatching(/^\[.+\] .*versione del tracciato/) },
  ])
})

it('a file for which there is no space is refused with the reason, and its token can be used again', async () => {
  const once = token()
  await site.db.raw(
    `create function no_space() returns trigger language plpgsql as
     $$ begin raise 'no space' using errcode = 'disk_full'; end $$`,
  )
  await site.db.raw('create trigger no_space before insert on flow execute function no_space()')
  const [status, body] = await send(once, 'C_Q999-SPACE-1_1')
  await site.db.raw('drop trigger no_space on flow')
  expect([status, body]).toMatchObject([
    507,
    [{ codice: '500', descrizione: expect.stringContaining('più spazio') }],
  ])
  expect((await send(once, 'C_Q999-SPACE-1_1'))[0]).toBe(200)
})

type Part = [name: string, value: string | { name: string; bytes: Buffer }]

async function sendParts(to: Site, parts: Part[], query = ''): Promise<[number, unknown]> {
  const body = new FormData()
  for (const [field, value] of parts)
    if (typeof value === 'string') body.append(field, value)
    else body.append(field, new Blob([new Uint8Array(value.bytes)]), value.name)
  const answer = await fetch(`${to.url}/public/mybox/uploadFlusso${query}`, { method: 'POST', body })
  return [answer.status, await answer.json()]
}

describe('the parts of the form', () => {
  it.each<[string, (file: Part, proof: Part) => Part[]]>([
    ['token behind the file', (file, proof) => [file, proof]],
    [
      'token behind the file, between fields of others',
      (file, proof) => [['tipo', 'x'], file, ['a', 'b'], proof],
    ],
    ['token first, fields of others behind', (file, proof) => [proof, file, ['type', 'FLUSSI_IMPORT']]],
  ])('may come in any order: %s', async (what, order) => {
    const file = await flowZip(`C_Q999-ORDER${what.length}-1_1`, CSV)
    const parts = order(['file', file], ['authorizationToken', token()])
    expect(await sendParts(site, parts)).toEqual([200, [expect.objectContaining({ fileName: file.name })]])
    expect(arrived(site)).toEqual([])
  })

  it.each<[string, () => Part[]]>([
    ['no token at all', () => []],
    [
      'a token of somebody else behind the file',
      () => [['authorizationToken', `${token().split('.')[0]}.x`]],
    ],
    [
      'two tokens behind the file',
      () => [
        ['authorizationToken', token()],
        ['authorizationToken', token()],
      ],
    ],
  ])('%s: the file is refused and not kept', async (_, proof) => {
    const file = await flowZip('C_Q999-STRANGER-1_1', CSV)
    const answer = await sendParts(site, [['file', file], ...proof()])
    expect(answer).toMatchObject([403, [{ codice: '400', descrizione: expect.stringContaining('Token') }]])
    expect(arrived(site)).toEqual([])
  })

  it('a second file is refused with the body that software knows, and neither is kept', async () => {
    const parts: Part[] = [
      ['authorizationToken', token()],
      ['file', await flowZip('C_Q999-FIRST-1_1', CSV)],
      ['file', await flowZip('C_Q999-SECOND-1_1', CSV)],
    ]
    expect(await sendParts(site, parts)).toMatchObject([
      403,
      [{ codice: '400', descrizione: expect.stringContaining('un solo file') }],
    ])
    expect(arrived(site)).toEqual([])
  })
})

describe('files whose sender is not known yet', () => {
  const MOST = 64 * 1024
  let small: Site
  let own: string
  beforeAll(async () => {
    small = await startSite({ upload: { ...UPLOAD_LIMITS, zipBytes: MOST } })
    await aFlowWorld(small.db)
    own = await aCredential(small.db, 'C_Q999')
  })
  afterAll(() => small.close())

  /** Sends so many bytes of a file and keeps the request open. */
  function hold(bytes: number): ClientRequest {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const holding = request(`${small.url}/public/mybox/uploadFlusso`, { method: 'POST', headers })
    holding.on('error', () => undefined)
    holding.write('--b\r\ncontent-disposition: form-data; name="file"; filename="a.zip"\r\n\r\n')
    holding.write(Buffer.alloc(bytes))
    return holding
  }

  it('may not exceed the limit of a file', async () => {
    const file = { name: 'C_Q999-BIG-1_1.zip', bytes: Buffer.alloc(MOST + 1) }
    expect(
      await sendParts(small, [
        ['file', file],
        ['authorizationToken', token()],
      ]),
    ).toMatchObject([403, [{ descrizione: expect.stringContaining('dimensione massima') }]])
    expect(arrived(small)).toEqual([])
  })

  it('share little space, which a sender who gives the token first does not need', async () => {
    const holding = [hold(MOST), hold(MOST)]
    await waitUntil(async () => arrived(small).length === 2)
    const send = async (base: string, isFirst: boolean) => {
      const parts: Part[] = [
        ['file', await flowZip(base, CSV)],
        ['authorizationToken', token({ credential: own })],
      ]
      return sendParts(small, isFirst ? parts.reverse() : parts)
    }
    const crowded = await waitUntil(async () => {
      const answer = await send('C_Q999-CROWD-1_1', false)
      return answer[0] === 429 ? answer : undefined
    })
    expect(crowded).toMatchObject([429, [{ descrizione: expect.stringContaining('prima del file') }]])
    expect((await send('C_Q999-KNOWN-1_1', true))[0]).toBe(200)
    for (const one of holding) one.destroy()
    await waitUntil(async () => arrived(small).length === 0)
    await waitUntil(async () => (await send('C_Q999-LATER-1_1', false))[0] === 200)
  })
})

it('an installation may answer refusals with 200, as the old platform did', async () => {
  const old = await startSite({ uploadRefusedStatus: 200 })
  await aFlowWorld(old.db)
  const file: Part = ['file', await flowZip('C_Q999-OLD-1_9', CSV)]
  expect(await sendParts(old, [file])).toMatchObject([200, [{ codice: '400' }]])
  expect(await sendParts(old, [file], `?authorizationToken=${token()}`)).toMatchObject([
    200,
    [{ codice: '400' }],
  ])
  await old.close()
})
