import type { Knex } from 'knex'
import { rowsOf } from '../ground/rows.ts'

/** A reported row whose receipt is to be asked for now. */
export interface RowToAsk {
  rowId: string
  iuv: string
}

/** Rows of an organization whose time has come, the longest waiting first. */
export const rowsToAsk = (db: Knex, domain: string, limit: number): Promise<RowToAsk[]> =>
  rowsOf<RowToAsk>(
    db('reported_row')
      .select({ rowId: 'id', iuv: 'iuv' })
      .where({ domain })
      .where('ask_at', '<=', db.fn.now())
      .orderBy('ask_at')
      .limit(limit),
  )

/** An attempt that the node can be asked about. */
export interface AttemptToAsk {
  cartId: string
  domain: string
  iuv: string
  attemptCode: string
}

/** Attempts of an IUV that left for the node and have no receipt with money. None where the payment did not begin here. */
export async function attemptsToAsk(
  db: Knex,
  { domain, iuv }: { domain: string; iuv: string },
): Promise<AttemptToAsk[]> {
  const { rows } = await db.raw<{ rows: AttemptToAsk[] }>(
    `select a.cart_id as "cartId", a.domain, a.iuv, a.attempt_code as "attemptCode" from attempt a join rpt on rpt.attempt_id = a.id
     where a.domain = ? and a.iuv = ? and a.state <> 'created'
       and not exists (select from receipt where receipt.attempt_id = a.id and receipt.settling and receipt.total_cents > 0)
     order by a.created_at limit 20`,
    [domain, iuv],
  )
  return rows
}

/** Notes that the receipt of a row was asked for: it is asked for again a day later, or never. */
export async function noteAsked(db: Knex, rowId: string): Promise<void> {
  await db.raw(
    `update reported_row set ask_at = case when asked = 'daily' then now() + interval '1 day' end where id = ?`,
    [rowId],
  )
}
