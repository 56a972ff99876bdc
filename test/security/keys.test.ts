import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { issueUploadToken, readUploadToken } from '../../api/ente/upload-token.ts'
import { plantSessions } from '../../bench/world/sessions.ts'
import { signedPath } from '../../templates/signed-link.ts'
import { sign } from '../../templates/signature.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { createVisitor } from '../setup/visitor.ts'

const NOW = new Date().toISOString()
const PERMISSION = { codIpa: 'C_Q999', requestToken: randomUUID(), credential: 'A'.repeat(22) }
const OLD = 'the key of last year that still verifies'
const REMOVED = 'the key of two years ago that is removed'
const CITIZEN = { codiceFiscale: 'BNCCHR85H52M999M', anagrafica: 'Chiara Bianchi', email: 'c@example.org' }

let site: Site
beforeAll(async () => {
  site = await startSite({ keys: { ...KEYS, session: [...KEYS.session, OLD], link: [...KEYS.link, OLD] } })
})
afterAll(() => site.close())

it('a browser whose session was signed with the old key stays signed in until that key is removed', async () => {
  const areaOf = async (key: string) => {
    const [cookie] = await plantSessions(site.db, key, [{ citizen: CITIZEN }])
    return createVisitor(site.url, { cookie: cookie! }).get('/area')
  }
  expect((await areaOf(KEYS.session[0])).status).toBe(200)
  expect((await areaOf(OLD)).status).toBe(200)
  expect((await areaOf(REMOVED)).location).toContain('/accedi?')
})

it('a link signed with the old key opens until that key is removed, and no key of another purpose opens it', async () => {
  const path = `/ricevute/${randomUUID()}.pdf`
  const open = async (key: string) =>
    (await site.visitor().get(signedPath([key], path, { now: NOW, hours: 1 }))).status
  // 404: the signature is valid, but there is no such receipt. 403: the signature is not valid.
  for (const key of [KEYS.link[0], OLD]) expect(await open(key)).toBe(404)
  for (const key of [REMOVED, KEYS.session[0], KEYS.token[0], KEYS.privacy]) expect(await open(key)).toBe(403)
})

it('a token is read with the old key until that key is removed', () => {
  const token = issueUploadToken([OLD], PERMISSION, NOW)
  expect(readUploadToken([...KEYS.token, OLD], token, NOW)).toEqual(PERMISSION)
  expect(readUploadToken(KEYS.token, token, NOW)).toBeUndefined()
})

it('a key of links makes no token, and one key for both purposes makes no token out of a link', () => {
  expect(readUploadToken(KEYS.token, issueUploadToken(KEYS.link, PERMISSION, NOW), NOW)).toBeUndefined()
  const [body] = issueUploadToken(KEYS.link, PERMISSION, NOW).split('.')
  expect(readUploadToken(KEYS.link, `${body}.${sign(KEYS.link, `link ${body}`)}`, NOW)).toBeUndefined()
})
