import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import { OPEN_ATTEMPT_STATES } from '../../domain/states.ts'
import type { AttemptFacts, ReceiptAnswer } from '../../domain/payment/receipt-check.ts'
import type { AttemptKey, ReceiptSource } from '../../domain/payment/model.ts'
import type { Receipt } from '../../domain/payment/receipt.ts'
import { closedBySettlement } from './changes.ts'
import { rowOf } from '../ground/rows.ts'

/** The attempt that an arriving receipt is about, with what the checks of the receipt compare it to. */
export interface AttemptForReceipt extends AttemptFacts {
  id: string
  cartId: string
  pagatoreEmail: string | null
  versanteEmail: string | null
  /** True when another receipt that settles, or may settle, this attempt is stored already. A forced outcome is not a receipt. */
  hasReceipt: boolean
  /**
   * The stored receipt with exactly these bytes, or null. Looked up before the insert, because an insert of the same bytes would wait
   * for the transaction that settles them, while that transaction waits for our lock.
   * `isFinal`: the stored answer is repeated. False when the receipt was refused for another reason, which may be gone by now: then
   * the receipt is checked again.
   * `isHandled`: the receipt is settled or needs no settlement, so the payment process need not be signalled.
   */
  same: { id: string; answer: ReceiptAnswer; isFinal: boolean; isHandled: boolean } | null
  /**
   * The RPT that we sent, or null when an older system sent it and kept it. Not parsed here, because a repeated delivery of a receipt
   * does not need it.
   */
  document: Buffer | null
}

const keyColumns = ({ domain, iuv, attemptCode }: AttemptKey) => ({ domain, iuv, attempt_code: attemptCode })

/**
 * Locks the attempt with this key and reads it; undefined when there is none. The lock makes two receipts for one attempt wait for
 * each other, so that the second one is checked against the first.
 */
export async function lockAttemptForReceipt(
  trx: Knex,
  key: AttemptKey,
  document: Uint8Array,
): Promise<AttemptForReceipt | undefined> {
  const target = await rowOf<{ id: string }>(
    trx('attempt').first('id').where(keyColumns(key)).forNoKeyUpdate(),
  )
  if (!target) return undefined
  // The rest is read by a second statement, because a statement that waits for a lock does not see a receipt stored meanwhile.
  const digest = sha256(document)
  const { rows } = await trx.raw<{ rows: AttemptForReceipt[] }>(
    `select r.id, r.cart_id as "cartId", rpt.document, rpt.message_id as "messageId", r.total_cents as "totalCents",
       r.pagatore_email as "pagatoreEmail", c.versante ->> 'email' as "versanteEmail",
       exists (select from receipt where receipt.attempt_id = r.id and receipt.sha256 <> ?
         and (receipt.handled_at is null or receipt.answer = 'accepted' or receipt.settling)) as "hasReceipt",
       (select json_build_object('id', receipt.id, 'answer', receipt.answer,
          'isHandled', receipt.handled_at is not null, 'isFinal', receipt.answer in ('accepted', 'second_receipt') or receipt.handled_at is null or receipt.settling
            -- Somebody has given or returned its money, so that a settlement would use it twice.
            or exists (select from anomaly w where w.receipt_id = receipt.id and (w.state = 'to_return' or w.resolution in ('given', 'returned')))) from receipt
        where receipt.domain = r.domain and receipt.iuv = r.iuv and receipt.attempt_code = r.attempt_code and receipt.sha256 = ?) as same,
       (select json_agg(json_build_object('cents', i.importo_cents, 'causale', i.causale,
          'datiSpecificiRiscossione', i.dati_specifici_riscossione) order by i.position)
        from attempt_item i where i.attempt_id = r.id) as items
     from attempt r join cart c on c.id = r.cart_id left join rpt on rpt.attempt_id = r.id where r.id = ?`,
    [digest, digest, target.id],
  )
  return rows[0]
}

/** True when the domain is one of our enti, or the second beneficiary of an attempt that we sent. */
export async function isKnownDomain(db: Knex, domain: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 where exists (select from ente where codice_fiscale = ?) or exists (select from attempt where domain = ?)`,
    [domain, domain],
  )
  return rows.length > 0
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

export interface NewReceipt {
  key: AttemptKey
  document: Uint8Array
  attempt: { id: string; cartId: string } | undefined
  content: Receipt | undefined
  addresses: readonly string[]
  source: ReceiptSource
  answer: ReceiptAnswer
  /** False when the receipt is only kept, and no settlement reads it. */
  settles: boolean
}

/** Stores the receipt and returns the id of its row; when the same bytes are stored already, the id of that row. */
export async function insertReceipt(trx: Knex, receipt: NewReceipt): Promise<string> {
  const row = await rowOf<{ id: string }>(
    trx('receipt')
      .insert({
        ...keyColumns(receipt.key),
        sha256: sha256(receipt.document),
        document: Buffer.from(receipt.document),
        source: receipt.source,
        ...checkedColumns(trx, receipt),
      })
      .onConflict(['domain', 'iuv', 'attempt_code', 'sha256'])
      .ignore()
      .returning('id'),
  )
  return row?.id ?? storedReceiptId(trx, receipt)
}

async function storedReceiptId(trx: Knex, { key, document }: NewReceipt): Promise<string> {
  const row = await rowOf<{ id: string }>(
    trx('receipt')
      .first('id')
      .where({ ...keyColumns(key), sha256: sha256(document) }),
  )
  return row!.id
}

/** The columns that the checks of a receipt decide. */
const checkedColumns = (trx: Knex, receipt: NewReceipt) => ({
  attempt_id: receipt.attempt?.id ?? null,
  cart_id: receipt.attempt?.cartId ?? null,
  outcome: receipt.content?.outcome ?? null,
  total_cents: receipt.content?.totalCents ?? null,
  items: JSON.stringify(receipt.content?.items.map((item) => ({ cents: item.cents, iur: item.iur })) ?? []),
  details: receipt.content ? JSON.stringify(receipt.content) : null,
  addresses: [...receipt.addresses],
  answer: receipt.answer,
  handled_at: receipt.settles ? null : trx.fn.now(),
})

/**
 * Stores the result of a second check of a receipt that was refused. When it is accepted now, its anomalies are closed without
 * unplaced money, because the settlement takes that money over.
 */
export async function acceptLater(trx: Knex, receiptId: string, receipt: NewReceipt): Promise<void> {
  await trx('receipt').where({ id: receiptId }).update(checkedColumns(trx, receipt))
  if (!receipt.settles) return
  await trx('anomaly')
    .where({ receipt_id: receiptId })
    .whereIn('kind', KEPT_KINDS)
    .update({
      unplaced_cents: 0,
      placed_at: trx.raw('coalesce(placed_at, now())'),
      ...closedBySettlement(trx),
      cart_id: receipt.attempt?.cartId ?? null,
    })
}

/** The kinds of anomaly of a receipt that is only kept and that no settlement reads. */
const KEPT_KINDS = ['unknown_attempt', 'receipt_refused', 'receipt_not_understood'] as const

export interface KeptReceipt {
  kind: (typeof KEPT_KINDS)[number]
  receiptId: string
  attempt: { id: string; cartId: string } | undefined
  /** Cents that moved according to the receipt; 0 when it could not be parsed. */
  cents: number
  why: string
}

/**
 * Puts a kept receipt on the work list with its cents, and marks its attempt while that is open (docs/field/money-rules.md#d7).
 * Safe to repeat: a receipt has one anomaly of these kinds, which each delivery overwrites, because two would count its money twice.
 */
export async function raiseKept(trx: Knex, kept: KeptReceipt): Promise<void> {
  const found = {
    kind: kept.kind,
    cart_id: kept.attempt?.cartId ?? null,
    attempt_id: kept.attempt?.id ?? null,
    unplaced_cents: kept.cents,
    details: JSON.stringify({ why: kept.why }),
  }
  const known = await trx('anomaly')
    .where({ receipt_id: kept.receiptId })
    .whereIn('kind', KEPT_KINDS)
    .update(found)
  if (known === 0) await trx('anomaly').insert({ receipt_id: kept.receiptId, ...found })
  if (kept.attempt)
    await trx('attempt')
      .where({ id: kept.attempt.id })
      .whereIn('state', OPEN_ATTEMPT_STATES)
      .update({ attention: kept.kind === 'receipt_not_understood' ? kept.kind : 'receipt_refused' })
}
