import { afterAll, beforeAll, expect, it } from 'vitest'
import { addCartItem, findCart, insertCart } from '../../db/payment/cart.ts'
import { textOf } from '../setup/citizen-site.ts'
import { changeSession, follow, signIn } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack({ seed: true })
}, 60_000)
afterAll(() => stack.close())

const aVisitor = (): Visitor => createVisitor(stack.publicUrl)

it('who signs in lands in the personal area, under the name the provider gives', async () => {
  const visitor = aVisitor()
  const page = await signIn(visitor, 'chiara')
  expect(page.url).toBe(`${stack.publicUrl}/area`)
  expect(textOf(page)).toMatch(/Accesso come Chiara Bianchi/)
  expect(textOf(page)).toMatch(/Canone luce votiva - Capoluogo - lampada 12\/B.*18,50 €/)
})

it('the session has a new id after the sign-in, and the cart is still there', async () => {
  const visitor = aVisitor()
  await visitor.get('/avviso')
  const versante = { tipo: 'F', codice: 'ANONIMO', anagrafica: 'Qualcuno', email: 'q@example.org' } as const
  const cartId = await insertCart(stack.db, { kind: 'citizen', versante })
  await changeSession(stack.db, visitor, { cartId })
  const { id: dueId } = (await stack.db('due').where({ state: 'payable' }).first('id')) as {
    id: string
  }
  await addCartItem(stack.db, cartId, dueId)
  const before = visitor.cookie()
  await signIn(visitor, 'chiara')
  expect(visitor.cookie()).not.toBe(before)
  expect(textOf(await visitor.get('/carrello'))).toMatch(/Totale .*chiara\.bianchi@example\.org/)
  expect((await findCart(stack.db, cartId))!.versante.codice).toBe('BNCCHR85H52M999M')
})

it('the name of an operator comes from the provider, in the register too', async () => {
  const paolo = stack.db('operator').where({ name: 'Paolo Ferri' })
  const { id } = (await paolo.clone().first('id')) as { id: string }
  await paolo.clone().update({ name: 'Paolo Rossi' })
  await signIn(aVisitor(), 'paolo')
  await signIn(aVisitor(), 'paolo')
  expect(await stack.db('operator').where({ id }).pluck('name')).toEqual(['Paolo Ferri'])
  expect(await stack.db('event').where({ entity_id: id }).pluck('data')).toEqual([
    { what: 'renamed at sign-in', changes: [{ column: 'name', from: 'Paolo Rossi', to: 'Paolo Ferri' }] },
  ])
})

it('a sign-in ends on the page that required it', async () => {
  const visitor = aVisitor()
  const page = await signIn(visitor, 'chiara', '/area/posizioni?righe=50')
  expect(page.url).toBe(`${stack.publicUrl}/area/posizioni?righe=50`)
})

it.each(['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)'])(
  'never leads to another site: %s',
  async (address) => {
    const visitor = aVisitor()
    const page = await signIn(visitor, 'chiara', `/accedi?da=${encodeURIComponent(address)}`)
    expect(page.url).toBe(`${stack.publicUrl}/area`)
  },
)

it('an answer that was asked by nobody, or by another browser, signs nobody in', async () => {
  const victim = aVisitor()
  const planted = await victim.get('/accedi/ritorno?code=abc&state=def')
  expect(planted.status).toBe(403)
  expect(textOf(planted)).toMatch(/Accesso non riuscito.*Questa pagina non sa se hai pagato/)
  const one = aVisitor()
  const choice = await follow(one, await one.get('/accedi'))
  let page = await one.submit(choice, new URL(choice.url).pathname, { persona: 'chiara' })
  while (page.location !== undefined && !page.location.includes('/accedi/ritorno'))
    page = await one.get(page.location)
  const stolen = await victim.get(page.location!)
  expect(stolen.status).toBe(403)
  expect((await victim.get('/area')).location).toContain('/accedi?')
})

it('a person who gives up at the provider is not signed in, and the page says how to continue', async () => {
  const visitor = aVisitor()
  const page = await signIn(visitor, 'nessuno')
  expect(page.status).toBe(403)
  expect(textOf(page)).toMatch(/Accesso non riuscito.*Puoi anche pagare senza accedere/)
})

it('"Esci" ends the session here and at the provider', async () => {
  const visitor = aVisitor()
  const area = await signIn(visitor, 'chiara')
  const out = await visitor.submit(area, '/esci')
  expect(out.location).toContain('/idp/session/end')
  const asked = await visitor.get(out.location!)
  const done = await follow(visitor, await visitor.submit(asked, '/session/end/confirm', { logout: 'yes' }))
  expect(done.url).toBe(`${stack.publicUrl}/`)
  expect((await visitor.get('/area')).location).toContain('/accedi?')
  // The provider lets choose a person again, because its session has ended too.
  expect(textOf(await follow(visitor, await visitor.get('/accedi')))).toContain('Chi sei?')
})

it('every page of the area asks for the sign-in first', async () => {
  for (const path of ['/area', '/area/posizioni', '/area/pagamenti', '/area/account'])
    expect((await aVisitor().get(path)).location).toBe(
      `${stack.publicUrl}/accedi?${new URLSearchParams({ da: path }).toString()}`,
    )
})
