import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERRORS } from '../../domain/errors.ts'
import { signedPath } from '../../templates/signed-link.ts'
import {
  CHIARA,
  FORM,
  NODE_HOST,
  RIGHTS,
  startSite,
  textOf,
  withCart,
  type Site,
} from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { pay as begin, reallyBegin, settle, URL_OF_NODE } from '../setup/paying.ts'
import type { Page, Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const PAY = '/carrello/paga'
let wrote = 0

/** A cart with a due of its own, so that no other test leads to the question about a double payment. */
const aCart = (): Promise<Visitor> =>
  withCart(site, { nota: `rif ${++wrote}`, 'e-mail': `p${wrote}@example.org` })

/** Clicks "Paga", which leads to the page of the node. */
const pay = (citizen: Visitor) => begin(site, citizen)

describe('paying', () => {
  it('sends the browser to the page of the node, and the cart becomes a payment of this browser', async () => {
    const citizen = await aCart()
    const { cartId, page } = await pay(citizen)
    expect([page.status, page.location]).toEqual([303, URL_OF_NODE + cartId])
    expect(textOf(await citizen.get('/carrello'))).toMatch(
      /Il carrello è vuoto.*Pagamento da completare, avviato il/,
    )
  })

  it('names its process by amount and ente, for the people who see it in the Temporal UI', async () => {
    const citizen = await aCart()
    await citizen.submit(await citizen.get('/carrello'), PAY)
    expect(site.processes.begun.at(-1)!.summary).toMatch(/^\d+,\d\d € · Comune di \S+/)
  })

  it('the same page sent twice has one nonce; another page has another', async () => {
    const citizen = await aCart()
    const page = await citizen.get('/carrello')
    site.processes.answer = () => Promise.resolve({ kind: 'replica' })
    await Promise.all([citizen.submit(page, PAY), citizen.submit(page, PAY)])
    await citizen.submit(await citizen.get('/carrello'), PAY)
    const nonces = site.processes.begun.slice(-3).map(({ nonce }) => nonce)
    expect([nonces[0] === nonces[1], nonces[1] === nonces[2]]).toEqual([true, false])
  })

  it('never sends a browser to a host that is not configured', async () => {
    const citizen = await aCart()
    site.processes.answer = async (cartId) => {
      await reallyBegin(site, cartId, 'https://altrove.example/paga')
      return { kind: 'redirect', url: 'https://altrove.example/paga' }
    }
    const page = await citizen.submit(await citizen.get('/carrello'), PAY)
    expect(page.location).toMatch(/\/pagamenti\/[0-9a-f-]{36}$/)
    expect((await citizen.get(page.location!)).html).not.toContain('altrove.example')
  })

  it('warns of a replica and pays when the citizen confirms', async () => {
    const citizen = await aCart()
    site.processes.answer = () => Promise.resolve({ kind: 'replica' })
    const warned = await citizen.submit(await citizen.get('/carrello'), PAY)
    expect([warned.status, textOf(warned)]).toEqual([409, expect.stringContaining('Paga comunque 10,50 €')])
    await citizen.submit(warned, PAY)
    expect(site.processes.begun.slice(-2).map(({ replicaConfirmed }) => replicaConfirmed)).toEqual([
      false,
      true,
    ])
  })

  it('says which due cannot be paid and keeps the cart', async () => {
    const citizen = await aCart()
    const { due_id: dueId } = (await site.db('cart_item').orderBy('created_at', 'desc').first('due_id')) as {
      due_id: string
    }
    await site.db('due').where({ id: dueId }).update({ state: 'paid' })
    site.processes.answer = () => Promise.resolve({ kind: 'not_payable', dueIds: [dueId] })
    const page = await citizen.submit(await citizen.get('/carrello'), PAY)
    expect([page.status, textOf(page)]).toEqual([409, expect.stringContaining('Già pagato.')])
    const removed = await citizen.submit(page, `/carrello/voci/${dueId}/rimuovi`)
    expect(removed.status).toBe(303)
    expect(textOf(await citizen.get('/carrello'))).toContain('Il carrello è vuoto')
  })

  it.each([
    ['CART_FULL', 'al massimo 5 voci'],
    ['CART_EXPIRED', 'Il carrello è scaduto'],
  ] as const)('says why the cart cannot be paid, with the status of its code: %s', async (code, words) => {
    const citizen = await aCart()
    site.processes.answer = () => Promise.resolve({ kind: 'problem', code })
    const page = await citizen.submit(await citizen.get('/carrello'), PAY)
    expect([page.status, textOf(page)]).toEqual([ERRORS[code].status, expect.stringContaining(words)])
  })

  it('a refusal at the PSP is shown as far as it is known, and the same dues can be tried again', async () => {
    const citizen = await aCart()
    site.processes.answer = async (cartId) => {
      await reallyBegin(site, cartId, null)
      await settle(site, cartId, { outcome: 1 })
      return { kind: 'refused', faultCode: 'PPT_SINTASSI_XSD' }
    }
    const refused = await citizen.submit(await citizen.get('/carrello'), PAY)
    const page = await citizen.get(refused.location!)
    expect(textOf(page)).toMatch(/Pagamento non riuscito.*Questo pagamento non risulta eseguito/)
    const retried = await citizen.submit(page, '/riprova')
    expect(retried.location).toBe(`${site.url}/carrello`)
    expect(textOf(await citizen.get('/carrello'))).toContain('Totale 10,50 €')
  })

  it('without processes payments pause, and the cart is kept', async () => {
    const citizen = await aCart()
    site.processes.answer = () => Promise.reject(new Error('14 UNAVAILABLE'))
    const page = await citizen.submit(await citizen.get('/carrello'), PAY)
    expect([page.status, textOf(page)]).toEqual([503, expect.stringContaining('I pagamenti sono in pausa')])
    expect(textOf(page)).toContain('Questa pagina non sa se hai pagato')
    expect(textOf(await citizen.get('/carrello'))).toContain('Totale 10,50 €')
  })

  it('an answer that is lost after the payment began leads to the waiting page, not to an error', async () => {
    const citizen = await aCart()
    site.processes.answer = async (cartId) => {
      await reallyBegin(site, cartId, null)
      throw new Error('4 DEADLINE_EXCEEDED')
    }
    const page = await citizen.submit(await citizen.get('/carrello'), PAY)
    expect(page.status).toBe(303)
    expect(textOf(await citizen.get(page.location!))).toContain('Stiamo avviando il pagamento')
  })

  it('never pays more than the page showed: a cart that grew in another tab is shown first', async () => {
    const citizen = await aCart()
    const old = await citizen.get('/carrello')
    const email = `p${wrote}@example.org`
    await citizen.submit(await citizen.get(FORM), FORM, {
      ...RIGHTS,
      ...CHIARA,
      nota: 'altra',
      importo: '90',
      'e-mail': email,
    })
    const before = site.processes.begun.length
    const page = await citizen.submit(old, PAY)
    expect([page.status, textOf(page)]).toEqual([409, expect.stringContaining('Il carrello è cambiato')])
    expect(textOf(page)).toContain('Totale 100,50 €')
    expect(site.processes.begun).toHaveLength(before)
  })

  it('a cart that has run out says so and that nothing was taken', async () => {
    const citizen = await aCart()
    const page = await citizen.get('/carrello')
    await site
      .db('cart')
      .where({ state: 'open' })
      .update({ expires_at: site.db.raw(`now() - interval '1 second'`) })
    expect((await citizen.submit(page, PAY)).location).toBe(`${site.url}/carrello`)
    expect(textOf(await citizen.get('/carrello'))).toContain('Il carrello è vuoto')
  })

  it('a sixth due does not fit; when a line is removed the next one does', async () => {
    const citizen = await aCart()
    const email = `p${wrote}@example.org`
    const add = async (n: number): Promise<Page> =>
      citizen.submit(await citizen.get(FORM), FORM, {
        ...RIGHTS,
        ...CHIARA,
        nota: `voce ${n}`,
        'e-mail': email,
      })
    for (let n = 2; n <= 5; n++) expect((await add(n)).status).toBe(303)
    const sixth = await add(6)
    expect([sixth.status, textOf(sixth)]).toEqual([409, expect.stringContaining('Il carrello è pieno')])
    const full = await citizen.get('/carrello')
    expect(textOf(full)).toContain('Totale 52,50 €')
    await citizen.submit(full, /action="([^"]+\/rimuovi)"/.exec(full.html)![1]!)
    expect((await add(7)).status).toBe(303)
    expect(textOf(await citizen.get('/carrello'))).toContain('Totale 52,50 €')
  })
})

describe('coming back and waiting', () => {
  it('the address proves nothing: the page shows the state in the tables, and the process is signalled', async () => {
    const citizen = await aCart()
    const { cartId } = await pay(citizen)
    const back = await citizen.get(`/ritorno?idSession=s-${cartId}&esito=OK`)
    expect(back.location).toBe(`${site.url}/pagamenti/${cartId}`)
    const page = await citizen.get(back.location!)
    expect(textOf(page)).toContain('Non sappiamo ancora se il pagamento è andato a buon fine')
    expect(page.html).not.toContain(NODE_HOST)
    expect(site.processes.told).toContain(`citizenReturned ${cartId}`)
    await citizen.get(`/ritorno?idSession=s-${cartId}&esito=ERROR`)
    const notes = await site.db('event').where({ entity_id: cartId, kind: 'citizen_returned' }).pluck('data')
    expect(notes).toEqual([{ esito: 'OK' }])
  })

  it('the waiting page shows since when it waits and when the node is asked next', async () => {
    const citizen = await aCart()
    const { cartId } = await pay(citizen)
    await citizen.get(`/ritorno?idSession=s-${cartId}&esito=OK`)
    await site.db('cart').where({ id: cartId }).update({ returned_at: '2026-03-28T23:30:00Z' })
    await site.db('attempt').where({ cart_id: cartId }).update({ next_check_at: '2026-03-29T01:05:00Z' })
    const page = textOf(await citizen.get(`/pagamenti/${cartId}`))
    expect(page).toMatch(/In attesa dal 29\/03\/2026 00:30\..*la prossima volta entro il 29\/03\/2026 03:05/)
    expect(page).not.toContain('preso in carico')
    await site.db('attempt').where({ cart_id: cartId }).update({ progress: 'accepted' })
    expect(textOf(await citizen.get(`/pagamenti/${cartId}`))).toContain('aspettiamo la ricevuta')
    await settle(site, cartId)
    expect(textOf(await citizen.get(`/pagamenti/${cartId}`))).not.toContain('In attesa dal')
  })

  it('an unknown session gets a calm page', async () => {
    const page = await site.visitor().get('/ritorno?idSession=mai-vista&esito=OK')
    expect([page.status, textOf(page)]).toEqual([404, expect.stringContaining('non pagare di nuovo')])
    expect((await site.visitor().get('/ritorno')).status).toBe(404)
  })

  it('a stranger sees the bare state, the bearer of a signed link everything but the buttons', async () => {
    const citizen = await aCart()
    const { cartId } = await pay(citizen)
    const path = `/pagamenti/${cartId}`
    const stranger = await site.visitor().get(path)
    expect(textOf(stranger)).toContain('Pagamento da completare')
    for (const own of ['10,50', 'Chiara', 'Montalbese', 'Vai al pagamento</a>', 'Diritti'])
      expect(stranger.html).not.toContain(own)
    const bearer = await site
      .visitor()
      .get(signedPath(KEYS.link, path, { now: new Date().toISOString(), hours: 1 }))
    expect(textOf(bearer)).toContain('10,50 €')
    expect(bearer.html).not.toContain('Vai al pagamento</a>')
    expect((await site.visitor().get(`${path}?firma=falsa`)).html).not.toContain('10,50')
    expect((await site.visitor().get('/pagamenti/01890000-0000-7000-8000-000000000000')).status).toBe(404)
    expect((await site.visitor().get('/pagamenti/nulla')).status).toBe(404)
  })

  it('the paid page has the receipt, for the payer and for the bearer of a signed link only', async () => {
    const citizen = await aCart()
    const { cartId } = await pay(citizen)
    await settle(site, cartId)
    const page = await citizen.get(`/pagamenti/${cartId}`)
    expect(textOf(page)).toMatch(/Pagato.*Ricevuta di Comune di Montalbese \(PDF\)/)
    const href = /href="(\/ricevute\/[^"]+)"/
      .exec(page.html)![1]!
      .replaceAll('&#x3D;', '=')
      .replaceAll('&amp;', '&')
    const pdf = await fetch(site.url + href)
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
    const [bare] = href.split('?')
    expect((await citizen.get(bare!)).status).toBe(200)
    expect((await site.visitor().get(bare!)).status).toBe(403)
    expect((await site.visitor().get('/ricevute/01890000-0000-7000-8000-000000000000.pdf')).status).toBe(403)
  })

  it('the stream says when the payment changes, also when it changed before anybody listened', async () => {
    const citizen = await aCart()
    const { cartId } = await pay(citizen)
    const page = await citizen.get(`/pagamenti/${cartId}`)
    const href = /data-live="([^"]+)"/.exec(page.html)![1]!.replace('&#x3D;', '=')
    const stream = await listenTo(href)
    await waitUntil(() => stream.text().includes('retry'))
    expect(stream.text()).not.toContain('changed')
    await citizen.get(`/ritorno?idSession=s-${cartId}&esito=OK`)
    await waitUntil(() => stream.text().includes('event: changed'))
    stream.close()
    const late = await listenTo(href)
    await waitUntil(() => late.text().includes('event: changed'))
    late.close()
  })
})

async function listenTo(href: string): Promise<{ text: () => string; close: () => void }> {
  const abort = new AbortController()
  const response = await fetch(site.url + href, { signal: abort.signal })
  let text = ''
  void (async () => {
    for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString()
  })().catch(() => undefined)
  return { text: () => text, close: () => abort.abort() }
}
