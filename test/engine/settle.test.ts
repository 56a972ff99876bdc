import { MockActivityEnvironment } from '@temporalio/testing'
import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { aCart, aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import {
  aBegunPayment,
  anomaliesOf,
  askAbout,
  payCartActivities,
  attemptIdsOf,
  stateOf,
  US,
  closeAnomalies,
} from '../setup/begun.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { buildRtFor, type RtCode, type RtGiven } from '../setup/rt.ts'
import { aFault, standInNode } from '../setup/stand-in-node.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
})
afterAll(() => database.drop())

const settle = (cartId: string) => payCartActivities(db).settleCart(askAbout(cartId))
const arrive = async (attemptId: string, given: RtGiven = {}) =>
  answerRt(db, US, (await buildRtFor(db, attemptId, given)).envelope)
const mailCount = async (cartId: string) => (await db('email').where({ cart_id: cartId })).length

/** A payment that the node refused, so that its attempt is forced negative (D1). */
async function aRefusedPayment(dueId: string): Promise<{ cartId: string; attemptId: string }> {
  const cartId = await aCart(db, [dueId])
  const node = standInNode({ send: [aFault('PPT_SINTASSI_XSD')] })
  const activities = payCartActivities(db, node)
  await activities.beginCart({ ...askAbout(cartId), replicaConfirmed: true })
  await inActivity(() => activities.sendCart(askAbout(cartId)))
  return { cartId, attemptId: (await attemptIdsOf(db, cartId))[0]! }
}

describe('outcome codes', () => {
  it.each<[RtCode, string, string, number]>([
    [0, 'paid', 'paid', 1],
    [1, 'not_paid', 'payable', 1],
    [3, 'timed_out', 'payable', 1],
  ])('code %i: cart %s, due %s', async (outcome, cartState, dueState, mails) => {
    const dueId = await aDue(db, ente)
    const { cartId, attemptIds } = await aBegunPayment(db, [dueId])
    await arrive(attemptIds[0]!, { outcome })
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe(cartState)
    expect(await stateOf(db, 'due', dueId)).toBe(dueState)
    expect(await mailCount(cartId)).toBe(mails)
  })

  it.each<RtCode>([2, 4])(
    'code %i: the item with amount 0 is payable again, the other is paid',
    async (outcome) => {
      const dues = [await aDue(db, ente, { cents: 1000 }), await aDue(db, ente, { cents: 500 })]
      const { cartId, attemptIds } = await aBegunPayment(db, dues)
      expect(attemptIds).toHaveLength(1)
      await arrive(attemptIds[0]!, { outcome, paid: [1000, 0] })
      await settle(cartId)
      expect(await stateOf(db, 'cart', cartId)).toBe('partially_paid')
      expect(await Promise.all(dues.map((id) => stateOf(db, 'due', id)))).toEqual(['paid', 'payable'])
    },
  )

  it('an item paid with another amount is paid, with anomaly amount_differs', async () => {
    const dueId = await aDue(db, ente, { cents: 1000 })
    const { cartId, attemptIds } = await aBegunPayment(db, [dueId])
    await arrive(attemptIds[0]!, { paid: [999] })
    await settle(cartId)
    expect(await stateOf(db, 'due', dueId)).toBe('paid')
    expect((await anomaliesOf(db, cartId)).map((a) => a.kind)).toContain('amount_differs')
  })
})

describe('late money', () => {
  it('a real RT after a forced outcome wins and raises an anomaly', async () => {
    const dueId = await aDue(db, ente)
    const { cartId, attemptId } = await aRefusedPayment(dueId)
    expect(await stateOf(db, 'cart', cartId)).toBe('not_paid')
    expect(await stateOf(db, 'due', dueId)).toBe('payable')
    expect(await mailCount(cartId)).toBe(0)
    expect((await arrive(attemptId)).outcome).toBe('OK')
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
    expect(await stateOf(db, 'due', dueId)).toBe('paid')
    expect((await anomaliesOf(db, cartId)).map((a) => a.kind)).toEqual(['receipt_after_forced'])
  })

  it('money for a due that another attempt holds waits, and pays it when that attempt fails', async () => {
    const dueId = await aDue(db, ente)
    const first = await aRefusedPayment(dueId)
    const second = await aBegunPayment(db, [dueId])
    await arrive(first.attemptId)
    await settle(first.cartId)
    expect(await stateOf(db, 'due', dueId)).toBe('paying')
    await arrive(second.attemptIds[0]!, { outcome: 1 })
    await settle(second.cartId)
    expect(await stateOf(db, 'due', dueId)).toBe('paid')
    const placed = await db('anomaly')
      .where({ kind: 'late_while_paying', cart_id: first.cartId })
      .first('unplaced_cents')
    expect(placed).toEqual({ unplaced_cents: 0 })
  })

  it('money for a due that was cancelled meanwhile is kept for a person', async () => {
    const dueId = await aDue(db, ente)
    const { cartId, attemptId } = await aRefusedPayment(dueId)
    await db('due').where({ id: dueId }).update({ state: 'cancelled', cancelled_reason: 'ente' })
    await arrive(attemptId)
    await settle(cartId)
    expect(await anomaliesOf(db, cartId)).toContainEqual({ kind: 'paid_after_cancel', unplaced_cents: 1050 })
  })

  it('a positive RT after a negative one settles although it is answered as a duplicate', async () => {
    const dueId = await aDue(db, ente)
    const { cartId, attemptIds } = await aBegunPayment(db, [dueId])
    await arrive(attemptIds[0]!, { outcome: 1 })
    await settle(cartId)
    expect((await arrive(attemptIds[0]!, { messageId: 'RIC2' })).outcome).toBe('PAA_RT_DUPLICATA')
    await settle(cartId)
    expect(await stateOf(db, 'due', dueId)).toBe('paid')
    expect((await anomaliesOf(db, cartId)).map((a) => a.kind)).toEqual(['positive_after_negative'])
  })
})

describe('two beneficiaries', () => {
  const twoShares = async () => {
    const dueId = await aDue(db, ente, {
      progressive: nextProgressive(),
      secondary: { domain: '01234560009', cents: 300 },
    })
    return { dueId, ...(await aBegunPayment(db, [dueId])) }
  }

  it('one cart of two RPTs with the same IUV and CCP, whose id is that CCP; paid when both are', async () => {
    const { dueId, cartId, attemptIds } = await twoShares()
    const rows = (await db('attempt').select('domain', 'iuv', 'attempt_code').where({ cart_id: cartId })) as {
      domain: string
      iuv: string
      attempt_code: string
    }[]
    expect(new Set(rows.map((row) => row.iuv + row.attempt_code)).size).toBe(1)
    const cart = await db('cart').first('carrello_id', 'multi_beneficiario').where({ id: cartId })
    expect(cart).toEqual({ carrello_id: rows[0]!.attempt_code, multi_beneficiario: true })
    await arrive(attemptIds[0]!)
    await settle(cartId)
    expect(await stateOf(db, 'due', dueId)).toBe('paying')
    await arrive(attemptIds[1]!)
    await settle(cartId)
    expect(await stateOf(db, 'due', dueId)).toBe('paid')
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
  })

  it('two enti with the same secondary beneficiary, without notices: each cart has a key of its own', async () => {
    const other = await anEnte(db)
    const secondary = { domain: '07654320006', cents: 200 }
    for (const of of [await anEnte(db), other]) {
      const { cartId } = await aBegunPayment(db, [await aDue(db, of, { secondary })])
      const cart = (await db('cart').first('carrello_id').where({ id: cartId })) as { carrello_id: string }
      expect(cart.carrello_id).toMatch(/^\d{29}-\d{5}$/)
    }
  })

  it('different outcomes: anomaly partial_shares, and nobody can pay it again', async () => {
    const { dueId, cartId, attemptIds } = await twoShares()
    await arrive(attemptIds[0]!)
    await arrive(attemptIds[1]!, { outcome: 1 })
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('partially_paid')
    expect((await anomaliesOf(db, cartId)).map((a) => a.kind)).toEqual(['partial_shares'])
    const again = await payCartActivities(db).beginCart({
      ...askAbout(await aCart(db, [dueId])),
      replicaConfirmed: true,
    })
    expect(again).toMatchObject({ kind: 'declined', answer: { kind: 'not_payable' } })
  })
})

describe('begin', () => {
  it('a due of which an earlier receipt was refused is not paid again before a person has looked', async () => {
    const dueId = await aDue(db, ente)
    const { cartId, attemptId } = await aRefusedPayment(dueId)
    const [anomaly] = await db('anomaly')
      .insert({ kind: 'receipt_refused', cart_id: cartId, attempt_id: attemptId, unplaced_cents: 0 })
      .returning('id')
    expect(await stateOf(db, 'due', dueId)).toBe('payable')
    const again = await aCart(db, [dueId])
    const begin = () => payCartActivities(db).beginCart({ ...askAbout(again), replicaConfirmed: true })
    expect(await begin()).toMatchObject({
      kind: 'declined',
      answer: { kind: 'not_payable', dueIds: [dueId] },
    })
    await closeAnomalies(db, anomaly as Record<string, unknown>)
    expect(await begin()).toMatchObject({ kind: 'begun' })
  })

  it('a due is live in one cart: of 20 carts begun at once one wins', async () => {
    const dueId = await aDue(db, ente)
    const carts = await Promise.all(Array.from({ length: 20 }, () => aCart(db, [dueId])))
    const activities = payCartActivities(db)
    const answers = await Promise.all(
      carts.map((id) => activities.beginCart({ ...askAbout(id), replicaConfirmed: true })),
    )
    expect(answers.filter((answer) => answer.kind === 'begun')).toHaveLength(1)
    expect(answers.filter((answer) => answer.kind === 'declined')).toHaveLength(19)
  })

  it('the same cart begun 20 times at once has one set of RPTs', async () => {
    const cartId = await aCart(db, [await aDue(db, ente)])
    const activities = payCartActivities(db)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => activities.beginCart({ ...askAbout(cartId), replicaConfirmed: true })),
    )
    expect(answers.filter((answer) => answer.kind === 'begun')).toHaveLength(1)
    expect(await attemptIdsOf(db, cartId)).toHaveLength(1)
  })

  it('dues with a notice get an RPT each, spontaneous ones of one payer share one', async () => {
    const dues = [
      await aDue(db, ente),
      await aDue(db, ente, { progressive: nextProgressive() }),
      await aDue(db, ente),
    ]
    const { attemptIds } = await aBegunPayment(db, dues)
    expect(attemptIds).toHaveLength(2)
  })
})

let progressive = 0
const nextProgressive = (): number => ++progressive

async function inActivity<T>(work: () => Promise<T>): Promise<T> {
  return (await new MockActivityEnvironment().run(work)) as T
}
