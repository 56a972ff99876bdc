import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BehaviourRequest } from '../../simulator/behaviour/schema.ts'
import { MUTATIONS } from '../../simulator/behaviour/kinds.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { fetchSimState } from '../../tools/check/facts.ts'
import { temporalProcesses } from '../../tools/check/processes.ts'
import { PATIENCE } from '../../workflows/processes.ts'
import { aCart, aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { waitUntil } from '../setup/wait.ts'

let stack: Stack
let ente: TestEnte

beforeAll(async () => {
  const chase = { ...PATIENCE.chase, steps: [], daily: 400, afterReturn: 300 }
  stack = await startStack({ patience: { ...PATIENCE, chase } })
  ente = await anEnte(stack.db)
})
afterAll(() => stack.close())

type Rule = NonNullable<BehaviourRequest['rules']>[number]

const RT_RULES: Rule[] = [
  { operation: 'rt', kind: 'negative' },
  { operation: 'rt', kind: 'negative_first' },
  { operation: 'rt', kind: 'second_document' },
  { operation: 'rt', kind: 'on_request' },
  { operation: 'rt', kind: 'copies', count: 3, parallel: true },
  ...['0', '1', '2', '3', '4'].map((code): Rule => ({ operation: 'rt', kind: 'code', code })),
  ...MUTATIONS.map((what): Rule => ({ operation: 'rt', kind: 'mutate', what })),
]

async function pay(rule: Rule | undefined, progressive: number): Promise<string> {
  const { db, processes, simulator } = stack
  const cartId = await aCart(db, [await aDue(db, ente, { progressive })])
  const answer = await processes.begin(cartId, { nonce: cartId, replicaConfirmed: true }, 20_000)
  if (answer.kind !== 'redirect') throw new Error(`no redirect: ${JSON.stringify(answer)}`)
  simulator.behave({ clear: true, rules: rule ? [rule] : [] })
  await simulator.pay(new URL(answer.url).searchParams.get('idSession')!)
  return cartId
}

test('payments with every kind of receipt, real processes and the real node protocol: nothing is broken', async () => {
  const { db, client, simulator } = stack
  const carts: string[] = []
  for (const [index, rule] of [undefined, ...RT_RULES].entries()) carts.push(await pay(rule, index + 1))
  simulator.behave({ clear: true })
  await waitUntil(async () => {
    const open = await db('attempt').whereIn('state', ['created', 'sent']).pluck('id')
    const unhandled = await db('receipt').whereNull('handled_at').pluck('id')
    const unsent = await db('email').where({ state: 'pending' }).pluck('id')
    const isDelivered = simulator.state().rts.every((receipt) => receipt.status !== 'waiting')
    return isDelivered && open.length + unhandled.length + unsent.length === 0
  }, 45_000)
  const temporal = temporalProcesses(client)
  await waitUntil(async () => (await temporal.runningPayments()).length === 0)
  const findings = await checkMoney({ db, simState: await fetchSimState(simulator.url), temporal })
  expect(findings.flatMap(({ violations }) => violations)).toEqual([])
  expect(simulator.state().payments.length).toBeGreaterThan(RT_RULES.length)
  const texts: string[] = []
  for await (const { text } of temporal.readable()) texts.push(text)
  // Checks that payloads are read decoded, because otherwise personal data in them would never be found.
  expect(texts.filter((text) => text.includes(`"cartId":"${carts[0]}"`)).length).toBeGreaterThan(0)
  expect(await db('cart').whereIn('id', carts).whereNull('outcome_at').pluck('id')).toEqual([])
}, 70_000)
