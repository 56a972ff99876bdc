import type { Knex } from 'knex'
import { BROUGHT, TIED } from './compared.ts'
import type { Days } from './in-no-flow.ts'

/** A flow with how the credits of the bank stand to it. */
export interface CreditedFlow {
  id: string
  flowId: string
  /** Its dataRegolamento, or the day it was made. */
  day: string
  cents: number
  /** Credits that are tied to it for sure add up to what they brought. */
  isTied: boolean
  /** Some credit is tied to it for sure, or names it whole. */
  hasCredit: boolean
}

const PAGE = 1_000

/** SQL: reasons of proposals whose text has the whole id of the flow. */
const WHOLE_ID = `'other_amount', 'rows_sum', 'double', 'two_readings'`

const DAY = `coalesce(f.regulated_on, cast(f.flow_at at time zone 'Europe/Rome' as date))`

/** SQL: a credit that counts names the whole id of flow `f`. */
const IS_NAMED = `exists (select from treasury_tie t join treasury_credit c on c.id = t.credit_id and c.is_seen and c.twin_id is null
  where (t.domain, t.flow_id, t.psp_id) = (f.domain, f.flow_id, f.psp_id) and t.state = 'proposed' and t.reason in (${WHOLE_ID}))`

/** The current flows of an ente, the oldest first; only one page is in memory. */
export async function* creditedFlows(
  db: Knex,
  enteId: string,
  { from, to }: Days,
): AsyncGenerator<CreditedFlow> {
  for (let place: string | undefined; ;) {
    const { rows } = await db.raw<{ rows: CreditedFlow[] }>(
      `select f.id, f.flow_id as "flowId", cast(${DAY} as text) as day, coalesce(f.declared_cents, f.rows_cents) as cents,
         coalesce(k.cents = ${BROUGHT}, false) as "isTied", k.ids is not null or ${IS_NAMED} as "hasCredit"
       from reporting_flow f left join lateral (select array_agg(c.id) as ids, sum(c.cents) as cents from ${TIED}
         and (t.domain, t.flow_id, t.psp_id) = (f.domain, f.flow_id, f.psp_id)) k on true
       where f.ente_id = :enteId and f.is_current ${from === undefined ? '' : `and ${DAY} >= cast(:from as date)`}
         ${to === undefined ? '' : `and ${DAY} <= cast(:to as date)`} ${place === undefined ? '' : 'and f.id > :place'}
       order by f.id limit ${PAGE}`,
      {
        enteId,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(place === undefined ? {} : { place }),
      },
    )
    yield* rows
    if (rows.length < PAGE) return
    place = rows.at(-1)!.id
  }
}
