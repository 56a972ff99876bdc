import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noticeHref } from '../../templates/signed-link.ts'
import { answerRt } from '../../api/node/answer-rt.ts'
import { addCartItem, insertCart } from '../../db/payment/cart.ts'
import { signedPath } from '../../templates/signed-link.ts'
import { askAbout, payCartActivities, attemptIdsOf, US } from '../setup/begun.ts'
import { askLink, startSite, textOf, withCart, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { buildRtFor } from '../setup/rt.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}
const LUCA = { codiceFiscale: 'SPSLCU71S03M999T', anagrafica: 'Luca Esposito', email: 'luca@example.org' }

let site: Site
let cartId: string
let receipts: string[]
/** Id of a due of Chiara that is not paid yet. */
let owed: string

/** Chiara has paid two dues, each with a receipt of its own. */
beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  const versante = { tipo: 'F', codice: CHIARA.codiceFiscale, ...CHIARA } as const
  cartId = await insertCart(site.db, { kind: 'citizen', versante })
  const dues = (await site
    .db('due')
    .whereRaw(`causale like 'Mensa scolastica%' or causale like 'Retta nido%'`)
    .pluck('id')) as string[]
  for (const id of dues) await addCartItem(site.db, cartId, id)
  await payCartActivities(site.db).beginCart({ ...askAbout(cartId), replicaConfirmed: true })
  for (const attemptId of await attemptIdsOf(site.db, cartId))
    await answerRt(site.db, US, (await buildRtFor(site.db, attemptId, { outcome: 0 })).envelope)
  await payCartActivities(site.db).settleCart(askAbout(cartId))
  receipts = (await site.db('receipt').orderBy('id').pluck('id')) as string[]
  const due = site.db('due').where({ pagatore_codice: CHIARA.codiceFiscale, state: 'payable' })
  owed = ((await due.first('id')) as { id: string }).id
})
afterAll(() => site.close())

const signedIn = (citizen: typeof CHIARA): Promise<Visitor> => signInAs(site.db, site.visitor(), citizen)
const at = { now: new Date().toISOString(), hours: 2 }
/** The text of a page without ids, which differ each time. */
const said = (page: Page): string => textOf(page).replace(/[0-9a-f-]{36}/g, '')

/** Changes the address of the form to sign out, which is on every page of a signed-in person and has the token of the session. */
const aimedAt = (path: string, page: Page): Page => ({
  ...page,
  html: page.html.replace('action="/esci"', `action="${path}"`),
})

describe('guessing', () => {
  it('the token of a link gets the page of an unknown one, however near the guess', async () => {
    const link = await askLink(site, site.visitor(), { 'e-mail': 'guess@example.org' })
    const token = link.slice('/conferma/'.length)
    const other = token.startsWith('A') ? 'B' : 'A'
    const guesses = [
      randomBytes(32).toString('base64url'),
      token.slice(0, -4),
      other + token.slice(1),
      token.toUpperCase(),
      `${token}=`,
      '%27%20or%20true--',
    ]
    for (const guess of guesses) expect((await site.visitor().get(`/conferma/${guess}`)).status).toBe(404)
    await site.visitor().get(`/Conferma//${token}`)
    await site.visitor().get(`/%63onferma/${token}/`)
    expect(site.logged.join('')).not.toContain(token)
    expect((await site.visitor().get(link)).status).toBe(200)
  })

  it.each(['/ricevute', '/avvisi'])(
    'an id of %s gets the same answer whether it exists or not',
    async (folder) => {
      const real = folder === '/ricevute' ? receipts[0]! : owed
      const pages = await Promise.all(
        [real, randomUUID()].map((id) => site.visitor().get(`${folder}/${id}.pdf`)),
      )
      expect(pages.map(({ status }) => status)).toEqual([403, 403])
      expect(said(pages[0]!)).toBe(said(pages[1]!))
    },
  )
})

describe('a signed link', () => {
  const open = async (path: string): Promise<number> => (await site.visitor().get(path)).status
  const receipt = (id: string): string => `/ricevute/${id}.pdf`

  it('opens what it was made for, and nothing else', async () => {
    const own = signedPath(KEYS.link, receipt(receipts[0]!), at)
    const proof = own.slice(own.indexOf('?'))
    expect(await open(own)).toBe(200)
    expect(await open(receipt(receipts[1]!) + proof)).toBe(403)
    expect(await open(`/avvisi/${receipts[0]!}.pdf${proof}`)).toBe(403)
    expect(await open(`/avvisi/${owed}.pdf${proof}`)).toBe(403)
    expect((await site.visitor().get(`/pagamenti/${cartId}${proof}`)).html).not.toContain('Mensa')
    const notice = noticeHref(KEYS.link, owed, at.now)
    expect(await open(receipt(receipts[0]!) + notice.slice(notice.indexOf('?')))).toBe(403)
  })

  it('lasts no longer when its end is rewritten', async () => {
    const old = signedPath(KEYS.link, receipt(receipts[0]!), { now: '2020-01-01T00:00:00Z', hours: 1 })
    expect(await open(old)).toBe(403)
    const later = signedPath(KEYS.link, receipt(receipts[1]!), at)
    const end = /scade=(\w+)/.exec(later)![1]!
    expect(await open(old.replace(/scade=\w+/, `scade=${end}`))).toBe(403)
    expect(await open(`${old}&scade=${end}`)).toBe(403)
    expect(await open(signedPath(['another key of 32 characters here!'], receipt(receipts[0]!), at))).toBe(
      403,
    )
  })
})

describe('another citizen, signed in', () => {
  it('sees neither payment nor receipt nor notice by their addresses, and can do nothing with them', async () => {
    const luca = await signedIn(LUCA)
    const payment = await luca.get(`/pagamenti/${cartId}`)
    for (const own of ['Mensa', 'Retta', 'Chiara', '421,30', '/ricevute/'])
      expect(payment.html).not.toContain(own)
    expect((await luca.get(`/ricevute/${receipts[0]!}.pdf`)).status).toBe(403)
    expect((await luca.get(`/avvisi/${owed}.pdf`)).status).toBe(403)
    const retry = `/pagamenti/${cartId}/riprova`
    expect((await luca.submit(aimedAt(retry, await luca.get('/area')), retry)).status).toBe(403)
    const chiara = await signedIn(CHIARA)
    expect((await chiara.get(`/avvisi/${owed}.pdf`)).status).toBe(200)
  })

  it('cannot put another’s due in a cart, and gets the answer for an unknown due', async () => {
    const luca = await signedIn(LUCA)
    const path = '/area/posizioni/carrello'
    const form = aimedAt(path, await luca.get('/area/posizioni'))
    const answers = []
    for (const id of [owed, randomUUID()]) answers.push(await luca.submit(form, path, { dovuti: id }))
    expect(answers.map(({ status }) => status)).toEqual([409, 409])
    expect(said(answers[0]!)).toBe(said(answers[1]!))
    expect(await site.db('cart_item').where({ due_id: owed })).toEqual([])
  })

  it('sees only their own dues and payments in lists, whatever the address contains', async () => {
    const luca = await signedIn(LUCA)
    for (const path of ['/area', '/area/posizioni', '/area/pagamenti'])
      for (const query of [
        '',
        `?codiceFiscale=${CHIARA.codiceFiscale}`,
        `?pagatore=${CHIARA.codiceFiscale}`,
      ]) {
        const { status, html } = await luca.get(path + query)
        expect(status).toBe(200)
        for (const own of ['lampada', 'Mensa scolastica Primaria']) expect(html).not.toContain(own)
      }
  })
})

describe('the cart of somebody else', () => {
  it('loses no line and is not paid, also when its ids are known', async () => {
    const one = await withCart(site, { 'e-mail': 'one@example.org', nota: 'uno' })
    const other = await withCart(site, { 'e-mail': 'other@example.org', nota: 'due' })
    const theirs = await one.get('/carrello')
    const mine = await other.get('/carrello')
    const hidden = (page: Page, name: string): string =>
      new RegExp(`name="${name}" value="([^"]+)"`).exec(page.html)![1]!
    const remove = /action="(\/carrello\/voci\/[^"]+)"/.exec(theirs.html)![1]!
    await other.submit({ ...mine, html: mine.html.replace(/\/carrello\/voci\/[^"]+/, remove) }, remove)
    expect(textOf(await one.get('/carrello'))).toContain('Totale 10,50 €')
    const wanted = hidden(theirs, 'cart')
    await other.submit(mine, '/carrello/paga', { cart: wanted, seen: hidden(theirs, 'seen') })
    await other.submit(mine, '/carrello/paga', { cart: wanted })
    expect(site.processes.begun.map((begun) => begun.cartId)).not.toContain(wanted)
  })
})
