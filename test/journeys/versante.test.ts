import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { askAbout, payCartActivities, attemptIdsOf, US } from '../setup/begun.ts'
import { startSite, textOf, withCart, type Site } from '../setup/citizen-site.ts'
import { buildRtFor } from '../setup/rt.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const PATH = '/carrello/versante'
const STEFANO = {
  'intestatario-nome': 'Stefano Galli',
  'intestatario-codice': 'GLLSFN78D14M999X',
  'e-mail': 'stefano@example.org',
}

let site: Site
let carts = 0

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
})
afterAll(() => site.close())

const aCart = (): Promise<Visitor> =>
  withCart(site, { nota: `versante ${++carts}`, 'e-mail': `chiara${carts}@example.org` })
const change = async (visitor: Visitor, fields: Record<string, string>): Promise<Page> =>
  visitor.submit(await visitor.get(PATH), PATH, fields)
const linkFor = async (address: string): Promise<string> => {
  const row = (await site.db('email').where({ address }).orderBy('created_at', 'desc').first('secret')) as {
    secret: string
  }
  return `/conferma/${row.secret}`
}

it('another person pays after proving his address, and both get the receipt', async () => {
  const visitor = await aCart()
  const sent = await change(visitor, STEFANO)
  expect(sent.location).toMatch(/mail-inviata$/)
  expect(textOf(await visitor.get('/carrello'))).toContain('Chi paga Chiara Bianchi')
  const link = await linkFor('stefano@example.org')
  await visitor.submit(await visitor.get(link), link)
  expect(textOf(await visitor.get('/carrello'))).toMatch(
    /Chi paga Stefano Galli .*Ricevuta a stefano@example\.org/,
  )
  site.processes.answer = async (cartId) => {
    await payCartActivities(site.db).beginCart({ ...askAbout(cartId), replicaConfirmed: true })
    return { kind: 'waiting' }
  }
  await visitor.submit(await visitor.get('/carrello'), '/carrello/paga')
  const { cartId } = site.processes.begun.at(-1)!
  for (const attemptId of await attemptIdsOf(site.db, cartId))
    await answerRt(site.db, US, (await buildRtFor(site.db, attemptId)).envelope)
  await payCartActivities(site.db).settleCart(askAbout(cartId))
  const mails = (await site
    .db('email')
    .where({ cart_id: cartId, kind: 'receipt' })
    .pluck('address')) as string[]
  expect(mails.sort()).toEqual([`chiara${carts}@example.org`, 'stefano@example.org'])
  await change(visitor, STEFANO).catch(() => undefined)
  expect((await visitor.get(PATH)).location).toBe(`${site.url}/carrello`)
})

it('an address already proved in this browser changes at once', async () => {
  const visitor = await aCart()
  const done = await change(visitor, { ...STEFANO, 'e-mail': `chiara${carts}@example.org` })
  expect(done.location).toBe(`${site.url}/carrello`)
  expect(textOf(await visitor.get('/carrello'))).toContain('Chi paga Stefano Galli')
})

it('unreadable values get an error, and what was typed stays', async () => {
  const visitor = await aCart()
  const page = await change(visitor, { ...STEFANO, 'intestatario-codice': 'X' })
  expect([page.status, textOf(page)]).toEqual([
    422,
    expect.stringContaining('16 caratteri del codice fiscale'),
  ])
  expect(page.html).toContain('value="Stefano Galli"')
})

it('a link opened when the cart has run out changes nothing', async () => {
  const visitor = await aCart()
  await change(visitor, { ...STEFANO, 'e-mail': 'late@example.org' })
  const link = await linkFor('late@example.org')
  await site
    .db('cart')
    .whereIn('id', site.db('cart').where({ state: 'open' }).select('id'))
    .update({ expires_at: site.db.raw(`now() - interval '1 minute'`) })
  const page = await visitor.submit(await visitor.get(link), link)
  expect(page.location).toBe(`${site.url}/carrello`)
  expect(textOf(await visitor.get('/carrello'))).toContain('Il carrello precedente è scaduto')
  const [cart] = await site.db('cart').whereRaw(`versante ->> 'email' = 'late@example.org'`)
  expect(cart).toBeUndefined()
})

it('a signed-in citizen is always the payer', async () => {
  const visitor = await aCart()
  await signInAs(site.db, visitor, {
    codiceFiscale: 'BNCCHR85H52M999M',
    anagrafica: 'Chiara Bianchi',
    email: 'chiara@example.org',
  })
  expect((await visitor.get(PATH)).location).toBe(`${site.url}/carrello`)
  expect((await visitor.get('/carrello')).html).not.toContain(PATH)
})
