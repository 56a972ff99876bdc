import type { Knex } from 'knex'
import type { Act, ClassifiedRow } from '../../domain/reporting/reconciled.ts'

/** Stores what the rows are. A row that is as it was is not written; the weeks of the others are counted again. */
export async function writeClasses(trx: Knex, rows: readonly ClassifiedRow[]): Promise<void> {
  if (rows.length === 0) return
  const given = rows.map(({ places, ...row }) => ({ ...row, places: withMoney(places) }))
  await trx.raw(
    `with changed as (
     update reported_row r set class = c.class, rule = c.rule, due_id = c."dueId", receipt_id = c."receiptId", places = c.places,
       is_contradicted = c."isContradicted", classified_at = now()
     from json_to_recordset(cast(? as json)) as c ("rowId" uuid, class text, rule text, "dueId" uuid, "receiptId" uuid, places jsonb,
       "isContradicted" boolean)
     where r.id = c."rowId" and (r.class, r.rule, r.due_id, r.receipt_id, r.places, r.is_contradicted)
       is distinct from (c.class, c.rule, c."dueId", c."receiptId", c.places, c."isContradicted")
     returning r.reporting_flow_id)
     insert into reporting_week_stale (ente_id, week)
     select f.ente_id, rome_week(f.flow_at) from (select distinct reporting_flow_id as id from changed) c join reporting_flow f using (id)
     group by 1, 2`,
    [JSON.stringify(given)],
  )
}

const withMoney = (places: ClassifiedRow['places']): Partial<ClassifiedRow['places']> =>
  Object.fromEntries(Object.entries(places).filter(([, cents]) => cents !== 0))

type ByKind = { [A in Act as A['kind']]: A }
export type ActKind = Act['kind']

/** Does what follows from the rows. Each may be done twice. Call it with the dues of `settle`, `prove` and `take_back` locked. */
export async function writeActs(trx: Knex, acts: readonly Act[]): Promise<void> {
  for (const kind of ORDER) await write(trx, kind, acts)
  const dues = [...new Set(acts.flatMap((act) => (isAboutMoney(act) ? [act.dueId] : [])))]
  if (dues.length > 0) await closeDues(trx, dues)
}

type MoneyAct = ByKind['settle' | 'prove' | 'take_back']
/** True for what changes the proof of a share. */
export const isAboutMoney = (act: Act): act is MoneyAct =>
  act.kind === 'settle' || act.kind === 'prove' || act.kind === 'take_back'

const ORDER: readonly ActKind[] = [
  'take_back',
  'settle',
  'prove',
  'ask_receipt',
  'stop_asking',
  'clear',
  'anomaly',
  'end_withdrawal',
]

async function write<K extends ActKind>(trx: Knex, kind: K, acts: readonly Act[]): Promise<void> {
  const own = acts.filter((act): act is ByKind[K] => act.kind === kind)
  if (own.length > 0) await trx.raw(SQL[kind], [JSON.stringify(own)])
}

const given = (columns: string): string => `json_to_recordset(cast(? as json)) as g (${columns})`

/** SQL: the settlements of `gone`, which rows proved, stay among those that were taken off their dues. */
export const KEEP_GONE = `insert into withdrawn_settlement (share_id, due_id, reported_row_id, importo_cents, paid_on, settled_at)
  select share_id, due_id, reported_row_id, importo_cents, paid_on, created_at from gone`

const SQL: Record<ActKind, string> = {
  take_back: `with gone as (
      delete from settlement s using ${given('"shareId" uuid, "rowId" uuid')} where s.share_id = g."shareId" and s.reported_row_id = g."rowId"
      returning s.*)
    ${KEEP_GONE}`,
  settle: `insert into settlement as s (share_id, due_id, reported_row_id, importo_cents)
    select "shareId", "dueId", "rowId", cents from ${given('"shareId" uuid, "dueId" uuid, "rowId" uuid, cents bigint, "insteadOf" uuid')}
    on conflict (share_id) do update set reported_row_id = excluded.reported_row_id, importo_cents = excluded.importo_cents,
      paid_on = excluded.paid_on, created_at = now()
      where s.reported_row_id is not null and s.reported_row_id <> excluded.reported_row_id`,
  prove: `update settlement s set receipt_id = g."receiptId", reported_row_id = null, importo_cents = g.cents
    from ${given('"shareId" uuid, "receiptId" uuid, cents bigint, "insteadOf" uuid')}
    where s.share_id = g."shareId" and s.reported_row_id = g."insteadOf"`,
  ask_receipt: `update reported_row r set asked = g.every, ask_at = now() from ${given('"rowId" uuid, every text')}
    where r.id = g."rowId" and r.asked is distinct from g.every`,
  stop_asking: `update reported_row r set asked = 'once', ask_at = null from ${given('"rowId" uuid')} where r.id = g."rowId"`,
  clear: `update anomaly a set state = 'closed', resolution = 'settled', unplaced_cents = 0, closed_at = now()
    from ${given('"rowId" uuid, anomaly text')}
    where a.reported_row_id = g."rowId" and a.kind = 'reported_' || g.anomaly and a.closed_at is null`,
  end_withdrawal: `update anomaly a set state = 'closed', resolution = 'settled', unplaced_cents = 0, closed_at = now()
    from ${given('"rowId" uuid')} join withdrawn_settlement w on w.reported_row_id = g."rowId" where a.id = w.anomaly_id and a.state = 'open'`,
  // A due of another ente, in which this one is a beneficiary, would take the anomaly there.
  anomaly: `insert into anomaly (kind, reported_row_id, due_id, unplaced_cents)
    select 'reported_' || g.anomaly, g."rowId", (
      select d.id from due d join ente e on e.id = d.ente_id join reported_row r on r.domain = e.codice_fiscale
      where d.id = g."dueId" and r.id = g."rowId"), g.cents
    from ${given('"rowId" uuid, anomaly text, "dueId" uuid, cents bigint')}
    on conflict (kind, reported_row_id) where reported_row_id is not null and closed_at is null
    do update set unplaced_cents = excluded.unplaced_cents, due_id = excluded.due_id`,
}

/** SQL conditions: a share of due `d` has its money, and one has not. */
const SOME = `exists (select from settlement p where p.due_id = d.id)`
const LACKING = `exists (select from due_share s where s.due_id = d.id and not exists (select from settlement p where p.share_id = s.id))`
const IS_HELD = `exists (select from cart_item i where i.due_id = d.id and i.live)`

/** Gives dues the state that their shares have: paid with all of their money, payable without any, and held for a person in between. */
export async function closeDues(trx: Knex, ids: readonly string[]): Promise<void> {
  const move = (to: string, from: string, when: string) =>
    trx.raw(
      `update due d set state = '${to}', changed_at = now() where d.id = any (?) and d.state in (${from}) and not ${IS_HELD} and ${when}`,
      [[...ids]],
    )
  await move('paid', `'payable', 'paying'`, `not ${LACKING}`)
  await move('payable', `'paid'`, LACKING)
  await move('payable', `'paying'`, `not ${SOME}`)
  await move('paying', `'payable'`, `${SOME} and ${LACKING}`)
  await trx.raw(
    `insert into anomaly (kind, due_id) select 'partial_shares', d.id from due d
     where d.id = any (?) and d.state = 'paying' and not ${IS_HELD} and ${SOME} and ${LACKING} on conflict do nothing`,
    [[...ids]],
  )
  await trx.raw(
    `update anomaly a set state = 'closed', resolution = 'settled', closed_at = now() from due d
     where d.id = any (?) and a.due_id = d.id and a.kind = 'partial_shares' and a.closed_at is null and not (${SOME} and ${LACKING})`,
    [[...ids]],
  )
}
