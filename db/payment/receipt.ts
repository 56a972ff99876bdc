import type { Knex } from 'knex'
import type { Receipt } from '../../domain/payment/receipt.ts'
import { rowOf } from '../ground/rows.ts'

/** A stored receipt, with the IUD and the type of due of each item, in the order of its positions. */
export interface StoredReceipt {
  id: string
  cartId: string
  /** Parsed once when the receipt arrived, because the bytes may have any encoding. The bytes themselves stay stored as the proof. */
  content: Receipt
  receivedAt: string
  settling: boolean
  known: { iud: string; tipoDovuto: string }[]
  /** PNG; null when the ente is not one of ours or has no logo. */
  logo: Buffer | null
}

/** The columns of `StoredReceipt` for a `receipt`; the query of the receipt mail uses them too. */
export const RECEIPT_COLUMNS = `receipt.id, receipt.cart_id as "cartId", receipt.details as content, receipt.received_at as "receivedAt", receipt.settling,
  (select e.logo from ente e where e.codice_fiscale = receipt.domain) as logo,
  coalesce((select json_agg(json_build_object('iud', d.iud, 'tipoDovuto', t.name) order by i.position)
    from attempt_item i join due d on d.id = i.due_id join ente_due_type t on t.id = d.ente_due_type_id
    where i.attempt_id = receipt.attempt_id), '[]') as known`

export async function findReceipt(db: Knex, receiptId: string): Promise<StoredReceipt | undefined> {
  const { rows } = await db.raw<{ rows: StoredReceipt[] }>(
    `select ${RECEIPT_COLUMNS} from receipt where receipt.id = ? and receipt.cart_id is not null and receipt.details is not null`,
    [receiptId],
  )
  return rows[0]
}

/** Id of the receipt that settled the attempt with this message id. */
export async function findSettlingReceipt(db: Knex, messageId: string): Promise<string | undefined> {
  const row = await rowOf<{ id: string }>(
    db('rpt')
      .join('receipt', 'receipt.attempt_id', 'rpt.attempt_id')
      .where({ 'rpt.message_id': messageId, 'receipt.settling': true })
      .first('receipt.id'),
  )
  return row?.id
}
