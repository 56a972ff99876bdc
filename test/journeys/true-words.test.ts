import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addCartItem, insertCart } from '../../db/payment/cart.ts'
import { askAbout, payCartActivities, attemptIdsOf, closeAnomalies } from '../setup/begun.ts'
import { askLink, startSite, textOf, withCart, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { enterAsElena, newDues } from '../setup/operators.ts'
import { pay, settle, URL_OF_NODE } from '../setup/paying.ts'
import { signedPath } from '../../templates/signed-link.ts'
import { changeSession, signInAs } from '../setup/session.ts'
import { unescaped, type Page, type Visitor } from '../setup/visitor.ts'

let site: Site
let wrote = 0

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const NOTHING = /nessun importo è stato addebitato|nessun addebito/i
const RECEIPT_MAIL = /e-mail con la ricevuta.*non pagare di nuovo/i

const aCart = (): Promise<Visitor> =>
  withCart(site, { nota: `vero ${++wrote}`, 'e-mail': `v${wrote}@example.org` })

/** A begun payment with its browser. */
async function aPayment(): Promise<{ citizen: Visitor; cartId: string; path: string }> {
  const citizen = await aCart()
  const { cartId } = await pay(site, citizen)
  return { citizen, cartId, path: `/pagamenti/${cartId}` }
}

async function aPaid(): Promise<{ citizen: Visitor; cartId: string; path: string }> {
  const payment = await aPayment()
  await settle(site, payment.cartId)
  return payment
}

/** Delivers and settles a second, different receipt, which says that money moved once more. */
const settleTwice = (cartId: string): Promise<void> =>
  settle(site, cartId, { messageId: 'RIC2', iur: 'IUR2' })

const hasLinkTo = (page: Page, href: string): boolean => unescaped(page.html).includes(`href="${href}"`)

describe('a link that was used', () => {
  async function used(): Promise<{ citizen: Visitor; link: string }> {
    const citizen = site.visitor()
    const link = await askLink(site, citizen, { nota: `link ${++wrote}`, 'e-mail': `l${wrote}@example.org` })
    await citizen.submit(await citizen.get(link), link)
    return { citizen, link }
  }

  it('leads whoever holds it to the state of its cart, without names', async () => {
    const { citizen, link } = await used()
    const { cartId } = await pay(site, citizen)
    await settle(site, cartId)
    const stranger = site.visitor()
    const answer = await stranger.get(link)
    expect([answer.status, answer.location]).toEqual([303, `${site.url}/pagamenti/${cartId}`])
    const page = await stranger.get(answer.location!)
    expect(textOf(page)).toContain('Pagato')
    expect(textOf(page)).not.toMatch(NOTHING)
    expect(page.html).not.toMatch(/Chiara|Bianchi|10,50|example\.org/)
  })

  it('leads the browser that used it to its cart, while that is open', async () => {
    const { citizen, link } = await used()
    expect((await citizen.get(link)).location).toBe(`${site.url}/carrello`)
    const elsewhere = site.visitor()
    const page = await elsewhere.get((await elsewhere.get(link)).location!)
    expect(textOf(page)).toContain('nel browser in cui hai usato il collegamento')
    expect(textOf(page)).not.toMatch(NOTHING)
  })

  it('that changes who pays leads to its cart also when that was paid meanwhile', async () => {
    const citizen = await aCart()
    const form = await citizen.get('/carrello/versante')
    const person = { 'intestatario-nome': 'Ugo Verdi', 'intestatario-codice': 'GLLSFN78D14M999X' }
    await citizen.submit(form, '/carrello/versante', { ...person, 'e-mail': `altro${++wrote}@example.org` })
    const { secret } = (await site.db('email').orderBy('created_at', 'desc').first('secret')) as {
      secret: string
    }
    const link = `/conferma/${secret}`
    const shown = await citizen.get(link)
    const { cartId } = await pay(site, citizen)
    await settle(site, cartId)
    expect(textOf(await citizen.get(link))).not.toMatch(/non hai ancora pagato/i)
    expect((await citizen.submit(shown, link)).location).toBe(`${site.url}/pagamenti/${cartId}`)
  })

  it('and prepared a notice says to look for the notice, and claims nothing', async () => {
    const { link } = await used()
    await site.db('email_link').update({ cart_id: null })
    const page = await site.visitor().get(link)
    expect([page.status, textOf(page)]).toEqual([410, expect.stringMatching(RECEIPT_MAIL)])
    expect(textOf(page)).not.toMatch(NOTHING)
  })
})

describe('a page that cannot know', () => {
  const expectHonest = (page: Page, status: number): void => {
    expect(page.status).toBe(status)
    expect(textOf(page)).toMatch(RECEIPT_MAIL)
    expect(textOf(page)).not.toMatch(NOTHING)
  }

  it('the receipt after two hours, or in another browser', async () => {
    const { cartId } = await aPaid()
    const { id } = (await site.db('receipt').where({ cart_id: cartId }).first('id')) as { id: string }
    const path = `/ricevute/${id}.pdf`
    const longAgo = new Date(Date.now() - 2 * 3_600_000 - 1_000).toISOString()
    expectHonest(await site.visitor().get(signedPath(KEYS.link, path, { now: longAgo, hours: 2 })), 403)
    expectHonest(await site.visitor().get(path), 403)
  })

  it.each(['/nulla', '/pagamenti/nulla', '/ricevute/nulla.pdf', '/enti/nulla', '/carrello/paga'])(
    'a page that is not there: %s',
    async (path) => expectHonest(await site.visitor().get(path), 404),
  )

  it('a return that was posted, and a form of another page', async () => {
    const { citizen, cartId } = await aPaid()
    const post = async (path: string): Promise<Page> => {
      const url = site.url + path
      const answer = await fetch(url, { method: 'POST', headers: { cookie: citizen.cookie() } })
      return { url, status: answer.status, html: await answer.text(), location: undefined, retryAfter: null }
    }
    expectHonest(await post(`/ritorno?idSession=s-${cartId}&esito=OK`), 403)
    expectHonest(await post('/carrello/paga'), 403)
  })

  it('in all languages', async () => {
    for (const [language, words] of [
      ['en', /the e-mail with the receipt.*do not pay again/i],
      ['de', /E-Mail mit der Quittung.*nicht erneut/i],
    ] as const) {
      const visitor = site.visitor()
      await visitor.get(`/?lingua=${language}`)
      const text = textOf(await visitor.get(`/nulla?lingua=${language}`))
      const page = textOf(await visitor.get('/nulla'))
      expect(text + page).toMatch(words)
      expect(page).not.toMatch(/nothing was charged|nichts abgebucht/i)
    }
  })
})

describe('waiting', () => {
  it('after a return with OK nothing leads back to the page of the node', async () => {
    const { citizen, cartId, path } = await aPayment()
    await citizen.get(`/ritorno?idSession=s-${cartId}&esito=OK`)
    const page = await citizen.get(path)
    expect(textOf(page)).toContain('Non pagare di nuovo')
    expect(hasLinkTo(page, URL_OF_NODE + cartId)).toBe(false)
    expect(textOf(page)).not.toContain('Sei uscito senza completare?')
  })

  it.each(['', 'ERROR'])('without OK a quiet link leads back: esito "%s"', async (esito) => {
    const { citizen, cartId, path } = await aPayment()
    if (esito) await citizen.get(`/ritorno?idSession=s-${cartId}&esito=${esito}`)
    const page = await citizen.get(path)
    expect(textOf(page)).toContain('Sei uscito senza completare?')
    expect(hasLinkTo(page, URL_OF_NODE + cartId)).toBe(true)
    expect(page.html).not.toMatch(new RegExp(`class="[^"]*btn[^"]*" href="https://nodo`))
    await citizen.get(`/ritorno?idSession=s-${cartId}&esito=OK`)
    expect(hasLinkTo(await citizen.get(path), URL_OF_NODE + cartId)).toBe(false)
  })

  it('no link leads back once a PSP has taken it or a receipt has come', async () => {
    const { citizen, cartId, path } = await aPayment()
    await site.db('attempt').where({ cart_id: cartId }).update({ progress: 'accepted' })
    expect(hasLinkTo(await citizen.get(path), URL_OF_NODE + cartId)).toBe(false)
  })

  it('a receipt that nobody could read: the page says neither paid nor not paid, and that the office was informed', async () => {
    const { citizen, cartId, path } = await aPayment()
    const [attemptId] = await attemptIdsOf(site.db, cartId)
    await site.db('attempt').where({ id: attemptId! }).update({ attention: 'receipt_not_understood' })
    await site
      .db('anomaly')
      .insert({ kind: 'receipt_not_understood', cart_id: cartId, attempt_id: attemptId! })
    const page = await citizen.get(path)
    expect(textOf(page)).toMatch(/non sappiamo se.*ufficio è stato avvisato.*Non pagare di nuovo/i)
    expect(textOf(page)).not.toMatch(NOTHING)
    expect(hasLinkTo(page, URL_OF_NODE + cartId)).toBe(false)
    await payCartActivities(site.db).settleCart(askAbout(cartId))
    await settle(site, cartId, { outcome: 1 })
    const ended = await citizen.get(path)
    expect(textOf(ended)).toMatch(/ufficio è stato avvisato/)
    expect(ended.html).not.toContain('/riprova')
  })
})

describe('a mail with the receipt', () => {
  it.each([
    ['pending', null, /ti stiamo mandando la ricevuta anche per e-mail/i],
    ['sent', '250', /abbiamo mandato la ricevuta anche per e-mail/i],
    ['failed', '550', /non è arrivata la e-mail con la ricevuta/i],
    ['failed', 'DOUBT', /potrebbe non essere arrivata/i],
  ])('that is %s (%s) is shown as such', async (state, answer, words) => {
    const { citizen, cartId, path } = await aPaid()
    await site.db('email').where({ cart_id: cartId }).update({ state, last_answer: answer })
    const text = textOf(await citizen.get(path))
    expect(text).toMatch(words)
    if (state === 'failed') expect(text).not.toMatch(/arriva anche per e-mail|arriva sempre/)
  })

  it('is not promised while another answer is awaited after one failed', async () => {
    const { citizen, cartId, path } = await aPayment()
    await citizen.get(`/ritorno?idSession=s-${cartId}&esito=OK`)
    expect(textOf(await citizen.get(path))).toContain('Ti scriviamo')
    await settle(site, cartId)
    await site.db('email').where({ cart_id: cartId }).update({ state: 'failed', last_answer: '550' })
    await site.db.raw('alter table cart disable trigger user')
    await site.db('cart').where({ id: cartId }).update({ state: 'requested' })
    await site.db.raw('alter table cart enable trigger user')
    expect(textOf(await citizen.get(path))).not.toContain('Ti scriviamo')
  })
})

describe('money that could not be placed', () => {
  it('is on the page of the citizen: the office was informed, nothing is closed', async () => {
    const { citizen, cartId, path } = await aPaid()
    await settleTwice(cartId)
    const page = await citizen.get(path)
    expect(textOf(page)).toMatch(/10,50 €.*ufficio è stato avvisato/)
    expect(page.html).not.toContain('>Pagato</h1>')
    const stranger = textOf(await site.visitor().get(path))
    expect(stranger).toMatch(/ufficio è stato avvisato/)
    expect(stranger).not.toContain('10,50')
    await closeAnomalies(site.db, { cart_id: cartId })
    expect((await citizen.get(path)).html).toContain('>Pagato</h1>')
  })

  it('is on the pages of support: it waits for a person, and is on the list of things to look at', async () => {
    const { cartId } = await aPaid()
    await settleTwice(cartId)
    const elena = await enterAsElena(site.db, site.visitor())
    const page = textOf(await elena.get(`/supporto/pagamenti/${cartId}`))
    expect(page).not.toContain('Non attende nulla')
    expect(page).toMatch(/Attende una persona.*10,50 €/)
    const { id } = (await site.db('anomaly').first('id').where({ cart_id: cartId })) as { id: string }
    expect(textOf(await elena.get('/supporto'))).toMatch(/[1-9]\d* Anomalie aperte/)
    expect((await elena.get('/supporto/anomalie')).html).toContain(`/supporto/anomalie/${id}`)
  })

  it('is on the pages of the operator and of a citizen who searches for the notice', async () => {
    const [dueId] = await newDues(site.db, [7_001])
    const payer = { tipo: 'F', codice: 'BNCCHR85H52M999M', anagrafica: 'Chiara Bianchi' } as const
    const cartId = await insertCart(site.db, {
      kind: 'citizen',
      versante: { ...payer, email: 'c@example.org' },
    })
    await addCartItem(site.db, cartId, dueId!)
    await payCartActivities(site.db).beginCart({ ...askAbout(cartId), replicaConfirmed: true })
    await settle(site, cartId)
    await settleTwice(cartId)
    const elena = await enterAsElena(site.db, site.visitor())
    const due = textOf(await elena.get(`/operatore/C_X902/dovuti/${dueId}`))
    expect(due).toMatch(/Pagato, con denaro da collocare/)
    expect(textOf(await elena.get('/operatore/C_X902/dovuti?vista=archivio'))).toContain(
      'Pagato, con denaro da collocare',
    )
    const visitor = site.visitor()
    await visitor.get('/avviso')
    await changeSession(site.db, visitor, {
      notices: { ids: [dueId!], foundAt: new Date().toISOString() },
    })
    expect(textOf(await visitor.get('/avviso/esito'))).toMatch(/ufficio è stato avvisato/)
    const chiara = await signInAs(site.db, site.visitor(), {
      codiceFiscale: payer.codice,
      anagrafica: payer.anagrafica,
      email: 'c@example.org',
    })
    expect(textOf(await chiara.get('/area/pagamenti'))).toMatch(/Pagato, con denaro da verificare/)
  })
})

it('an amount that differs by a cent is one anomaly, and the page says what was paid', async () => {
  const { citizen, cartId, path } = await aPayment()
  await settle(site, cartId, { paid: [1049] })
  expect(await site.db('anomaly').where({ cart_id: cartId }).pluck('kind')).toEqual(['amount_differs'])
  expect(textOf(await citizen.get(path))).toMatch(/10,49 € invece di 10,50 €/)
  expect(textOf(await site.visitor().get(path))).not.toMatch(/10,49|10,50/)
})

describe('the warning of a twin payment', () => {
  it('says when, how much and what became of it, and links it only for who made it', async () => {
    const same = { nota: `gemello ${++wrote}`, 'e-mail': 'gemello@example.org' }
    const citizen = await withCart(site, same)
    const { cartId } = await pay(site, citizen)
    await site
      .db('cart')
      .where({ id: cartId })
      .update({ begun_at: site.db.raw(`now() - interval '1 hour'`) })
    await citizen.get(`/ritorno?idSession=s-${cartId}&esito=OK`)
    const warned = async (visitor: Visitor): Promise<Page> => {
      site.processes.answer = () => Promise.resolve({ kind: 'replica' })
      return visitor.submit(await visitor.get('/carrello'), '/carrello/paga')
    }
    const again = await withCart(site, same)
    const other = await warned(again)
    expect(textOf(other)).toMatch(
      /10,50 €, avviato il \d\d\/\d\d\/\d{4} \d\d:\d\d: Stiamo verificando il pagamento/,
    )
    expect(other.html).not.toContain(cartId)
    await changeSession(site.db, again, { payments: [cartId] })
    expect((await warned(again)).html).toContain(`href="/pagamenti/${cartId}"`)
  })
})
