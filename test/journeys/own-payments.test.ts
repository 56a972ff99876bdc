import { afterAll, beforeAll, expect, it } from 'vitest'
import { addCartItem, insertCart } from '../../db/payment/cart.ts'
import { answerRt } from '../../api/node/answer-rt.ts'
import { askAbout, payCartActivities, attemptIdsOf, US } from '../setup/begun.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { buildRtFor } from '../setup/rt.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}
const STEFANO = {
  codiceFiscale: 'GLLSFN78D14M999X',
  anagrafica: 'Stefano Galli',
  email: 'stefano@example.org',
}

let site: Site
let cartId: string

/** Chiara pays a due of hers and one of Stefano's. */
beforeAll(async () => {
  site = await startSite()
  const versante = { tipo: 'F', codice: CHIARA.codiceFiscale, ...CHIARA } as const
  cartId = await insertCart(site.db, { kind: 'citizen', versante })
  const dues = (await site
    .db('due')
    .whereRaw(`causale like 'Mensa scolastica%' or causale like 'Retta nido%'`)
    .orderBy('causale')
    .pluck('id')) as string[]
  for (const id of dues) await addCartItem(site.db, cartId, id)
  const activities = payCartActivities(site.db)
  await activities.beginCart({ ...askAbout(cartId), replicaConfirmed: true })
  for (const attemptId of await attemptIdsOf(site.db, cartId))
    await answerRt(site.db, US, (await buildRtFor(site.db, attemptId, { outcome: 0 })).envelope)
  await activities.settleCart(askAbout(cartId))
})
afterAll(() => site.close())

const signedIn = (citizen: typeof CHIARA): Promise<Visitor> => signInAs(site.db, site.visitor(), citizen)
const receiptsIn = (html: string): string[] =>
  [...html.matchAll(/href="(\/ricevute\/[^"]+)"/g)].map((match) =>
    match[1]!.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'),
  )

it('who paid sees the payment with its receipts from any browser, and the receipt opens', async () => {
  const visitor = await signedIn(CHIARA)
  const page = await visitor.get('/area/pagamenti')
  expect(textOf(page)).toMatch(/Pagamento del .* Pagato .*Mensa scolastica Primaria.*Retta nido.*421,30 €/)
  const receipts = receiptsIn(page.html)
  expect(receipts).toHaveLength(2)
  const pdf = await fetch(new URL(receipts[0]!, site.url), { headers: { cookie: visitor.cookie() } })
  expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  expect(textOf(await visitor.get(`/pagamenti/${cartId}`))).toContain('Retta nido')
})

it('who owed one of the dues sees that due and its receipt, and nothing else of the cart', async () => {
  const visitor = await signedIn(STEFANO)
  const page = await visitor.get('/area/pagamenti')
  expect(textOf(page)).toMatch(
    /Pagamento del .* Pagato .*Retta nido.*Pagamento avviato da un’altra persona.*324,50 €/,
  )
  expect(textOf(page)).not.toContain('Mensa')
  expect(receiptsIn(page.html)).toHaveLength(1)
  expect(page.html).not.toContain(`/pagamenti/${cartId}`)
  expect(textOf(await visitor.get(`/pagamenti/${cartId}`))).not.toContain('Mensa scolastica')
})

it('filters by ente, state, words and day in Rome', async () => {
  const visitor = await signedIn(CHIARA)
  const shows = async (query: string): Promise<boolean> =>
    textOf(await visitor.get(`/area/pagamenti?${query}`)).includes('Mensa scolastica Primaria')
  const at = '2026-03-28T23:30:00Z' // 00:30 of the 29th in Rome
  await site.db('cart').where({ id: cartId }).update({ begun_at: at })
  expect(await shows('dal=2026-03-29&al=2026-03-29')).toBe(true)
  expect(await shows('dal=2026-03-28&al=2026-03-28')).toBe(false)
  expect(await shows('ente=C_X902&stato=paid&causale=retta')).toBe(true)
  expect(await shows('ente=C_X903')).toBe(false)
  expect(await shows('stato=not_paid')).toBe(false)
  expect(await shows('causale=_ensa')).toBe(false)
})
