import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { issueUploadToken, type UploadPermission } from '../../api/ente/upload-token.ts'
import { aFlowWorld } from '../flows/world.ts'
import { flowZip } from '../flows/zip.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { aCredential } from '../setup/software.ts'
import { readFileSync } from 'node:fs'

let site: Site
let credential: string
beforeAll(async () => {
  site = await startSite()
  await aFlowWorld(site.db)
  credential = await aCredential(site.db, 'C_Q999')
})
afterAll(() => site.close())

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
  expect(status).toBe(400)
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

it('what is wrong with a file is told with a status that says so', async () => {
  const [status, body] = await send(token(), 'C_Q999-WS9-1_9')
  expect(status).toBe(400)
  expect(body).toMatchObject([{ descrizione: expect.stringMatching(/^\[.+\] .*versione del tracciato/) }])
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
  expect([status, body]).toMatchObject([507, [{ descrizione: expect.stringContaining('più spazio') }]])
  expect((await send(once, 'C_Q999-SPACE-1_1'))[0]).toBe(200)
})
