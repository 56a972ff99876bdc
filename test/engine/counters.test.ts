import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertEnte, preparePayments, type EnteRow } from '../../bench/payments/prepare.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { KEYS } from '../setup/keys.ts'
import { createVisitor } from '../setup/visitor.ts'
import { storyOf, type Story } from './counting/history.ts'
import { prepareCounters, readCounters } from '../../bench/world/statements.ts'
import { workBetween, type Work } from './counting/statements.ts'

/** Long enough for the browser to come back before the receipt, which is the usual order. */
const RT_DELAY_MS = 400

let stack: Stack
let ente: EnteRow
let cost: Work
let story: Story
let calls: Record<string, number>

beforeAll(async () => {
  stack = await startStack({ settings: { rtDelayMs: RT_DELAY_MS } })
  ente = await insertEnte(stack.db)
  await prepareCounters(stack.db)
  // A first payment fills pools and caches, so that the second one counts without the start of a process.
  await payInFull()
  const before = stack.simulator.state().calls
  const paid = await payInFull()
  cost = paid.cost
  story = paid.story
  calls = difference(before, stack.simulator.state().calls)
})
afterAll(() => stack.close())

/**
 * Does everything of one payment: one view each of cart, return and outcome page, until the mail is accepted and recorded.
 * Waits for processes and never polls the database, because those statements would be counted.
 */
async function payInFull(): Promise<{ cost: Work; story: Story }> {
  const { db, publicUrl, simulator } = stack
  const [prepared] = await preparePayments(db, ente, { count: 1, sessionKey: KEYS.session[0] })
  const { cartId, cookie } = prepared!
  const citizen = createVisitor(publicUrl, { cookie })
  const from = await readCounters(db)
  const paid = await citizen.submit(await citizen.get('/carrello'), '/carrello/paga')
  const idSession = new URL(paid.location!).searchParams.get('idSession')!
  await simulator.pay(idSession, 'OK')
  const back = await citizen.get(`/ritorno?idSession=${idSession}&esito=OK`)
  const ended = await storyOf(stack, PAY_CART.id(cartId))
  expect((await citizen.get(back.location!)).html).toContain('Ricevuta di Comune di Prova')
  const to = await readCounters(db)
  return { cost: await workBetween(db, from, to), story: ended }
}

function difference(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const grown = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, count]) => count > 0))
}

describe('what one payment of one RPT costs, from "Paga" to the receipt mail accepted', () => {
  it('at most 60 events, 6 activities and 10 workflow tasks, the mail included', () => {
    expect(story.events).toBeLessThanOrEqual(60)
    expect(story.activities).toBeLessThanOrEqual(6)
    expect(story.workflowTasks).toBeLessThanOrEqual(10)
  })

  it('exactly one call to the node, and nothing is asked when the receipt is pushed', () => {
    expect(calls['nodoInviaCarrelloRPT']).toBe(1)
    expect(Object.keys(calls).filter((name) => name.startsWith('nodoChiedi'))).toEqual([])
  })

  it('at most 60 SQL statements and 14 writing transactions', () => {
    expect(cost.statements).toBeLessThanOrEqual(60)
    expect(cost.writingTransactions).toBeLessThanOrEqual(14)
    // A lower limit, because a count of 0 would pass every upper one.
    expect(cost.writingTransactions).toBeGreaterThanOrEqual(5)
  })

  it('at most 8 KB of payloads in Temporal, and nothing of the payer', () => {
    expect(story.payloadBytes).toBeLessThanOrEqual(8 * 1024)
    expect(story.payloadBytes).toBeGreaterThan(0)
    expect(story.text).not.toMatch(/85H52Z999M|Bianchi|chiara\.|example\.org/i)
  })
})
