import { CHASE, nextLook } from '../../domain/payment/chase.ts'
import { saysMoneyMoved } from '../../domain/payment/model.ts'
import { cartOutcome, settleReceipt } from '../../domain/payment/settle.ts'
import { isOpenAttempt } from '../../domain/states.ts'
import { settleAll } from './events.ts'
import {
  AGES,
  copyOf,
  itemsOf,
  attemptId,
  receiptId,
  totalOf,
  viewOf,
  type CartRow,
  type Scenario,
  type World,
} from './world.ts'
import { normalise } from './write.ts'

type Invariant = (world: World, scenario: Scenario) => string | false

/** Invariants of every reachable world. Each returns false, or a text that says what is broken. */
const INVARIANTS: Record<string, Invariant> = {
  'no money is lost': (world, { attempts }) => {
    const lost = world.receipts.find((receipt) => {
      if (!receipt.handled || !saysMoneyMoved(receipt.outcome)) return false
      return placed(world, receiptId(receipt)) !== sum(itemsOf(attempts[receipt.attempt]!, receipt.outcome))
    })
    return lost ? `${receiptId(lost)} says more than is settled or on the work list` : false
  },
  'no share is settled twice': ({ settlements }) => {
    const shares = new Set(settlements.map((one) => one.shareId))
    return shares.size !== settlements.length && 'two settlements of one share'
  },
  'no final state without an outcome': ({ carts }) =>
    carts.some(({ attempts }) =>
      attempts.some(
        (attempt) => !isOpenAttempt(attempt.state) && !attempt.settlingReceipt && !attempt.forced,
      ),
    ) && 'an RPT ended by itself',
  'the cart is what its RPTs are': ({ carts }) =>
    carts.some((cart) => cart.begun && cart.state !== derived(cart)) && 'cart and RPTs differ',
  'a due is held by an attempt that may still pay it, or by nobody': (world, scenario) =>
    scenario.dues.some(({ id }, index) => {
      const { heldBy } = world.dues[index]!
      if (heldBy === null) return false
      return !world.carts[heldBy]!.attempts.some(
        (attempt, which) =>
          isOpenAttempt(attempt.state) && scenario.attempts[which]!.some((p) => p.dueId === id),
      )
    }) && 'held by an attempt that is over',
  'at most one live attempt': ({ carts, dues }) =>
    carts.some((cart, index) => isLive(cart) && dues.every((due) => due.heldBy !== index)) &&
    'a live attempt holds nothing',
  'paid means settled': (world, { dues }) =>
    dues.some(({ shares }, index) => {
      const settled = shares.filter((share) => world.settlements.some((one) => one.shareId === share)).length
      const { state, heldBy } = world.dues[index]!
      if (state === 'paid') return settled < shares.length || heldBy !== null
      return state === 'payable'
        ? settled > 0 || heldBy !== null
        : heldBy === null && settled === shares.length
    }) && 'state and settlements differ',
  'a due nobody holds is not left "paying" unless a person is called': (world, { dues }) =>
    dues.some(({ id }, index) => {
      const { state, heldBy } = world.dues[index]!
      const isCalled = world.anomalies.some((one) => one.kind === 'partial_shares' && one.dueId === id)
      return state === 'paying' && heldBy === null && !isCalled
    }) && 'stuck',
  'money waits only while another attempt is open': (world, { dues }) =>
    world.anomalies.some((one) => {
      if (one.kind !== 'late_while_paying' || one.cents === 0) return false
      const due = world.dues[dues.findIndex(({ id }) => id === one.dueId)]!
      return due.heldBy === null && !world.settlements.some((done) => done.shareId === one.shareId)
    }) && 'money waits for nobody',
  'an RPT whose money moved is not called unpaid': ({ carts, receipts }) =>
    receipts.some((receipt) => {
      const winner = carts[receipt.cart]!.attempts[receipt.attempt]!.settlingReceipt
      return receipt.handled && saysMoneyMoved(receipt.outcome) && !(winner && saysMoneyMoved(winner.outcome))
    }) && 'a negative receipt beats a positive one',
  'a held due is settled by nobody but its holder': ({ dues, settlements }, scenario) =>
    scenario.dues.some(({ shares }, index) => {
      const { heldBy } = dues[index]!
      const others = settlements.filter(
        (one) => shares.includes(one.shareId) && !one.receiptId.startsWith(`a${heldBy}r`),
      )
      return heldBy !== null && others.length > 0
    }) && 'paid from behind while somebody pays',
  'a refusal is believed only of a message that never arrived': ({ carts }) =>
    carts.some(
      ({ message, attempts }) =>
        message !== 'nowhere' && attempts.some((attempt) => attempt.forced === 'refused'),
    ) && 'refused, and the node has it',
  'money after a forced outcome wins': (world, scenario) =>
    world.carts.some((cart, index) =>
      cart.attempts.some(
        (attempt, which) => attempt.forced !== null && !wouldWin(world, scenario, index, which),
      ),
    ) && 'a receipt would lose against a forced outcome',
  'what is open is looked at again': ({ carts }) =>
    carts.some(({ age, attempts }) => {
      const next = nextLook(CHASE, { age: AGES[age]!, doubts: null })
      return attempts.some((attempt) => isOpenAttempt(attempt.state)) && !(next > 0 && Number.isFinite(next))
    }) && 'nobody looks again',
  'every open attempt can still end': (world, scenario) => !canEnd(world, scenario) && 'no way out',
}

/** Name and text of the first invariant that a world breaks. */
export function brokenIn(world: World, scenario: Scenario): string | undefined {
  for (const [name, broken] of Object.entries(INVARIANTS)) {
    const what = broken(world, scenario)
    if (what !== false) return `${name}: ${what}`
  }
  return undefined
}

const sum = (cents: readonly number[]): number => cents.reduce((total, one) => total + one, 0)

function placed(world: World, receipt: string): number {
  const settled = world.settlements.filter((one) => one.receiptId === receipt)
  const unplaced = world.anomalies.filter((one) => one.receiptId === receipt)
  return sum([...settled, ...unplaced].map((one) => one.cents))
}

const isLive = (cart: CartRow): boolean => cart.state === 'requested'

function derived({ attempts }: CartRow): string {
  return attempts.some((attempt) => isOpenAttempt(attempt.state))
    ? 'requested'
    : cartOutcome(attempts.map((attempt) => attempt.state))
}

function wouldWin(world: World, scenario: Scenario, cart: number, which: number): boolean {
  const positions = scenario.attempts[which]!
  const itemCents = positions.map((one) => one.cents)
  const arrived = { id: 'next', outcome: 'paid' as const, totalCents: totalOf(positions), itemCents }
  const { changes } = settleReceipt(viewOf(world, scenario, cart), attemptId(cart, which), arrived)
  return changes.some((change) => change.kind === 'receipt' && change.settling)
}

/** True when the world can end: after each open attempt got a receipt, nothing is open, held or waiting. */
function canEnd(world: World, scenario: Scenario): boolean {
  if (!world.carts.some(isLive)) return true
  const end = copyOf(world)
  end.carts.forEach((cart, index) => {
    cart.attempts.forEach((attempt, which) => {
      const stored = end.receipts.some((receipt) => receipt.cart === index && receipt.attempt === which)
      if (isOpenAttempt(attempt.state) && !stored)
        end.receipts.push({
          cart: index,
          attempt: which,
          document: 9,
          outcome: 'not_paid',
          answer: 'accepted',
          handled: false,
        })
    })
    settleAll(end, { scenario, index })
  })
  normalise(end)
  return end.carts.every((cart) => !isLive(cart)) && end.dues.every((due) => due.heldBy === null)
}
