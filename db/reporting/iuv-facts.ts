import type { Knex } from 'knex'
import type { IuvFacts } from '../../domain/reporting/iuv-facts.ts'
import { SAYS_MONEY_MOVED } from '../payment/known.ts'

/** An ente as its reported rows name it. */
export interface ReportedEnte {
  id: string
  domain: string
  /** Every code that its numbers have begun with. */
  codes: string[]
  /** Some receipt is in no flow, so that each row may be the one that was missing. */
  isMissing: boolean
}

export async function reportedEnte(db: Knex, enteId: string): Promise<ReportedEnte> {
  const { rows } = await db.raw<{ rows: ReportedEnte[] }>(
    `select id, codice_fiscale as domain, array(
       select application_code where application_code is not null union select segregation_code
       union select change ->> 'from' from event v cross join jsonb_array_elements(v.data -> 'changes') change
         where v.entity = 'ente' and v.entity_id = ente.id and v.kind = 'configured'
           and change ->> 'column' in ('application_code', 'segregation_code') and change ->> 'from' is not null) as codes,
       exists (select from anomaly a where a.ente_id = ente.id and a.kind = 'not_reported' and a.closed_at is null) as "isMissing"
     from ente where id = ?`,
    [enteId],
  )
  return rows[0]!
}

/** Rows of an older installation prove what they settle, and are in no flow. */
const IS_OLDER = `f.psp_id = 'unknown'`

const PROOF = `case when p.receipt_id is not null then json_build_object('by', 'receipt', 'receiptId', p.receipt_id)
  when p.reported_row_id is not null then (
    select case when ${IS_OLDER}
      then json_build_object('by', 'older', 'rowId', o.id, 'iur', o.iur, 'transferIndex', o.transfer_index, 'cents', p.importo_cents)
      else json_build_object('by', 'row', 'rowId', o.id) end
    from reported_row o join reporting_flow f on f.id = o.reporting_flow_id where o.id = p.reported_row_id) end`

/**
 * Shares of dues of other enti in which this one is a second beneficiary. Their numbers may be ours too, so it takes a row that names a second
 * beneficiary, and only one due that can be meant: which of several it is, nothing says.
 */
const SHARED = `select x.position, x.id from due o join due_share x on x.due_id = o.id
    where o.iuv = w.iuv and o.ente_id <> :enteId and x.domain = :domain and x.position > 1
      and exists (select from reported_row r where r.domain = :domain and r.iuv = w.iuv and r.transfer_index > 1)
      and not exists (select from due p join due_share y on y.due_id = p.id
        where p.iuv = w.iuv and p.ente_id <> o.ente_id and y.domain = :domain and y.position > 1)`

/** Shares that the IUV asks for: those of the dues that have it, and those of its attempts. */
const TRANSFERS = `select json_agg(json_build_object('index', asked.index, 'shareId', s.id, 'dueId', d.id, 'cents', s.importo_cents,
    'dueState', d.state, 'isHeld', exists (select from cart_item i where i.due_id = d.id and i.live), 'proof', ${PROOF}))
  from (
    select x.position as index, x.id from due o join due_share x on x.due_id = o.id
    where o.iuv = w.iuv and o.ente_id = :enteId and x.domain = :domain
    union
    select i.position, i.share_id from attempt a join attempt_item i on i.attempt_id = a.id where a.domain = :domain and a.iuv = w.iuv
    union ${SHARED}) asked
    join due_share s on s.id = asked.id join due d on d.id = s.due_id left join settlement p on p.share_id = s.id`

/** The share that an item of a receipt is for; null when another receipt has it, or a person has its money. */
const ITEM_SHARE = `(select i.share_id from attempt_item i
  where receipt.settling and i.attempt_id = receipt.attempt_id and i.position = item.nr
    and not exists (select from settlement p where p.share_id = i.share_id and p.receipt_id <> receipt.id)
    and not exists (select from anomaly x where x.receipt_id = receipt.id and x.share_id = i.share_id
      and x.kind in ('duplicate', 'paid_after_cancel', 'late_while_paying', 'withdrawn') and x.resolution is distinct from 'settled'))`

const RECEIPTS = `select json_agg(json_build_object('id', receipt.id, 'items', coalesce((
      select json_agg(json_build_object('index', item.nr, 'iur', item.value ->> 'iur', 'cents', cast(item.value ->> 'cents' as bigint),
        'paidOn', left(item.value ->> 'outcomeOn', 10), 'shareId', ${ITEM_SHARE}))
      from jsonb_array_elements(receipt.details -> 'items') with ordinality as item (value, nr)
      where cast(item.value ->> 'cents' as bigint) > 0), '[]')))
  from receipt where receipt.domain = :domain and receipt.iuv = w.iuv and ${SAYS_MONEY_MOVED}`

/** How a person took the money of row \`r\` off the due that it settled; an anomaly that the facts ended says nothing any more. */
const WITHDRAWN = `(select case x.state when 'open' then 'open' else 'returned' end
  from withdrawn_settlement g join anomaly x on x.id = g.anomaly_id
  where g.reported_row_id = r.id and x.resolution is distinct from 'settled' order by x.state = 'open' desc limit 1)`

const ROWS = `select json_agg(json_build_object('id', r.id, 'flowId', f.flow_id, 'position', r.position, 'isCurrent', f.is_current,
    'iur', r.iur, 'transferIndex', r.transfer_index, 'importoCents', r.importo_cents, 'code', r.code, 'paidOn', r.paid_on, 'asked', r.asked,
    'anomalies', coalesce((
      select json_agg(json_build_object('anomaly', substr(a.kind, length('reported_') + 1), 'cents', a.unplaced_cents))
      from anomaly a where a.reported_row_id = r.id and a.closed_at is null), '[]'),
    'withdrawn', ${WITHDRAWN}))
  from reported_row r join reporting_flow f on f.id = r.reporting_flow_id
  where r.domain = :domain and r.iuv = w.iuv and f.state = 'stored' and not ${IS_OLDER}`

/** True while a row of the payment of decision `k` settles the due that the decision names. */
const IS_PAYING = `exists (select from settlement p join reported_row r on r.id = p.reported_row_id
  where p.due_id = k.due_id and r.domain = :domain and r.iuv = k.iuv and r.iur = k.iur
    and coalesce(r.transfer_index, 1) = coalesce(k.transfer_index, 1))`

const DECISIONS = `select json_agg(json_build_object('kind', k.kind, 'rowId', k.reported_row_id, 'seen', k.seen_class,
    'decidedAt', k.decided_at, 'isPaying', ${IS_PAYING}))
  from reported_decision k where k.ente_id = :enteId and k.iuv = w.iuv and k.taken_back_at is null`

const list = (query: string): string => `coalesce((${query}), '[]')`

/**
 * Everything that judges the rows of these IUVs of an ente, in one statement. Each IUV is looked up by itself, because 1,000 of them are few
 * among millions.
 */
export async function iuvFacts(
  db: Knex,
  { id: enteId, domain, codes }: Omit<ReportedEnte, 'isMissing'>,
  iuvs: readonly string[],
): Promise<IuvFacts[]> {
  const { rows } = await db.raw<{ rows: Omit<IuvFacts, 'isOurs'>[] }>(
    `select w.iuv, ${list(TRANSFERS)} as transfers, ${list(RECEIPTS)} as receipts, ${list(ROWS)} as rows, ${list(DECISIONS)} as decisions
     from unnest(cast(:iuvs as text[])) w (iuv)`,
    { enteId, domain, iuvs: [...iuvs] },
  )
  return rows.map((row) => ({ ...row, isOurs: isOurs(row.iuv, codes) }))
}

/** Only a number of 17 digits says whose it is. */
const isOurs = (iuv: string, codes: readonly string[]): boolean =>
  !/^\d{17}$/.test(iuv) || codes.includes(iuv.slice(0, 2))
