import type { Change, Payment } from '../../domain/payment/model.ts'
import { isOpenAttempt, MOVES, type Entity } from '../../domain/states.ts'
import { AGES, receiptId, type Rpt, type Scenario, type World } from './world.ts'

/** A change that the constraints of the tables would refuse. */
export class Refused extends Error {}

type Writer<K extends Change['kind']> = (
  world: World,
  change: Extract<Change, { kind: K }>,
  at: Place,
) => void

interface Place {
  scenario: Scenario
  cart: number
}

/** Applies changes to a world like db/payment/changes.ts does to tables. Changes its argument. @throws Refused like the database */
export function write(world: World, changes: readonly Change[], at: Place): void {
  for (const change of changes) WRITERS[change.kind](world, change as never, at)
}

const WRITERS: { [K in Change['kind']]: Writer<K> } = {
  cart: (world, { to }, { cart }) => {
    const row = world.carts[cart]!
    row.state = moved('cart', row.state, to)
  },
  attempt: (world, { attemptId, to, forced }) => {
    const attempt = attemptRow(world, attemptId)
    attempt.state = moved('attempt', attempt.state, to)
    attempt.forced = forced
  },
  receipt: (world, change) => {
    world.receipts.find((row) => receiptId(row) === change.receiptId)!.handled = true
    if (change.settling)
      attemptRow(world, change.attemptId).settlingReceipt = { id: change.receiptId, outcome: change.outcome }
  },
  settle: (world, { shareId, receiptId: receipt, cents, anomalyId }) => {
    if (world.settlements.some((one) => one.shareId === shareId))
      throw new Refused(`${shareId} settled twice`)
    world.settlements.push({ shareId, receiptId: receipt, cents })
    if (anomalyId !== null) world.anomalies[Number(anomalyId)]!.cents = 0
  },
  due: (world, { dueId, to }, { scenario }) => {
    const due = dueRow(world, scenario, dueId)
    due.state = moved('due', due.state, to)
  },
  release: (world, { dueId }, { scenario }) => {
    dueRow(world, scenario, dueId).heldBy = null
  },
  anomaly: (
    world,
    { anomaly: kind, attemptId, receiptId: receipt, dueId, shareId, unplacedCents: cents },
  ) => {
    const row = { kind, attemptId, receiptId: receipt, dueId, shareId, cents }
    const key = (one: Omit<typeof row, 'cents'>): string =>
      [one.kind, one.attemptId, one.receiptId, one.dueId, one.shareId].join('|')
    if (!world.anomalies.some((one) => key(one) === key(row))) world.anomalies.push(row)
  },
  mail: () => undefined,
}

function moved<S extends string>(entity: Entity, from: S, to: S): S {
  const moves: Record<string, readonly string[]> = MOVES[entity]
  if (from !== to && !moves[from]?.includes(to)) throw new Refused(`${entity}: ${from} -> ${to}`)
  return to
}

function attemptRow(world: World, id: string): Rpt {
  const [, cart, attempt] = /^a(\d)r(\d)$/.exec(id)!
  return world.carts[Number(cart)]!.attempts[Number(attempt)]!
}

const dueRow = (world: World, { dues }: Scenario, id: string): World['dues'][number] =>
  world.dues[dues.findIndex((due) => due.id === id)]!

/** Stores what an answer showed besides changes of state, like writeObservations. */
export function observe(world: World, after: Payment, cart: number): void {
  const row = world.carts[cart]!
  row.sendState = after.cart.sendState
  row.sendAttempts = after.cart.sendAttempts
  row.hasUrl = after.cart.hasUrl
  after.attempts.forEach((attempt, index) => {
    row.attempts[index]!.nodeAnswers = attempt.nodeAnswers
    row.attempts[index]!.unknownSince = attempt.unknownSince
  })
}

/** Removes values that no rule reads any more, so that worlds that behave alike are one state. */
export function normalise(world: World): World {
  for (const cart of world.carts) {
    for (const attempt of cart.attempts) {
      attempt.nodeAnswers = isOpenAttempt(attempt.state) ? Math.min(attempt.nodeAnswers, 1) : 0
      if (!isOpenAttempt(attempt.state)) attempt.unknownSince = null
    }
    cart.sendAttempts = Math.min(cart.sendAttempts, 2)
    if (cart.state === 'requested') continue
    Object.assign(cart, { age: AGES.length - 1, toSend: false, hasUrl: false, sendState: 'unsent' })
    cart.sendAttempts = 0
  }
  return world
}
