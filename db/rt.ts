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
  /** These very bytes, stored before: an insert that met them would wait for their settlement, which waits for our lock. */
  same: { id: string; answer: string } | null
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
  const { rows } = await trx.raw<{ rows: RptForRt[] }>(
    `select r.id, r.cart_id as "cartId", r.message_id as "messageId", r.total_cents as "totalCents",
       r.pagatore_email as "pagatoreEmail", c.versante ->> 'email' as "versanteEmail",
       exists (select from rt where rt.rpt_id = r.id and (rt.handled_at is null or rt.answer = 'OK' or rt.settling)) as "hasRt",
       (select json_build_object('id', rt.id, 'answer', rt.answer) from rt
        where rt.domain = r.domain and rt.iuv = r.iuv and rt.ccp = r.ccp and rt.sha256 = ?) as same,
       (select json_agg(json_build_object('cents', i.importo_cents, 'causale', i.causale,
          'datiSpecificiRiscossione', i.dati_specifici_riscossione) order by i.position)
        from rpt_item i where i.rpt_id = r.id) as items
     from rpt r join cart c on c.id = r.cart_id where r.id = ?`,
    [sha256(document), target.id],
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

export type RtArrival = { kind: 'new'; rtId: string } | { kind: 'same'; rtId: string; answer: string }

/** Stores every distinct RT; `same` when these bytes are already here, with the answer they got the first time. */
export async function insertRt(trx: Knex, rt: NewRt): Promise<RtArrival> {
  const digest = sha256(rt.document)
  const [row] = (await trx('rt')
    .insert({
      domain: rt.key.domain,
      iuv: rt.key.iuv,
      ccp: rt.key.ccp,
      sha256: digest,
      document: Buffer.from(rt.document),
      rpt_id: rt.rpt?.id ?? null,
      cart_id: rt.rpt?.cartId ?? null,
      outcome: rt.content?.outcome ?? null,
      total_cents: rt.content?.totalCents ?? null,
      items: JSON.stringify(rt.content?.items.map((item) => ({ cents: item.cents, iur: item.iur })) ?? []),
      details: rt.content ? JSON.stringify(rt.content) : null,
      addresses: [...rt.addresses],
      source: rt.source,
      answer: rt.answer,
      handled_at: rt.settles ? null : trx.fn.now(),
    })
    .onConflict(['domain', 'iuv', 'ccp', 'sha256'])
    .ignore()
    .returning('id')) as { id: string }[]
  if (row) return { kind: 'new', rtId: row.id }
  const stored = await findSameRt(trx, rt.key, digest)
  return { kind: 'same', rtId: stored!.id, answer: stored!.answer }
}

export async function findSameRt(
  db: Knex,
  key: RptKey,
  digest: Buffer,
): Promise<{ id: string; answer: string } | undefined> {
  return db('rt')
    .first('id', 'answer')
    .where({ ...key, sha256: digest })
}

export interface RefusedRt {
  kind: 'unknown_rpt' | 'receipt_refused'
  rtId: string
  rpt: { id: string; cartId: string } | undefined
  /** Money it says has moved. */
  cents: number
  why: string
}

/** Kept although the protocol wants a KO: a person finds it on the work list, with its cents (ruling 7). */
export async function raiseRefused(trx: Knex, refused: RefusedRt): Promise<void> {
  await trx('anomaly')
    .insert({
      kind: refused.kind,
      cart_id: refused.rpt?.cartId ?? null,
      rpt_id: refused.rpt?.id ?? null,
      rt_id: refused.rtId,
      unplaced_cents: refused.cents,
      details: JSON.stringify({ why: refused.why }),
    })
    .onConflict()
    .ignore()
  if (refused.rpt)
    await trx('rpt')
      .where({ id: refused.rpt.id })
      .whereIn('state', ['created', 'sent'])
      .update({ attention: 'receipt_refused' })
}
