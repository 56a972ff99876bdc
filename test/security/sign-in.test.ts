import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertCart } from '../../db/payment/cart.ts'
import { LEVELS } from '../../simulator/idp/provider.ts'
import { textOf } from '../setup/citizen-site.ts'
import { changeSession, follow, signIn } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, formOf, type Page, type Visitor } from '../setup/visitor.ts'

const STAFF = '/operatore/C_X902/dovuti'
const HOUR_MS = 3_600_000
const [ONE, TWO, THREE] = LEVELS as [string, string, string]

let stack: Stack
let hoursLater = 0
beforeAll(async () => {
  const clock = () => new Date(Date.now() + hoursLater * HOUR_MS).toISOString()
  stack = await startStack({ seed: true, clock })
}, 60_000)
afterAll(() => stack.close())
beforeEach(() => {
  hoursLater = 0
})

const aVisitor = (): Visitor => createVisitor(stack.publicUrl)
const leadsToSignIn = (page: Page): boolean =>
  page.location?.startsWith(`${stack.publicUrl}/accedi?`) ?? false

describe('the level of a sign-in', () => {
  it.each([
    [STAFF, 'paolo'],
    ['/admin', 'sara'],
    ['/supporto', 'elena'],
  ])('%s asks whoever signed in below level 2 to sign in again, and then opens', async (path, person) => {
    const visitor = aVisitor()
    expect((await signIn(visitor, person, '/accedi', ONE)).url).toBe(`${stack.publicUrl}/area`)
    const asked = await visitor.get(path)
    expect(asked.location).toBe(
      `${stack.publicUrl}/accedi?${new URLSearchParams({ da: path, livello: '2' }).toString()}`,
    )
    // The provider has a session of the person, but not at this level, so it asks again.
    const choice = await follow(visitor, asked)
    expect(textOf(choice)).toContain('Chi sei?')
    const opened = await follow(
      visitor,
      await visitor.submit(choice, new URL(choice.url).pathname, { persona: person }),
    )
    expect([opened.url, opened.status]).toEqual([stack.publicUrl + path, 200])
  })

  it('a lower level than requested is refused with the reason, and the session stays as it was', async () => {
    const stranger = aVisitor()
    const refused = await signIn(stranger, 'paolo', '/operatore', ONE)
    expect(refused.status).toBe(403)
    expect(textOf(refused)).toMatch(/L’accesso non è abbastanza sicuro.*secondo fattore/)
    expect(leadsToSignIn(await stranger.get('/area'))).toBe(true)
    const known = aVisitor()
    await signIn(known, 'paolo', '/accedi', ONE)
    expect((await signIn(known, 'paolo', '/operatore', ONE)).status).toBe(403)
    expect((await known.get('/area')).status).toBe(200)
    expect(leadsToSignIn(await known.get('/operatore'))).toBe(true)
  })

  it('a level above the requested one is enough, and a level requested above that of staff must be reached', async () => {
    expect((await signIn(aVisitor(), 'paolo', '/operatore', THREE)).status).toBe(200)
    expect((await signIn(aVisitor(), 'paolo', '/accedi?livello=3', TWO)).status).toBe(403)
  })

  it('level 1 is enough for a citizen, and a person without a grant is not asked for more', async () => {
    const visitor = aVisitor()
    expect((await signIn(visitor, 'chiara', '/accedi', ONE)).status).toBe(200)
    expect(textOf(await visitor.get('/operatore'))).toContain('Non sei abilitato')
  })
})

describe('the end of a session', () => {
  it('comes 12 hours after the sign-in for the pages of staff and 24 hours after it for all, however much it is used', async () => {
    const visitor = aVisitor()
    await signIn(visitor, 'paolo', '/operatore')
    for (hoursLater of [5, 11.9]) expect((await visitor.get(STAFF)).status).toBe(200)
    for (hoursLater of [12.1, 23.9]) {
      expect(leadsToSignIn(await visitor.get(STAFF))).toBe(true)
      expect((await visitor.get('/area')).status).toBe(200)
    }
    hoursLater = 24.1
    expect(leadsToSignIn(await visitor.get('/area'))).toBe(true)
  })

  it('comes for anonymous visitors too', async () => {
    const visitor = aVisitor()
    await visitor.get('/avviso')
    const versante = { tipo: 'F', codice: 'ANONIMO', anagrafica: 'Qualcuno', email: 'q@example.org' } as const
    await changeSession(stack.db, visitor, {
      cartId: await insertCart(stack.db, { kind: 'citizen', versante }),
      provedEmail: versante.email,
    })
    await visitor.get('/avviso')
    const held = async (): Promise<object> => {
      const [, sid] = /mypay=s%3A([^.]+)\./.exec(visitor.cookie())!
      const row = (await stack
        .db('session')
        .where({ sid: decodeURIComponent(sid!) })
        .first('sess')) as { sess: object } | undefined
      return row?.sess ?? {}
    }
    hoursLater = 23.9
    await visitor.get('/carrello')
    expect(await held()).toHaveProperty('cartId')
    hoursLater = 24.1
    await visitor.get('/avviso')
    expect(await held()).not.toHaveProperty('cartId')
    expect(await held()).not.toHaveProperty('provedEmail')
  })

  it('a new sign-in starts the time again', async () => {
    const visitor = aVisitor()
    await signIn(visitor, 'paolo', STAFF)
    hoursLater = 13
    // The provider still has a session of the person, so it does not ask.
    await follow(visitor, await visitor.get(STAFF))
    hoursLater = 24.5
    expect((await visitor.get(STAFF)).status).toBe(200)
  })
})

it('signing out tells the browser to drop what it kept, and nothing of the session is left', async () => {
  const visitor = aVisitor()
  const area = await signIn(visitor, 'chiara')
  const cookie = visitor.cookie()
  const { action, hidden } = formOf(area.html, '/esci')
  const out = await fetch(new URL(action, stack.publicUrl), {
    method: 'POST',
    headers: { cookie },
    body: new URLSearchParams(hidden),
    redirect: 'manual',
  })
  expect(out.status).toBe(303)
  expect(out.headers.get('clear-site-data')).toBe('"cache", "storage"')
  expect(out.headers.getSetCookie()).toEqual([expect.stringMatching(/^mypay=;.*Expires=Thu, 01 Jan 1970/)])
  expect(leadsToSignIn(await createVisitor(stack.publicUrl, { cookie }).get('/area'))).toBe(true)
  const [, sid] = /mypay=s%3A([^.]+)\./.exec(cookie)!
  expect(await stack.db('session').where({ sid: decodeURIComponent(sid!) })).toEqual([])
})
