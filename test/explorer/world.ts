import type {
  AnomalyKind,
  ForcedReason,
  Outcome,
  Payment,
  PaymentAttempt,
  AttemptPosition,
  SendState,
} from '../../domain/payment/model.ts'
import type { CartState, DueState, AttemptState } from '../../domain/states.ts'

/** The fixed part of a world: its dues, and the attempts that every cart with them makes. */
export interface Scenario {
  name: string
  dues: readonly { id: string; shares: readonly string[] }[]
  /** Positions of each attempt. */
  attempts: readonly (readonly AttemptPosition[])[]
  /** `full`: every code and every answer. `classes`: one of each kind, because two carts square the number of worlds. */
  breadth: 'full' | 'classes'
}

/** The tables as the rules see them, and the truth at the node and the PSP, which the rules do not see. */
export interface World {
  carts: CartRow[]
  dues: { state: DueState; heldBy: number | null }[]
  settlements: { shareId: string; receiptId: string; cents: number }[]
  anomalies: Anomaly[]
  receipts: StoredReceipt[]
}

export interface CartRow {
  state: CartState
  begun: boolean
  sendState: SendState
  sendAttempts: number
  hasUrl: boolean
  /** Index into AGES: the time since the cart began. */
  age: number
  /** A send is about to leave. It is in memory only, so a restart loses it. */
  toSend: boolean
  attempts: Rpt[]
  /** The truth: where our message is, and the receipts that a PSP made of each attempt. */
  message: 'nowhere' | 'flying' | 'arrived'
  documents: Outcome[][]
}

export interface Rpt {
  state: AttemptState
  forced: ForcedReason | null
  nodeAnswers: number
  unknownSince: number | null
  settlingReceipt: { id: string; outcome: Outcome } | null
}

export interface Anomaly {
  kind: AnomalyKind
  attemptId: string
  receiptId: string | null
  dueId: string | null
  shareId: string | null
  cents: number
}

export interface StoredReceipt {
  cart: number
  attempt: number
  document: number
  outcome: Outcome
  answer: 'accepted' | 'second_receipt'
  handled: boolean
}

const MINUTE = 60_000
/** Milliseconds since begin: begin, end of resending, second "unknown" far enough from the first, silence. */
export const AGES = [0, 31 * MINUTE, 42 * MINUTE, 15 * 24 * 60 * MINUTE] as const

export const attemptId = (cart: number, attempt: number): string => `a${cart}r${attempt}`
export const receiptId = (receipt: Pick<StoredReceipt, 'cart' | 'attempt' | 'document'>): string =>
  `${attemptId(receipt.cart, receipt.attempt)}d${receipt.document}`

export const totalOf = (positions: readonly AttemptPosition[]): number =>
  positions.reduce((total, position) => total + position.cents, 0)

/** Paid cents by outcome: all; the first item or half of the only one; for a timeout the last item or nothing. */
export function itemsOf(positions: readonly AttemptPosition[], outcome: Outcome): number[] {
  if (outcome === 'paid') return positions.map((one) => one.cents)
  if (outcome === 'not_paid' || outcome === 'timed_out') return []
  const only = positions.length === 1
  const paid = outcome === 'partly_paid' ? 0 : positions.length - 1
  return positions.map((one, index) => {
    if (only) return outcome === 'partly_paid' ? one.cents / 2 : 0
    return index === paid ? one.cents : 0
  })
}

/** Two open carts with the same dues, because a citizen makes a second cart when the first seems dead. */
export function freshWorld({ dues }: Scenario): World {
  return {
    carts: [openCart(), openCart()],
    dues: dues.map(() => ({ state: 'payable', heldBy: null })),
    settlements: [],
    anomalies: [],
    receipts: [],
  }
}

const openCart = (): CartRow => ({
  state: 'open',
  begun: false,
  sendState: 'unsent',
  sendAttempts: 0,
  hasUrl: false,
  age: 0,
  toSend: false,
  attempts: [],
  message: 'nowhere',
  documents: [],
})

/** Copies every row that an event may change. Much faster than structuredClone, and called a million times. */
export const copyOf = (world: World): World => ({
  carts: world.carts.map((cart) => ({
    ...cart,
    attempts: cart.attempts.map((attempt) => ({ ...attempt })),
    documents: cart.documents.map((made) => [...made]),
  })),
  dues: world.dues.map((due) => ({ ...due })),
  settlements: [...world.settlements],
  anomalies: world.anomalies.map((one) => ({ ...one })),
  receipts: world.receipts.map((receipt) => ({ ...receipt })),
})

/** The payment of one cart in the form in which db/payment/payment.ts gives it to the rules. */
export function viewOf(world: World, { dues, attempts }: Scenario, cart: number): Payment {
  const { state, begun, sendState, sendAttempts, hasUrl, attempts: rows } = world.carts[cart]!
  return {
    cart: { state, begunAt: begun ? 0 : null, sendState, sendAttempts, hasUrl },
    attempts: rows.map((attempt, index) => attemptView(attempt, attemptId(cart, index), attempts[index]!)),
    dues: dues.map(({ id, shares }, index) => {
      const due = world.dues[index]!
      return {
        id,
        state: due.state,
        heldBy: due.heldBy === null ? null : due.heldBy === cart ? 'this' : 'other',
        shares: shares.map((share) => ({ id: share, settledBy: settledBy(world, share) })),
        waiting: waitingFor(world, id),
      }
    }),
  }
}

function attemptView(attempt: Rpt, id: string, positions: readonly AttemptPosition[]): PaymentAttempt {
  return {
    id,
    totalCents: totalOf(positions),
    positions,
    progress: null,
    nodeState: null,
    attention: null,
    ...attempt,
  }
}

const settledBy = (world: World, shareId: string): string | null =>
  world.settlements.find((one) => one.shareId === shareId)?.receiptId ?? null

function waitingFor(world: World, dueId: string): Payment['dues'][number]['waiting'] {
  return world.anomalies.flatMap((anomaly, index) =>
    anomaly.kind === 'late_while_paying' && anomaly.dueId === dueId && anomaly.cents > 0
      ? [
          {
            anomalyId: String(index),
            shareId: anomaly.shareId!,
            receiptId: anomaly.receiptId!,
            cents: anomaly.cents,
          },
        ]
      : [],
  )
}
