import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import type { Change, Payment } from '../../domain/payment/model.ts'
import { OPEN_ATTEMPT_STATES, isOpenAttempt } from '../../domain/states.ts'

export interface Writing {
  cartId: string
  changes: readonly Change[]
  /** The addresses that get a receipt mail, by receipt id. */
  addresses: ReadonlyMap<string, readonly string[]>
  /** The part after `@` in the Message-IDs of those mails. */
  mailHost: string
  /** Ids of attempts that have a settling receipt. The writers add to it. */
  settling: Set<string>
}

export const settlingAttempts = ({ attempts }: Payment): Set<string> =>
  new Set(attempts.filter((attempt) => attempt.settlingReceipt !== null).map((attempt) => attempt.id))

/** Writes what the rules decided, in order, in the caller's transaction, which holds the lock of the cart. */
export async function writeChanges(trx: Knex, writing: Writing): Promise<void> {
  for (const change of writing.changes) await write(trx, change.kind, change, writing)
}

type ByKind = { [C in Change as C['kind']]: C }

const write = <K extends Change['kind']>(
  trx: Knex,
  kind: K,
  change: ByKind[K],
  writing: Writing,
): Promise<unknown> => WRITERS[kind](trx, change, writing)

const WRITERS: {
  [K in Change['kind']]: (trx: Knex, change: ByKind[K], writing: Writing) => Promise<unknown>
} = {
  cart: (trx, { to }, { cartId }) =>
    trx('cart')
      .where({ id: cartId })
      .update({ state: to, outcome_at: trx.raw('coalesce(outcome_at, now())') }),
  attempt: (trx, { attemptId, to, forced }) =>
    trx('attempt')
      .where({ id: attemptId })
      .update({
        state: to,
        ...(forced ? { forced_reason: forced, forced_at: trx.fn.now() } : {}),
        ...(isOpenAttempt(to) ? {} : { next_check_at: null, attention: null, outcome_at: trx.fn.now() }),
      }),
  receipt: async (trx, { receiptId, attemptId, settling }, writing) => {
    // The receipt that settled so far is changed first, because a unique index allows one settling receipt per attempt.
    if (settling && writing.settling.has(attemptId))
      await trx('receipt')
        .where({ attempt_id: attemptId, settling: true })
        .whereNot({ id: receiptId })
        .update({ settling: false })
    await trx('receipt').where({ id: receiptId }).update({ settling, handled_at: trx.fn.now() })
    if (settling) writing.settling.add(attemptId)
  },
  settle: async (trx, { shareId, dueId, receiptId, cents, anomalyId }) => {
    // A receipt takes the place of a reported row. In the place of another receipt nothing is written, which is an error.
    const { rowCount } = await trx.raw<{ rowCount: number }>(
      `insert into settlement as s (share_id, due_id, receipt_id, importo_cents) values (?, ?, ?, ?)
       on conflict (share_id) do update set receipt_id = excluded.receipt_id, reported_row_id = null,
         importo_cents = excluded.importo_cents, paid_on = excluded.paid_on, created_at = now()
       where s.reported_row_id is not null`,
      [shareId, dueId, receiptId, cents],
    )
    if (rowCount !== 1) throw new Error(`share ${shareId} is settled by another receipt`)
    if (anomalyId)
      await trx('anomaly')
        .where({ id: anomalyId })
        .update({ unplaced_cents: 0, placed_at: trx.fn.now(), ...closedBySettlement(trx) })
  },
  due: (trx, { dueId, to }) => trx('due').where({ id: dueId }).update({ state: to }),
  release: (trx, { dueId }, { cartId }) =>
    trx('cart_item').where({ cart_id: cartId, due_id: dueId }).update({ live: false }),
  anomaly: (trx, change, { cartId }) =>
    trx('anomaly')
      .insert({
        kind: change.anomaly,
        cart_id: cartId,
        attempt_id: change.attemptId,
        receipt_id: change.receiptId,
        due_id: change.dueId,
        share_id: change.shareId,
        unplaced_cents: change.unplacedCents,
      })
      .onConflict()
      .ignore(),
  mail: async (trx, { receiptId }, { cartId, addresses, mailHost }) => {
    const rows = (addresses.get(receiptId) ?? []).map((address) => ({
      kind: 'receipt',
      receipt_id: receiptId,
      cart_id: cartId,
      address,
      language: trx.raw('(select language from cart where id = ?)', [cartId]),
      message_id: messageId(receiptId, address, mailHost),
    }))
    // A unique key on receipt and address keeps a second settlement of this receipt from storing the mail again.
    if (rows.length > 0) await trx('email').insert(rows).onConflict(['receipt_id', 'address']).ignore()
  },
}

/** The columns of an anomaly that a settlement closes without a person. */
export const closedBySettlement = (trx: Knex) => ({
  state: 'closed',
  resolution: 'settled',
  closed_at: trx.raw('coalesce(closed_at, now())'),
})

/** Derived from receipt and address, not random, so that a mail program shows one mail when the same mail was sent twice. */
function messageId(receiptId: string, address: string, host: string): string {
  return `<${createHash('sha256').update(`${receiptId} ${address}`).digest('hex').slice(0, 40)}@${host}>`
}

/**
 * Writes the facts about attempts and send that an answer of the node changed and that are not moves of a state. `columns` are
 * further columns of the cart to write with them.
 */
export async function writeObservations(
  trx: Knex,
  cartId: string,
  before: Payment,
  after: Payment,
  columns: Record<string, unknown> = {},
): Promise<void> {
  for (const attempt of after.attempts) {
    const old = before.attempts.find((r) => r.id === attempt.id)
    if (JSON.stringify(observed(old)) === JSON.stringify(observed(attempt))) continue
    await trx('attempt')
      .where({ id: attempt.id })
      .update({
        progress: attempt.progress,
        node_answers: attempt.nodeAnswers,
        unknown_since: attempt.unknownSince === null ? null : new Date(attempt.unknownSince).toISOString(),
        attention: isOpenAttempt(attempt.state) ? attempt.attention : null,
      })
    if (old?.nodeState !== attempt.nodeState)
      await trx('rpt').where({ attempt_id: attempt.id }).update({ node_state: attempt.nodeState })
  }
  const { sendState, sendAttempts } = after.cart
  const isMoved = before.cart.sendState !== sendState || before.cart.sendAttempts !== sendAttempts
  const cart = { ...columns, ...(isMoved ? { send_state: sendState, send_attempts: sendAttempts } : {}) }
  if (Object.keys(cart).length > 0) await trx('cart').where({ id: cartId }).update(cart)
}

const observed = (attempt: Payment['attempts'][number] | undefined): unknown =>
  attempt && [
    attempt.progress,
    attempt.nodeState,
    attempt.nodeAnswers,
    attempt.unknownSince,
    attempt.attention,
  ]

/**
 * Writes when the payment process will check the open attempts of a cart next, `inMs` milliseconds from now. The process does so before
 * it sleeps, so that a sweep finds a process that died: its check is overdue.
 */
export async function announceNextCheck(db: Knex, cartId: string, inMs: number): Promise<void> {
  await db('attempt')
    .where({ cart_id: cartId })
    .whereIn('state', OPEN_ATTEMPT_STATES)
    .update({ next_check_at: db.raw(`now() + ? * interval '1 millisecond'`, [inMs]) })
}
