import type { WorkflowHandle } from '@temporalio/client'
import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest'
import { insertCart } from '../../db/payment/cart.ts'
import { PATIENCE, payCartInput } from '../../workflows/processes.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { someNonce, stateOf } from '../setup/begun.ts'
import { aCart, aDue, anEnte, PAYER, type TestEnte } from '../setup/builders.ts'
import { startEngine, type EngineStack } from '../setup/engine-stack.ts'
import { aFault, knownState, standInNode } from '../setup/stand-in-node.ts'
import { fastForward } from '../setup/temporal.ts'
import { waitUntil } from '../setup/wait.ts'

/** Time of months is skipped, but each question to the node is a real activity and takes real time. */
const LONG = { timeout: 150_000 }
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const node = standInNode()
let engine: EngineStack
let ente: TestEnte

beforeAll(async () => {
  engine = await startEngine(node)
  ente = await anEnte(engine.db)
})
afterAll(() => engine.stop())
beforeEach(() => {
  node.answers = {}
  node.asked = 0
  node.sent.length = 0
})

interface Begun {
  cartId: string
  dueId: string
  handle: WorkflowHandle
  answer: { kind: string }
}

async function begin(): Promise<Begun> {
  const dueId = await aDue(engine.db, ente)
  const cartId = await aCart(engine.db, [dueId])
  const answer = await engine.processes.begin(cartId, { nonce: someNonce(), replicaConfirmed: false }, 20_000)
  return { cartId, dueId, handle: engine.client.workflow.getHandle(PAY_CART.id(cartId)), answer }
}

const cartState = (cartId: string): Promise<string> => stateOf(engine.db, 'cart', cartId)
const attention = async (cartId: string): Promise<unknown> =>
  ((await engine.db('attempt').first('attention').where({ cart_id: cartId })) as { attention: unknown })
    .attention

describe('a send found again without the address of its page', () => {
  it(
    'is asked for at the short intervals of a send in doubt while somebody waits, then at the usual ones',
    LONG,
    async () => {
      node.answers.send = [{ kind: 'unknown', why: 'TIMEOUT' }]
      node.answers.always = knownState('RPT_ACCETTATA_NODO')
      const { handle, cartId } = await begin()
      await fastForward(engine.env, handle, 5 * MINUTE)
      // Asked after 2, 5, 10, 20, 30 s and then every minute; the usual interval would be five minutes.
      expect(node.asked).toBeGreaterThanOrEqual(8)
      expect(await attention(cartId)).toBe('lost_url')
      node.answers.always = knownState('RPT_ACCETTATA_NODO', 'http://127.0.0.1/psp?idSession=found')
      await fastForward(engine.env, handle, MINUTE)
      expect(await engine.db('cart').first('redirect_url').where({ id: cartId })).toEqual({
        redirect_url: 'http://127.0.0.1/psp?idSession=found',
      })
      const asked = node.asked
      await fastForward(engine.env, handle, 4 * MINUTE)
      expect(node.asked - asked).toBeLessThanOrEqual(1)
    },
  )
})

describe('silence (D2)', () => {
  it(
    '13 days in a state no PSP has accepted: still open; past 14 days: forced negative, the due payable, no mail',
    LONG,
    async () => {
      node.answers.always = knownState('RPT_PARCHEGGIATA_NODO')
      const { cartId, dueId, handle } = await begin()
      await fastForward(engine.env, handle, 13 * DAY)
      expect(await cartState(cartId)).toBe('requested')
      await fastForward(engine.env, handle, 1.5 * DAY).catch(() => undefined)
      await handle.result()
      expect(await cartState(cartId)).toBe('not_paid')
      expect(await stateOf(engine.db, 'due', dueId)).toBe('payable')
      expect(await engine.db('attempt').first('forced_reason').where({ cart_id: cartId })).toEqual({
        forced_reason: 'silence',
      })
      expect(await engine.db('email').where({ cart_id: cartId })).toEqual([])
    },
  )

  it('90 days in a state a PSP has accepted: never forced, asked on, a person is called', LONG, async () => {
    node.answers.always = knownState('RPT_ACCETTATA_PSP')
    const { cartId, handle } = await begin()
    await fastForward(engine.env, handle, 90 * DAY)
    expect(await cartState(cartId)).toBe('requested')
    expect(await attention(cartId)).toBe('long_wait')
    const { searchAttributes } = await handle.describe()
    expect(searchAttributes['NeedsAttention']).toEqual([true])
    // 12 questions in the first hour, 8 up to the third, 21 up to a day, 24 up to a week, then 83 daily ones.
    expect(node.asked).toBeGreaterThanOrEqual(140)
    expect(node.asked).toBeLessThanOrEqual(150)
    await handle.terminate('done')
  })
})

describe('a send whose answer was lost (D4)', () => {
  it('the state gives the URL: stored, nothing is sent twice', async () => {
    node.answers.send = [{ kind: 'unknown', why: 'TIMEOUT' }]
    node.answers.state = [knownState('RPT_PARCHEGGIATA_NODO', 'http://127.0.0.1/psp?idSession=S1')]
    const { cartId, answer, handle } = await begin()
    expect(answer.kind).toBe('waiting')
    await waitUntil(
      async () =>
        ((await engine.db('cart').first('redirect_url').where({ id: cartId })) as { redirect_url: unknown })
          .redirect_url,
    )
    expect(node.sent).toHaveLength(1)
    await handle.terminate('done')
  })

  it('"unknown" while the citizen can be waiting: the same cart is sent again', async () => {
    node.answers.send = [{ kind: 'unknown', why: 'TIMEOUT' }]
    node.answers.state = [{ kind: 'unknown_attempt' }]
    const { cartId, handle } = await begin()
    await waitUntil(() => node.sent.length === 2)
    expect(node.sent[1]).toEqual(node.sent[0])
    await waitUntil(
      async () =>
        ((await engine.db('cart').first('redirect_url').where({ id: cartId })) as { redirect_url: unknown })
          .redirect_url,
    )
    await handle.terminate('done')
  })

  it(
    '"unknown" for ever: forced negative only after half an hour and two answers 10 minutes apart',
    LONG,
    async () => {
      node.answers.send = Array.from({ length: 200 }, () => ({ kind: 'unknown' as const, why: 'TIMEOUT' }))
      node.answers.always = { kind: 'unknown_attempt' }
      const { cartId, handle } = await begin()
      await fastForward(engine.env, handle, 29 * MINUTE)
      expect(await cartState(cartId)).toBe('requested')
      await fastForward(engine.env, handle, 2 * HOUR).catch(() => undefined)
      await handle.result()
      expect(await engine.db('attempt').first('forced_reason').where({ cart_id: cartId })).toEqual({
        forced_reason: 'unknown_to_node',
      })
    },
  )

  it('a node without nodoChiediStatoRPT: the same key again; a lost URL calls a person, it is no outcome', async () => {
    node.answers.send = [{ kind: 'unknown', why: 'TIMEOUT' }, aFault('PPT_ID_CARRELLO_DUPLICATO')]
    node.answers.always = { kind: 'not_offered' }
    const { cartId, handle } = await begin()
    await fastForward(engine.env, handle, 2 * HOUR)
    expect(node.sent.length).toBe(2)
    expect(await cartState(cartId)).toBe('requested')
    expect(await attention(cartId)).toBe('lost_url')
    await handle.terminate('done')
  })
})

describe('refusals (D1)', () => {
  it.each(['PPT_SINTASSI_XSD', 'PPT_IBAN_NON_CENSITO', 'PPT_AUTENTICAZIONE'])(
    '%s is refused at once',
    async (faultCode) => {
      node.answers.send = [aFault(faultCode)]
      const { cartId, dueId, answer } = await begin()
      expect(answer).toEqual({ kind: 'refused', faultCode })
      expect(await cartState(cartId)).toBe('not_paid')
      expect(await stateOf(engine.db, 'due', dueId)).toBe('payable')
    },
  )

  it.each(['PPT_SYSTEM_ERROR', 'PPT_CANALE_TIMEOUT', 'PPT_SUPERAMENTOSOGLIA', 'NEVER_HEARD_OF'])(
    '%s is unknown, not refused',
    async (faultCode) => {
      node.answers.send = [aFault(faultCode)]
      const { cartId, answer, handle } = await begin()
      expect(answer.kind).toBe('waiting')
      expect(await cartState(cartId)).toBe('requested')
      await handle.terminate('done')
    },
  )
})

describe('a cart an ente opened', () => {
  it('expires after 15 minutes and is archived after 30', async () => {
    const cartId = await insertCart(engine.db, { kind: 'ente', versante: PAYER })
    const handle = await engine.client.workflow.start(PAY_CART.name, {
      workflowId: PAY_CART.id(cartId),
      taskQueue: PAY_CART.taskQueue,
      args: [payCartInput(cartId, PATIENCE)],
    })
    await fastForward(engine.env, handle, 14 * MINUTE)
    expect(await cartState(cartId)).toBe('open')
    await fastForward(engine.env, handle, 2 * MINUTE)
    expect(await cartState(cartId)).toBe('expired')
    await fastForward(engine.env, handle, 15 * MINUTE).catch(() => undefined)
    await handle.result()
    expect(await cartState(cartId)).toBe('archived')
  })
})
