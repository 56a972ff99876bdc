import type { Knex } from 'knex'
import type { ComparedPayment } from '../../domain/reporting/pivot-classes.ts'
import { SAYS_MONEY_MOVED } from '../payment/known.ts'
import { TIED } from './compared.ts'

/** Days of Rome, both among those asked for; undefined values do not filter. */
export interface Days {
  from: string | undefined
  to: string | undefined
}

/** A payment of a receipt that no flow lists, as the old product compared it. */
export interface InNoFlow extends ComparedPayment {
  receiptId: string
  /** Its place in the receipt, from 1. */
  index: number
  iuv: string
  iur: string
  paidOn: string
  receipt: { cents: number; totalCents: number }
}

const PAGE = 1_000

/** SQL: the current revision of a flow lists item `item` of `receipt`; a row of code 3, which the old product left out, does not. */
const IS_LISTED = `exists (select from reported_row o join reporting_flow g on g.id = o.reporting_flow_id and g.is_current
  where o.domain = receipt.domain and o.iuv = receipt.iuv and o.code <> 'REVOKED' and o.iur = item.value ->> 'iur'
    and coalesce(o.transfer_index, item.nr) = item.nr)`

const PAID_ON = `left(item.value ->> 'outcomeOn', 10)`

const CREDITED = `select cast(sum(c.cents) as bigint) from ${TIED} and t.iuv = receipt.iuv and c.ente_id = :enteId`

/** The payments of receipts of an ente that no flow lists, in the order of their IUVs; only one page is in memory. */
export async function* paymentsInNoFlow(db: Knex, enteId: string, days: Days): AsyncGenerator<InNoFlow> {
  for (let last: InNoFlow | undefined; ;) {
    const rows = await onePage(db, enteId, days, last)
    yield* rows
    if (rows.length < PAGE) return
    last = rows.at(-1)
  }
}

async function onePage(
  db: Knex,
  enteId: string,
  { from, to }: Days,
  last: InNoFlow | undefined,
): Promise<InNoFlow[]> {
  const conditions = [
    ...(from === undefined ? [] : [`and ${PAID_ON} >= :from`]),
    ...(to === undefined ? [] : [`and ${PAID_ON} <= :to`]),
    ...(last === undefined
      ? []
      : ['and (receipt.iuv, receipt.id, item.nr) > (:iuv, cast(:id as uuid), :index)']),
  ]
  const { rows } = await db.raw<{ rows: InNoFlow[] }>(
    `select receipt.id as "receiptId", cast(item.nr as int) as index, receipt.iuv, item.value ->> 'iur' as iur, ${PAID_ON} as "paidOn",
       json_build_object('cents', cast(item.value ->> 'cents' as bigint), 'totalCents', receipt.total_cents) as receipt,
       case when d.spontaneous then null else d.importo_cents end as notified, null as row, (${CREDITED}) as "creditedCents",
       false as "isDoubled"
     from receipt cross join lateral jsonb_array_elements(receipt.details -> 'items') with ordinality as item (value, nr)
       left join attempt_item i on i.attempt_id = receipt.attempt_id and i.position = item.nr
       left join due d on d.id = i.due_id and d.ente_id = :enteId
     where receipt.domain = (select codice_fiscale from ente where id = :enteId) and ${SAYS_MONEY_MOVED}
       and cast(item.value ->> 'cents' as bigint) > 0 and not ${IS_LISTED} ${conditions.join(' ')}
     order by receipt.iuv, receipt.id, item.nr limit ${PAGE}`,
    {
      enteId,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(last === undefined ? {} : { iuv: last.iuv, id: last.receiptId, index: last.index }),
    },
  )
  return rows
}
