import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedDemo } from '../../services/ente/seed-demo.ts'
import { stateOf } from '../setup/begun.ts'
import { linkIn } from '../setup/mailbox.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await seedDemo(stack.db)
})
afterAll(() => stack.close())

const FORM = '/enti/C_X901/spontaneo/DIRITTI_VARI'

/** Fills the form and opens the link of the mail; returns the page of the cart, which has one due. */
async function fillCart(citizen: Visitor, email: string, importo = '10,50', nota = email): Promise<Page> {
  const form = await citizen.get(FORM)
  const sent = await citizen.submit(form, 'DIRITTI_VARI', {
    diritto: 'segreteria',
    importo,
    nota: nota.replace(/[^a-z]/g, ' '),
    'intestatario-nome': 'Chiara Bianchi',
    'intestatario-codice': 'BNCCHR85H52M999M',
    'e-mail': email,
  })
  expect(sent.status).toBe(303)
  const link = await linkIn(stack.simulator.url, email)
  const confirm = await citizen.get(new URL(link).pathname)
  const cart = await citizen.submit(confirm, new URL(link).pathname)
  expect(cart.location).toContain('/carrello')
  return citizen.get('/carrello')
}

async function pay(citizen: Visitor, cart: Page): Promise<{ cartId: string; idSession: string }> {
  const paid = await citizen.submit(cart, '/carrello/paga')
  expect(paid.status).toBe(303)
  const idSession = new URL(paid.location!).searchParams.get('idSession')!
  const row = (await stack.db('cart').first('id').where({ node_session: idSession })) as { id: string }
  return { cartId: row.id, idSession }
}

it('a citizen pays a spontaneous due from the form to the receipt and its mail', async () => {
  const { simulator, db } = stack
  const citizen = createVisitor(stack.publicUrl)
  const cart = await fillCart(citizen, 'chiara.bianchi@example.org')
  expect(cart.html).toContain('10,50')
  const { cartId, idSession } = await pay(citizen, cart)
  await simulator.pay(idSession, 'OK')
  const back = await citizen.get(`/ritorno?idSession=${idSession}&esito=OK`)
  expect(back.location).toBe(`${stack.publicUrl}/pagamenti/${cartId}`)
  await waitUntil(async () => (await stateOf(db, 'cart', cartId)) === 'paid')
  const outcome = await citizen.get(`/pagamenti/${cartId}`)
  expect(outcome.html).toMatch(/pagat/i)
  const receipt = /href="(\/ricevute\/[^"]+)"/.exec(outcome.html)?.[1]
  const pdf = await fetch(new URL(receipt!, stack.publicUrl), { headers: { cookie: citizen.cookie() } })
  expect(pdf.headers.get('content-type')).toBe('application/pdf')
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  await waitUntil(() => simulator.state().mails.length === 2)
  expect(simulator.state().payments).toHaveLength(1)
})

it('a refusal at the PSP leaves the due payable, and the page says what is known', async () => {
  const citizen = createVisitor(stack.publicUrl)
  const cart = await fillCart(citizen, 'paolo.ferri@example.org', '11,00')
  const { cartId, idSession } = await pay(citizen, cart)
  await stack.simulator.pay(idSession, 'KO')
  await waitUntil(async () => (await stateOf(stack.db, 'cart', cartId)) === 'not_paid')
  const item = (await stack.db('cart_item').first('due_id').where({ cart_id: cartId })) as {
    due_id: string
  }
  expect(await stateOf(stack.db, 'due', item.due_id)).toBe('payable')
  expect((await citizen.get(`/pagamenti/${cartId}`)).html).toMatch(/Questo pagamento non risulta eseguito/)
})

it('the browser proves nothing: esito=OK without a receipt stays open, and strangers see the bare state', async () => {
  const citizen = createVisitor(stack.publicUrl)
  const cart = await fillCart(citizen, 'luca.esposito@example.org', '12,00')
  const { cartId, idSession } = await pay(citizen, cart)
  await citizen.get(`/ritorno?idSession=${idSession}&esito=OK`)
  expect(await stateOf(stack.db, 'cart', cartId)).toBe('requested')
  const stranger = await createVisitor(stack.publicUrl).get(`/pagamenti/${cartId}`)
  expect(stranger.status).toBe(200)
  expect(stranger.html).not.toMatch(/12,00|Bianchi|BNCCHR/)
  expect((await citizen.get(`/pagamenti/${cartId}`)).html).toContain('12,00')
})

it('the same spontaneous due again within a day asks first, and is paid when confirmed', async () => {
  const again = async (email: string): Promise<[Visitor, Page]> => {
    const citizen = createVisitor(stack.publicUrl)
    return [citizen, await fillCart(citizen, email, '14,00', 'stessa pratica')]
  }
  const [first, firstCart] = await again('maria@example.org')
  const { cartId, idSession } = await pay(first, firstCart)
  await stack.simulator.pay(idSession, 'OK')
  await waitUntil(async () => (await stateOf(stack.db, 'cart', cartId)) === 'paid')
  const [second, secondCart] = await again('maria.teresa@example.org')
  const warned = await second.submit(secondCart, '/carrello/paga')
  expect(warned.status).toBe(409)
  expect((await second.submit(warned, '/carrello/paga', { replica: 'ok' })).status).toBe(303)
})

it('"Paga" clicked 20 times at once: one payment, 20 times the same page', async () => {
  const citizen = createVisitor(stack.publicUrl)
  const cart = await fillCart(citizen, 'anna.moro@example.org', '13,00')
  const clicks = await Promise.all(Array.from({ length: 20 }, () => citizen.submit(cart, '/carrello/paga')))
  const targets = new Set(clicks.map((click) => click.location))
  expect(clicks.every((click) => click.status === 303)).toBe(true)
  expect(targets.size).toBe(1)
})
