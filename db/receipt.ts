import type { Knex } from 'knex'
import type { RtDocument } from '../domain/wire/rt.ts'

/** A stored RT and what our tables know of its items, in the order of its positions. */
export interface StoredReceipt {
  id: string
  cartId: string
  /** What it says, read once when it arrived: the bytes may be in any encoding, and stay as the proof. */
  content: RtDocument
  receivedAt: string
  settling: boolean
  known: { iud: string; tipoDovuto: string }[]
  /** PNG of the ente, when it is one of ours and has one. */
  logo: Buffer | null
}

/** Of `rt`; shared with the mail that carries it. */
export const RECEIPT_COLUMNS = `rt.id, rt.cart_id as "cartId", rt.details as content, rt.received_at as "receivedAt", rt.settling,
  (select e.logo from ente e where e.codice_fiscale = rt.domain) as logo,
  coalesce((select json_agg(json_build_object('iud', d.iud, 'tipoDovuto', t.name) order by i.position)
    from rpt_item i join due d on d.id = i.due_id join ente_due_type t on t.id = d.ente_due_type_id
    where i.rpt_id = rt.rpt_id), '[]') as known`

export async function findReceipt(db: Knex, rtId: string): Promise<StoredReceipt | undefined> {
  const { rows } = await db.raw<{ rows: StoredReceipt[] }>(
    `select ${RECEIPT_COLUMNS} from rt where rt.id = ? and rt.cart_id is not null and rt.details is not null`,
    [rtId],
  )
  return rows[0]
}

/** The receipt that decided the RPT of this message. */
export async function findSettlingRt(db: Knex, messageId: string): Promise<string | undefined> {
  const row = (await db('rpt')
    .join('rt', 'rt.rpt_id', 'rpt.id')
    .where({ 'rpt.message_id': messageId, 'rt.settling': true })
    .first('rt.id')) as { id: string } | undefined
  return row?.id
}
