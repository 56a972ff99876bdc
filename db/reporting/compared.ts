import type { Knex } from 'knex'
import type { Compared, ComparedPayment } from '../../domain/reporting/pivot-classes.ts'
import { COUNTS, SURE } from '../treasury/counts.ts'
import { hasTreasury } from '../treasury/ties.ts'

/** What an ente has at all: statements of its bank, and dues that it loaded. */
export async function comparedAt(db: Knex, enteId: string): Promise<Compared> {
  const [isCredited, { rows }] = await Promise.all([
    hasTreasury(db, enteId),
    db.raw<{ rows: unknown[] }>('select 1 from due where ente_id = ? and not spontaneous limit 1', [enteId]),
  ])
  return { hasTreasury: isCredited, hasNotifications: rows.length > 0 }
}

/** SQL: credits of the bank that count, with what ties them for sure. */
export const TIED = `treasury_tie t join treasury_credit c on c.id = t.credit_id and ${COUNTS} where t.state in (${SURE})`

/** SQL: what the flows declare that these credits brought; several may come in one. `k.ids` are the credits. */
export const BROUGHT = `(select sum(coalesce(x.declared_cents, x.rows_cents)) from reporting_flow x
  where x.is_current and (x.domain, x.flow_id, x.psp_id) in (
    select t.domain, t.flow_id, t.psp_id from ${TIED} and t.credit_id = any (k.ids) and t.flow_id is not null))`

/** SQL: another row says that the payment of row `r` came twice. */
const IS_DOUBLED = `exists (select from reported_row o join reporting_flow g on g.id = o.reporting_flow_id and g.is_current
  where o.domain = r.domain and o.iuv = r.iuv and o.id <> r.id and o.code <> 'REVOKED' and (
    (o.iur <> r.iur and coalesce(o.transfer_index, 1) = coalesce(r.transfer_index, 1))
    or (o.importo_cents = r.importo_cents and (o.code, r.code) in (('EXECUTED', 'NO_RPT'), ('NO_RPT', 'EXECUTED')))))`

/** SQL: the item of receipt `p` that has the payment of row `r`. */
const ITEM = `(select cast(i.value ->> 'cents' as bigint) from jsonb_array_elements(p.details -> 'items') with ordinality i (value, nr)
  where i.value ->> 'iur' = r.iur order by (i.nr = coalesce(r.transfer_index, 1)) desc limit 1)`

/**
 * What the old product compared of these rows of stored flows, by their ids; rows of code 3, which it left out, are not among them. One
 * statement.
 */
export async function comparedRows(
  db: Knex,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ComparedPayment>> {
  const { rows } = await db.raw<{ rows: (ComparedPayment & { id: string })[] }>(
    `select r.id, case when d.spontaneous then null else d.importo_cents end as notified,
       case when p.id is not null then json_build_object('cents', coalesce(${ITEM}, 0), 'totalCents', p.total_cents) end as receipt,
       json_build_object('cents', coalesce(r.importo_cents, 0), 'flowCents', coalesce(${BROUGHT}, f.declared_cents, f.rows_cents),
         'creditedCents', k.cents) as row,
       (select cast(sum(c.cents) as bigint) from ${TIED} and t.iuv = r.iuv and c.ente_id = f.ente_id) as "creditedCents",
       ${IS_DOUBLED} as "isDoubled"
     from unnest(cast(? as uuid[])) w (id) join reported_row r on r.id = w.id and r.code <> 'REVOKED'
       join reporting_flow f on f.id = r.reporting_flow_id
       left join due d on d.id = r.due_id left join receipt p on p.id = r.receipt_id
       left join lateral (select array_agg(c.id) as ids, sum(c.cents) as cents from ${TIED}
         and (t.domain, t.flow_id, t.psp_id) = (f.domain, f.flow_id, f.psp_id)) k on true`,
    [[...ids]],
  )
  return new Map(rows.map(({ id, ...compared }) => [id, compared]))
}
