import type { Change, Payment } from '../../domain/payment/model.ts'
import { canMove, isOpenRpt, type Entity } from '../../domain/states.ts'
import { AGES, rtId, type Rpt, type Scenario, type World } from './world.ts'

/** The tables' own constraints, broken by a change. */
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

/** What db/payment-changes.ts does, on a copy the caller owns; refuses what the database would. */
export function write(world: World, changes: readonly Change[], at: Place): void {
  for (const change of changes) WRITERS[change.kind](world, change as never, at)
}

const WRITERS: { [K in Change['kind']]: Writer<K> } = {
  cart: (world, { to }, { cart }) => {
    const row = world.carts[cart]!
    row.state = moved('cart', row.state, to)
  },
  rpt: (world, { rptId, to, forced }) => {
    const rpt = rptRow(world, rptId)
    rpt.state = moved('rpt', rpt.state, to)
    rpt.forced = forced
  },
  rt: (world, change) => {
    world.rts.find((row) => rtId(row) === change.rtId)!.handled = true
    if (change.settling) rptRow(world, change.rptId).settlingRt = { id: change.rtId, outcome: change.outcome }
  },
  settle: (world, { shareId, rtId: rt, cents, anomalyId }) => {
    if (world.settlements.some((one) => one.shareId === shareId))
      throw new Refused(`${shareId} settled twice`)
    world.settlements.push({ shareId, rtId: rt, cents })
    if (anomalyId !== null) world.anomalies[Number(anomalyId)]!.cents = 0
  },
  due: (world, { dueId, to }, { scenario }) => {
    const due = dueRow(world, scenario, dueId)
    due.state = moved('due', due.state, to)
  },
  release: (world, { dueId }, { scenario }) => {
    dueRow(world, scenario, dueId).heldBy = null
  },
  anomaly: (world, { anomaly: kind, rptId, rtId: rt, dueId, shareId, unplacedCents: cents }) => {
    const row = { kind, rptId, rtId: rt, dueId, shareId, cents }
    const key = (one: Omit<typeof row, 'cents'>): string =>
      [one.kind, one.rptId, one.rtId, one.dueId, one.shareId].join('|')
    if (!world.anomalies.some((one) => key(one) === key(row))) world.anomalies.push(row)
  },
  mail: () => undefined,
}

function moved<S extends string>(entity: Entity, from: S, to: S): S {
  if (from !== to && !canMove(entity, from, to)) throw new Refused(`${entity}: ${from} -> ${to}`)
  return to
}

function rptRow(world: World, id: string): Rpt {
  const [, cart, rpt] = /^a(\d)r(\d)$/.exec(id)!
  return world.carts[Number(cart)]!.rpts[Number(rpt)]!
}

const dueRow = (world: World, { dues }: Scenario, id: string): World['dues'][number] =>
  world.dues[dues.findIndex((due) => due.id === id)]!

/** What an answer taught beside the moves, as writeObservations keeps it. */
export function observe(world: World, after: Payment, cart: number): void {
  const row = world.carts[cart]!
  row.sendState = after.cart.sendState
  row.sendAttempts = after.cart.sendAttempts
  row.hasUrl = after.cart.hasUrl
  after.rpts.forEach((rpt, index) => {
    row.rpts[index]!.nodeAnswers = rpt.nodeAnswers
    row.rpts[index]!.unknownSince = rpt.unknownSince
  })
}

/** Forgets what no rule reads any more, so that worlds which behave alike are one state. */
export function normalise(world: World): World {
  for (const cart of world.carts) {
    for (const rpt of cart.rpts) {
      rpt.nodeAnswers = isOpenRpt(rpt.state) ? Math.min(rpt.nodeAnswers, 1) : 0
      if (!isOpenRpt(rpt.state)) rpt.unknownSince = null
    }
    cart.sendAttempts = Math.min(cart.sendAttempts, 2)
    if (cart.state === 'requested') continue
    Object.assign(cart, { age: AGES.length - 1, toSend: false, hasUrl: false, sendState: 'unsent' })
    cart.sendAttempts = 0
  }
  return world
}
