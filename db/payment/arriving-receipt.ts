import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import { OPEN_ATTEMPT_STATES } from '../../domain/states.ts'
import type { AttemptFacts, ReceiptAnswer } from '../../domain/payment/receipt-check.ts'
import type { AttemptKey } from '../../domain/payment/model.ts'
import type { Receipt } from '../../domain/payment/receipt.ts'

/** An attempt of ours as an arriving receipt meets it. */
export interface AttemptForReceipt extends AttemptFacts {
  id: string
  cartId: string
  pagatoreEmail: string | null
  versanteEmail: string | null
  /** A receipt that may settle is stored already; forced outcomes do not count. */
  hasReceipt: boolean
  /**
   * These very bytes, stored before: an insert that met them would wait for their settlement, which waits for our lock.
   * `isFinal`: their answer is repeated; another refusal says nothing of the document and is judged anew.
   * `isHandled`: their settlement is done, and the payment process has nothing to learn from a repeated delivery.
   */
  same: { id: string; answer: ReceiptAnswer; isFinal: boolean; isHandled: boolean } | null
  /** The document we sent, or null when it stayed in an older system; parsed only when a receipt is judged, because a repeated one needs nothing of it. */
  document: Buffer | null
}

/** By the header's key, under lock: two documents for one attempt are told apart in order. */
export async function lockAttemptForReceipt(
  trx: Knex,
  key: AttemptKey,
  document: Uint8Array,
): Promise<AttemptForReceipt | undefined> {
  const target = (await trx('attempt')
    .first('id')
    .where({ ...key })
    .forNoKeyUpdate()) as { id: string } | undefined
  if (!target) return undefined
  // A statement of its own: one that waited for the lock would not see the receipt that was stored meanwhile.
  const digest = sha256(document)
  const { rows } = await trx.raw<{ rows: AttemptForReceipt[] }>(
    `select r.id, r.cart_id as "cartId", rpt.document, rpt.message_id as "messageId", r.total_cents as "totalCents",
       r.pagatore_email as "pagatoreEmail", c.versante ->> 'email' as "versanteEmail",
       exists (select from receipt where receipt.attempt_id = r.id and receipt.sha256 <> ?
         and (receipt.handled_at is null or receipt.answer = 'accepted' or receipt.settling)) as "hasReceipt",
       (select json_build_object('id', receipt.id, 'answer', receipt.answer,
          'isHandled', receipt.handled_at is not null, 'isFinal', receipt.answer in ('accepted', 'second_receipt') or receipt.handled_at is null or receipt.settling) from receipt
        where receipt.domain = r.domain and receipt.iuv = r.iuv and receipt.ccp = r.ccp and receipt.sha256 = ?) as same,
       (select json_agg(json_build_object('cents', i.importo_cents, 'causale', i.causale,
          'datiSpecificiRiscossione', i.dati_specifici_riscossione) order by i.position)
        from attempt_item i where i.attempt_id = r.id) as items
     from attempt r join cart c on c.id = r.cart_id left join rpt on rpt.attempt_id = r.id where r.id = ?`,
    [digest, digest, target.id],
  )
  return rows[0]
}

/** Ours, or a secondary beneficiary's of an attempt we sent. */
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
  source: 'push' | 'copy'
  answer: ReceiptAnswer
  /** False: kept, but no settlement will look at it. */
  settles: boolean
}

/** Stores every distinct receipt once; the id of the row, also when these bytes are already here. */
export async function insertReceipt(trx: Knex, receipt: NewReceipt): Promise<string> {
  const [row] = (await trx('receipt')
    .insert({
      domain: receipt.key.domain,
      iuv: receipt.key.iuv,
      ccp: receipt.key.ccp,
      sha256: sha256(receipt.document),
      document: Buffer.from(receipt.document),
      source: receipt.source,
      ...judgedColumns(trx, receipt),
    })
    .onConflict(['domain', 'iuv', 'ccp', 'sha256'])
    .ignore()
    .returning('id')) as { id: string }[]
  return row?.id ?? mustFindReceipt(trx, receipt)
}

async function mustFindReceipt(trx: Knex, { key, document }: NewReceipt): Promise<string> {
  const row = (await trx('receipt')
    .first('id')
    .where({ ...key, sha256: sha256(document) })) as { id: string }
  return row.id
}

const judgedColumns = (trx: Knex, receipt: NewReceipt) => ({
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

/** A refused receipt judged anew; once accepted its money is the settlement's, and what a person was asked about it is answered. */
export async function acceptLater(trx: Knex, receiptId: string, receipt: NewReceipt): Promise<void> {
  await trx('receipt').where({ id: receiptId }).update(judgedColumns(trx, receipt))
  if (!receipt.settles) return
  await trx('anomaly')
    .where({ receipt_id: receiptId })
    .whereIn('kind', KEPT_KINDS)
    .update({
      unplaced_cents: 0,
      placed_at: trx.raw('coalesce(placed_at, now())'),
      closed_at: trx.raw('coalesce(closed_at, now())'),
      closed_by: 'RT accettata a una consegna successiva',
      cart_id: receipt.attempt?.cartId ?? null,
    })
}

/** Anomalies about a receipt that no settlement looks at. */
const KEPT_KINDS = ['unknown_attempt', 'receipt_refused', 'receipt_not_understood'] as const

export interface KeptReceipt {
  kind: (typeof KEPT_KINDS)[number]
  receiptId: string
  attempt: { id: string; cartId: string } | undefined
  /** Money it says has moved; 0 when nobody could read it. */
  cents: number
  why: string
}

/**
 * A person finds it on the work list, with its cents (D7), and the payment is marked. Safe to repeat: a receipt has one such
 * anomaly, which says what was found at the last delivery, because two of them would count its money twice.
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
