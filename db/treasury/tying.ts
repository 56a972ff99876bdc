import type { Knex } from 'knex'
import type { ClassRule } from '../../domain/treasury/classes.ts'
import type { Decision, Target, Tie, TieCredit } from '../../domain/treasury/tie-facts.ts'
import { rowsOf, valuesOf } from '../ground/rows.ts'
import { COUNTS } from './counts.ts'
import { PLAIN_ID } from './who.ts'

/** SQL: the id of a target among the facts of ties. */
const FLOW_TARGET = `'flow|' || f.domain || '|' || f.flow_id || '|' || f.psp_id`
const TIE_TARGET = `coalesce('payment|' || t.iuv, 'flow|' || t.domain || '|' || t.flow_id || '|' || t.psp_id)`

/**
 * Marks the credits to be tied again that newly stored flows may explain, and those that are tied to an older revision of one. True when there
 * are more flows.
 */
export async function noticeFlows(trx: Knex, enteId: string, limit: number): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `update reporting_flow set needs_tie = false
     where id in (select id from reporting_flow where ente_id = ? and needs_tie and state = 'stored' limit ?) returning id`,
    [enteId, limit],
  )
  if (rows.length === 0) return false
  await trx.raw(
    `update treasury_credit c set needs_tie = true
     from reporting_flow f, treasury_movement m
     where c.ente_id = :enteId and m.id = c.movement_id and f.id = any (:ids::uuid[]) and not c.needs_tie and ${COUNTS} and (
       position(${PLAIN_ID} in m.plain) > 0
       or exists (select from treasury_tie t where t.credit_id = c.id and (t.domain, t.flow_id, t.psp_id) = (f.domain, f.flow_id, f.psp_id))
       or c.rule is distinct from 'tied' and (f.regulation in (m.trn, m.end_to_end_id)
         or c.booked_on between coalesce(f.regulated_on, f.flow_at::date) - ${NEAR_DAYS} and coalesce(f.regulated_on, f.flow_at::date) + ${NEAR_DAYS}))`,
    { enteId, ids: rows.map(({ id }) => id) },
  )
  return rows.length === limit
}

/** Days around its own within which a flow may be what a credit nearly says. */
export const NEAR_DAYS = 10

/** Drops what ties credits that do not count any more. What a person decided goes with them. */
export async function dropUncounted(trx: Knex, enteId: string): Promise<void> {
  await trx.raw(
    `update treasury_tie t set state = 'dropped', decided_at = null, decided_by = null
     from treasury_credit c where c.id = t.credit_id and c.ente_id = ? and c.needs_tie and not (${COUNTS}) and t.state <> 'dropped'`,
    [enteId],
  )
  // What shared a flow with them is looked at again.
  await trx.raw(
    `update treasury_credit o set needs_tie = true from treasury_credit c
     join treasury_tie t on t.credit_id = c.id join treasury_tie s on (s.domain, s.flow_id, s.psp_id) = (t.domain, t.flow_id, t.psp_id)
     where c.ente_id = ? and c.needs_tie and not (${COUNTS}) and o.id = s.credit_id and o.id <> c.id and not o.needs_tie`,
    [enteId],
  )
  await trx.raw(
    `update treasury_credit c set needs_tie = false, rule = null, is_contradicted = false
     where c.ente_id = ? and c.needs_tie and not (${COUNTS})`,
    [enteId],
  )
}

/** Ids of credits that are to be tied, the oldest first. */
export const waitingCredits = (trx: Knex, enteId: string, limit: number): Promise<string[]> =>
  valuesOf(
    trx('treasury_credit')
      .where({ ente_id: enteId, needs_tie: true })
      .orderBy(['booked_on', 'id'])
      .limit(limit)
      .pluck('id'),
  )

export interface FactCredit extends TieCredit {
  plain: string
}

/** These credits, those of them that count. */
export const factCredits = (trx: Knex, ids: readonly string[]): Promise<FactCredit[]> =>
  rowsOf<FactCredit>(
    trx('treasury_credit as c')
      .join('treasury_movement as m', 'm.id', 'c.movement_id')
      .select({
        id: 'c.id',
        cents: 'c.cents',
        bookedOn: 'c.booked_on',
        text: 'm.text',
        plain: 'm.plain',
        trn: 'm.trn',
        endToEndId: 'm.end_to_end_id',
      })
      .whereIn('c.id', [...ids])
      .whereRaw(COUNTS),
  )

/** A flow as a target, with the day on which it was made when it does not name that of its transfer. */
export interface FlowTarget extends Target {
  madeOn: string
}

/** All current flows of an ente, as targets. */
export async function flowTargets(trx: Knex, enteId: string): Promise<FlowTarget[]> {
  const { rows } = await trx.raw<{ rows: FlowTarget[] }>(
    `select 'flow' as kind, ${FLOW_TARGET} as id, f.flow_id as "writtenAs", coalesce(f.declared_cents, f.rows_cents) as cents,
       f.rows_cents as "rowsCents", f.regulation, f.regulated_on as "regulatedOn",
       coalesce(f.regulated_on, (f.flow_at at time zone 'Europe/Rome')::date) as "madeOn"
     from reporting_flow f where f.ente_id = ? and f.is_current`,
    [enteId],
  )
  return rows
}

/** The payments of an ente that have one of these IUVs, as targets. */
export async function paymentTargets(trx: Knex, enteId: string, iuvs: readonly string[]): Promise<Target[]> {
  if (iuvs.length === 0) return []
  const { rows } = await trx.raw<{ rows: Target[] }>(
    `select 'payment' as kind, 'payment|' || p.iuv as id, p.iuv as "writtenAs", max(p.cents)::bigint as cents, null as "rowsCents",
       null as regulation, null as "regulatedOn"
     from (select d.iuv, coalesce(r.total_cents, d.importo_cents) as cents from due d join ente e on e.id = d.ente_id
         left join receipt r on r.domain = e.codice_fiscale and r.iuv = d.iuv and r.settling
         where d.ente_id = :enteId and d.iuv = any (:iuvs)
       union all select r.iuv, r.total_cents from receipt r join ente e on e.codice_fiscale = r.domain
         where e.id = :enteId and r.settling and r.iuv = any (:iuvs)) p
     group by p.iuv`,
    { enteId, iuvs: [...iuvs] },
  )
  return rows
}

/** A tie that is stored, by the ids of its credit and its target. */
export interface StoredTie {
  creditId: string
  targetId: string
  state: string
}

/** What ties these credits, or is tied to these targets. */
export async function storedTies(
  trx: Knex,
  enteId: string,
  { credits, targets }: { credits: readonly string[]; targets: readonly string[] },
): Promise<StoredTie[]> {
  const flows = targets.filter((id) => id.startsWith('flow|')).map((id) => id.split('|'))
  const { rows } = await trx.raw<{ rows: StoredTie[] }>(
    `select t.credit_id as "creditId", ${TIE_TARGET} as "targetId", t.state
     from treasury_tie t join treasury_credit c on c.id = t.credit_id
     where c.ente_id = :enteId and t.state <> 'dropped' and (t.credit_id = any (:credits::uuid[])
       or t.flow_id is not null and (t.domain, t.flow_id, t.psp_id) in (
         select g.domain, g."flowId", g."pspId" from json_to_recordset(:flows) as g (domain text, "flowId" text, "pspId" text))
       or t.iuv = any (:iuvs::text[]))`,
    {
      enteId,
      credits: [...credits],
      flows: JSON.stringify(flows.map((parts) => flowOf(parts))),
      iuvs: targets.filter((id) => id.startsWith('payment|')).map((id) => id.slice('payment|'.length)),
    },
  )
  return rows
}

/** The parts of the id of a target that is a flow: a domain and a PSP have no bar in them, and the id of a flow may. */
const flowOf = (parts: readonly string[]) => ({
  domain: parts[1]!,
  flowId: parts.slice(2, -1).join('|'),
  pspId: parts.at(-1)!,
})

export const decisionsOf = (ties: readonly StoredTie[]): Decision[] =>
  ties.flatMap(({ creditId, targetId, state }) =>
    state === 'accepted' || state === 'refused' ? [{ creditId, targetId, is: state }] : [],
  )

/** What was found for a credit. */
export interface Found {
  creditId: string
  ties: readonly Tie[]
  rule: ClassRule
  isContradicted: boolean
}

const GIVEN = `json_to_recordset(:ties) as g ("creditId" uuid, domain text, "flowId" text, "pspId" text, iuv text, state text, score int,
  reason text)`
/** What a person has decided is never written over. */
const UNLESS_DECIDED = `do update set state = excluded.state, score = excluded.score, reason = excluded.reason
  where t.state in ('proposed', 'certain', 'dropped') and (t.state, t.score, t.reason) is distinct from (excluded.state, excluded.score, excluded.reason)`

/** Writes what ties credits: new ties, changed ones, and what does not hold any more. */
export async function writeTies(trx: Knex, found: readonly Found[]): Promise<void> {
  const ties = JSON.stringify(found.flatMap((one) => one.ties.map(tieRow)))
  const ids = found.map(({ creditId }) => creditId)
  await trx.raw(
    `update treasury_tie t set state = 'dropped' where t.credit_id = any (:ids::uuid[]) and t.state in ('proposed', 'certain')
       and not exists (select from ${GIVEN} where g."creditId" = t.credit_id and (g.domain, g."flowId", g."pspId", g.iuv) is not distinct from
         (t.domain, t.flow_id, t.psp_id, t.iuv))`,
    { ids, ties },
  )
  const insert = `insert into treasury_tie as t (credit_id, domain, flow_id, psp_id, iuv, state, score, reason)
    select g."creditId", g.domain, g."flowId", g."pspId", g.iuv, g.state, g.score, g.reason from ${GIVEN}`
  await trx.raw(
    `${insert} where g."flowId" is not null on conflict (credit_id, domain, flow_id, psp_id) where flow_id is not null ${UNLESS_DECIDED}`,
    { ties },
  )
  await trx.raw(
    `${insert} where g.iuv is not null on conflict (credit_id, iuv) where iuv is not null ${UNLESS_DECIDED}`,
    { ties },
  )
  await trx.raw(
    `update treasury_credit c set needs_tie = false, rule = g.rule, is_contradicted = g."isContradicted"
     from json_to_recordset(?) as g ("creditId" uuid, rule text, "isContradicted" boolean) where c.id = g."creditId"`,
    [JSON.stringify(found.map(({ creditId, rule, isContradicted }) => ({ creditId, rule, isContradicted })))],
  )
}

function tieRow({ creditId, targetId, isCertain, score, reason }: Tie) {
  const parts = targetId.split('|')
  const target = parts[0] === 'flow' ? flowOf(parts) : { iuv: targetId.slice('payment|'.length) }
  return { creditId, ...target, state: isCertain ? 'certain' : 'proposed', score, reason }
}
