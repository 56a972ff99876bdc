import { afterAll, beforeAll, expect, it } from 'vitest'
import { addCartItem, insertCart } from '../../db/payment/cart.ts'
import { textOf } from '../setup/citizen-site.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack({ seed: true, settings: { deferredMs: 1_500 } })
}, 60_000)
afterAll(() => stack.close())

const CHIARA = {
  tipo: 'F',
  codice: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara',
  email: 'chiara@example.org',
} as const

/** Pays the dues with these IUDs in one cart and waits until the cart is paid. */
async function pay(
  iuds: string[],
): Promise<{ cartId: string; attempts: { domain: string; iuv: string; total_cents: number }[] }> {
  const cartId = await insertCart(stack.db, { kind: 'citizen', versante: CHIARA })
  for (const id of (await stack.db('due').whereIn('iud', iuds).orderBy('iud').pluck('id')) as string[])
    await addCartItem(stack.db, cartId, id)
  const begun = await stack.processes.begin(
    cartId,
    { nonce: crypto.randomUUID(), replicaConfirmed: true },
    8_000,
  )
  expect(begun.kind).toBe('redirect')
  const url = new URL((begun as { url: string }).url)
  await stack.simulator.pay(url.searchParams.get('idSession')!)
  await waitUntil(async () => (await stack.db('cart').where({ id: cartId }).first('state')).state === 'paid')
  const attempts = await stack
    .db('attempt')
    .where({ cart_id: cartId })
    .orderBy('position')
    .select('domain', 'iuv', 'total_cents')
  return { cartId, attempts: attempts as { domain: string; iuv: string; total_cents: number }[] }
}

it('dues of two enti are one payment: a request for each, one page of the node, one redirect', async () => {
  const { attempts } = await pay(['MENSA_SCOLAS-000004', 'VIOLAZIONE_C-000001'])
  expect(attempts.map(({ domain }) => domain).sort()).toEqual(['99999902028', '99999903034'])
  const taken = stack.simulator
    .state()
    .rpts.filter(({ iuv }) => attempts.some((attempt) => attempt.iuv === iuv))
  expect(taken).toHaveLength(2)
  expect(new Set(taken.map(({ idSession }) => idSession)).size).toBe(1)
})

it('a due of two beneficiaries is one notice: two requests that make its amount, and one paid due', async () => {
  const { attempts } = await pay(['CONTRIBUTO_C-000006'])
  expect(attempts.map(({ total_cents }) => total_cents)).toEqual([88_450, 35_000])
  expect(new Set(attempts.map(({ iuv }) => iuv)).size).toBe(1)
  expect(await stack.db('due').where({ iud: 'CONTRIBUTO_C-000006' }).first('state')).toEqual({
    state: 'paid',
  })
})

it('a deferred payment has a calm page, and a mail when the answer comes', async () => {
  const cartId = await insertCart(stack.db, { kind: 'citizen', versante: CHIARA })
  const { id } = (await stack.db('due').where({ iud: 'RETTA_ASILO_-000003' }).first('id')) as {
    id: string
  }
  await addCartItem(stack.db, cartId, id)
  const request = { nonce: crypto.randomUUID(), replicaConfirmed: true }
  const begun = (await stack.processes.begin(cartId, request, 8_000)) as { url: string }
  const idSession = new URL(begun.url).searchParams.get('idSession')!
  await stack.simulator.pay(idSession, 'DIFFERITO')
  const visitor = createVisitor(stack.publicUrl)
  const back = await visitor.get(`/ritorno?idSession=${idSession}&esito=DIFFERITO`)
  const page = await visitor.get(back.location!)
  expect(textOf(page)).toMatch(
    /Pagamento prenotato.*Possono passare anche alcuni giorni.*Non pagare di nuovo/,
  )
  await waitUntil(async () => (await stack.db('cart').where({ id: cartId }).first('state')).state === 'paid')
  expect(textOf(await visitor.get(back.location!))).toContain('Il pagamento è andato a buon fine')
  await waitUntil(async () => {
    const mails = (await stack
      .db('email')
      .where({ cart_id: cartId, kind: 'receipt' })
      .pluck('state')) as string[]
    return mails.length > 0 && mails.every((state) => state === 'sent')
  })
})
