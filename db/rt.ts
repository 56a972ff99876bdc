import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import type { RptFacts } from '../domain/payment/receipt-check.ts'
import type { RptKey } from '../domain/wire/nodo.ts'
import type { RtDocument } from '../domain/wire/rt.ts'

/** An RPT of ours as an arriving RT meets it. */
export interface RptForRt extends RptFacts {
  id: string
  cartId: string
  pagatoreEmail: string | null
  versanteEmail: string | null
  /** An RT that may settle is stored already; forced outcomes do not count. */
  hasRt: boolean
  /**
   * These very bytes, stored before: an insert that met them would wait for their settlement, which waits for our lock.
   * `isFinal`: their answer is repeated; another refusal says nothing of the document and is judged anew.
   * `isHandled`: their settlement is done, and the payment process has nothing to learn from a repeated delivery.
   */
  same: { id: string; answer: string; isFinal: boolean; isHandled: boolean } | null
  /** The RPT itself: read only when a receipt is judged, because a repeated one needs nothing of it. */
  document: Buffer
}

/** By the header's key, under lock: two documents for one RPT are told apart in order. */
export async function lockRptForRt(
  trx: Knex,
  key: RptKey,
  document: Uint8Array,
): Promise<RptForRt | undefined> {
  const target = (await trx('rpt')
    .first('id')
    .where({ ...key })
    .forNoKeyUpdate()) as { id: string } | undefined
  if (!target) return undefined
  // A statement of its own: one that waited for the lock would not see the RT that was stored meanwhile.
  const digest = sha256(document)
  const { rows } = await trx.raw<{ rows: RptForRt[] }>(
    `select r.id, r.cart_id as "cartId", r.document, r.message_id as "messageId", r.total_cents as "totalCents",
       r.pagatore_email as "pagatoreEmail", c.versante ->> 'email' as "versanteEmail",
       exists (select from rt where rt.rpt_id = r.id and rt.sha256 <> ?
         and (rt.handled_at is null or rt.answer = 'OK' or rt.settling)) as "hasRt",
       (select json_build_object('id', rt.id, 'answer', rt.answer,
          'isHandled', rt.handled_at is not null, 'isFinal', rt.answer in ('OK', 'PAA_RT_DUPLICATA') or rt.handled_at is null or rt.settling) from rt
        where rt.domain = r.domain and rt.iuv = r.iuv and rt.ccp = r.ccp and rt.sha256 = ?) as same,
       (select json_agg(json_build_object('cents', i.importo_cents, 'causale', i.causale,
          'datiSpecificiRiscossione', i.dati_specifici_riscossione) order by i.position)
        from rpt_item i where i.rpt_id = r.id) as items
     from rpt r join cart c on c.id = r.cart_id where r.id = ?`,
    [digest, digest, target.id],
  )
  return rows[0]
}

/** Ours, or a secondary beneficiary's of an RPT we sent. */
export async function isKnownDomain(db: Knex, domain: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 where exists (select from ente where codice_fiscale = ?) or exists (select from rpt where domain = ?)`,
    [domain, domain],
  )
  return rows.length > 0
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

export interface NewRt {
  key: RptKey
  document: Uint8Array
  rpt: { id: string; cartId: string } | undefined
  content: RtDocument | undefined
  addresses: readonly string[]
  source: 'push' | 'copy'
  /** OK or the fault's code. */
  answer: string
  /** False: kept, but no settlement will look at it. */
  settles: boolean
}

/** Stores every distinct RT once; the id of the row, also when these bytes are already here. */
export async function insertRt(trx: Knex, rt: NewRt): Promise<string> {
  const [row] = (await trx('rt')
    .insert({
      domain: rt.key.domain,
      iuv: rt.key.iuv,
      ccp: rt.key.ccp,
      sha256: sha256(rt.document),
      document: Buffer.from(rt.document),
      source: rt.source,
      ...judgedColumns(trx, rt),
    })
    .onConflict(['domain', 'iuv', 'ccp', 'sha256'])
    .ignore()
    .returning('id')) as { id: string }[]
  return row?.id ?? mustFindRt(trx, rt)
}

async function mustFindRt(trx: Knex, { key, document }: NewRt): Promise<string> {
  const row = (await trx('rt')
    .first('id')
    .where({ ...key, sha256: sha256(document) })) as { id: string }
  return row.id
}

const judgedColumns = (trx: Knex, rt: NewRt) => ({
  rpt_id: rt.rpt?.id ?? null,
  cart_id: rt.rpt?.cartId ?? null,
  outcome: rt.content?.outcome ?? null,
  total_cents: rt.content?.totalCents ?? null,
  items: JSON.stringify(rt.content?.items.map((item) => ({ cents: item.cents, iur: item.iur })) ?? []),
  details: rt.content ? JSON.stringify(rt.content) : null,
  addresses: [...rt.addresses],
  answer: rt.answer,
  handled_at: rt.settles ? null : trx.fn.now(),
})

/** A refused RT judged anew; once accepted its money is the settlement's, and what a person was asked about it is answered. */
export async function acceptLater(trx: Knex, rtId: string, rt: NewRt): Promise<void> {
  await trx('rt').where({ id: rtId }).update(judgedColumns(trx, rt))
  if (!rt.settles) return
  await trx('anomaly')
    .where({ rt_id: rtId })
    .whereIn('kind', KEPT_KINDS)
    .update({
      unplaced_cents: 0,
      placed_at: trx.raw('coalesce(placed_at, now())'),
      closed_at: trx.raw('coalesce(closed_at, now())'),
      closed_by: 'RT accettata a una consegna successiva',
      cart_id: rt.rpt?.cartId ?? null,
    })
}

/** Anomalies about a receipt that no settlement looks at. */
const KEPT_KINDS = ['unknown_rpt', 'receipt_refused', 'receipt_not_understood'] as const

export interface KeptRt {
  kind: (typeof KEPT_KINDS)[number]
  rtId: string
  rpt: { id: string; cartId: string } | undefined
  /** Money it says has moved; 0 when nobody could read it. */
  cents: number
  why: string
}

/**
 * A person finds it on the work list, with its cents (ruling 7), and the payment is marked. Safe to repeat: an RT has one such
 * anomaly, which says what was found at the last delivery, because two of them would count its money twice.
 */
export async function raiseKept(trx: Knex, kept: KeptRt): Promise<void> {
  const found = {
    kind: kept.kind,
    cart_id: kept.rpt?.cartId ?? null,
    rpt_id: kept.rpt?.id ?? null,
    unplaced_cents: kept.cents,
    details: JSON.stringify({ why: kept.why }),
  }
  const known = await trx('anomaly').where({ rt_id: kept.rtId }).whereIn('kind', KEPT_KINDS).update(found)
  if (known === 0) await trx('anomaly').insert({ rt_id: kept.rtId, ...found })
  if (kept.rpt)
    await trx('rpt')
      .where({ id: kept.rpt.id })
      .whereIn('state', ['created', 'sent'])
      .update({ attention: kept.kind === 'receipt_not_understood' ? kept.kind : 'receipt_refused' })
}
