import type { Knex } from 'knex'
import type { TreasuryTieState } from '../../domain/states.ts'
import { COUNTS, SURE } from './counts.ts'

/** A tie of a credit as it is shown: to a flow, or to a single payment. */
export interface ShownTie {
  id: string
  creditId: string
  state: TreasuryTieState
  score: number
  reason: string
  flowId: string | null
  pspId: string | null
  iuv: string | null
  /** The newest stored revision of the flow; null while none is stored. */
  reportingFlowId: string | null
  pspName: string | null
  declaredCents: number | null
  regulatedOn: string | null
  decidedAt: string | null
  decidedByName: string | null
}

/** A tie with its credit, as the page of a flow shows it. */
export interface FlowTie extends ShownTie {
  cents: number
  bookedOn: string
  valueOn: string
  sender: string
  year: number | null
  number: string | null
  bolletta: string | null
  /** Its credit brings other flows too. */
  isShared: boolean
}

const TIE = `t.id, t.credit_id as "creditId", t.state, t.score, t.reason, t.flow_id as "flowId", t.psp_id as "pspId", t.iuv,
  f.id as "reportingFlowId", f.psp_name as "pspName", coalesce(f.declared_cents, f.rows_cents) as "declaredCents",
  f.regulated_on as "regulatedOn", t.decided_at as "decidedAt", o.name as "decidedByName"`

const JOINS = `left join reporting_flow f on f.is_current and f.domain = t.domain and f.flow_id = t.flow_id and f.psp_id = t.psp_id
  left join operator o on o.id = t.decided_by`

/** What ties a credit, the surest first; what was dropped is left out. */
export async function tiesOf(db: Knex, creditId: string): Promise<ShownTie[]> {
  const { rows } = await db.raw<{ rows: ShownTie[] }>(
    `select ${TIE} from treasury_tie t ${JOINS} where t.credit_id = ? and t.state <> 'dropped' order by t.score desc, t.id limit 50`,
    [creditId],
  )
  return rows
}

/** The credits that are tied to a flow, in whichever revision. */
export async function creditsOfFlow(
  db: Knex,
  { enteId, flowId, pspId }: { enteId: string; flowId: string; pspId: string },
): Promise<FlowTie[]> {
  const { rows } = await db.raw<{ rows: FlowTie[] }>(
    `select ${TIE}, c.cents, c.booked_on as "bookedOn", m.value_on as "valueOn", m.sender, m.year, m.number, m.bolletta,
       exists (select from treasury_tie o where o.credit_id = c.id and o.id <> t.id and o.state in (${SURE})) as "isShared"
     from treasury_tie t join treasury_credit c on c.id = t.credit_id join treasury_movement m on m.id = c.movement_id ${JOINS}
     where c.ente_id = ? and t.flow_id = ? and t.psp_id = ? and t.state not in ('dropped', 'refused') and c.is_seen and c.twin_id is null
     order by c.booked_on, c.id limit 50`,
    [enteId, flowId, pspId],
  )
  return rows
}

/** What the bank credited of a flow. */
export interface FlowCredit {
  reportingFlowId: string
  /** Of ties that hold; those of proposals are not counted. */
  cents: number
  /** One of its credits brings other flows too. */
  isShared: boolean
}

/** Those of these flows that a credit ties or is proposed for. */
export async function creditsByFlow(db: Knex, ids: readonly string[]): Promise<FlowCredit[]> {
  const { rows } = await db.raw<{ rows: FlowCredit[] }>(
    `select f.id as "reportingFlowId", coalesce(sum(c.cents) filter (where t.state in (${SURE})), 0)::bigint as cents,
       coalesce(bool_or(t.state in (${SURE}) and exists (select from treasury_tie o where o.credit_id = c.id and o.id <> t.id
         and o.state in (${SURE}))), false) as "isShared"
     from reporting_flow f join treasury_tie t on (t.domain, t.flow_id, t.psp_id) = (f.domain, f.flow_id, f.psp_id)
     join treasury_credit c on c.id = t.credit_id and c.ente_id = f.ente_id
     where f.id = any (?::uuid[]) and t.state not in ('dropped', 'refused') and c.is_seen and c.twin_id is null group by f.id`,
    [[...ids]],
  )
  return rows
}

/** What a person has to decide, by the reason of the proposal. */
export interface ProposalGroup {
  reason: string
  /** Those among them that stand alone, so that they can be decided at once. */
  clear: number
  clearCents: number
  count: number
  cents: number
}

/** SQL: proposals that stand alone: their credit has no other, and no other credit is proposed for the same target. */
export const IS_CLEAR = `not exists (select from treasury_tie o where o.credit_id = t.credit_id and o.id <> t.id
    and o.state in ('proposed', ${SURE}))
  and not exists (select from treasury_tie o join treasury_credit oc on oc.id = o.credit_id where o.id <> t.id and oc.ente_id = c.ente_id
    and (o.domain, o.flow_id, o.psp_id) = (t.domain, t.flow_id, t.psp_id) and o.state = 'proposed' and oc.is_seen)`

/** SQL condition on `t` and `c`: a proposal that waits for a person. */
export const IS_WAITING = `t.state = 'proposed' and ${COUNTS}`

export async function proposalGroups(db: Knex, enteId: string): Promise<ProposalGroup[]> {
  const { rows } = await db.raw<{ rows: ProposalGroup[] }>(
    `select t.reason, count(*)::int as count, sum(c.cents)::bigint as cents,
       count(*) filter (where ${IS_CLEAR})::int as clear, coalesce(sum(c.cents) filter (where ${IS_CLEAR}), 0)::bigint as "clearCents"
     from treasury_tie t join treasury_credit c on c.id = t.credit_id where c.ente_id = ? and ${IS_WAITING}
     group by t.reason order by count(*) desc, t.reason`,
    [enteId],
  )
  return rows
}

/** True for an ente that has loaded a statement of its bank. */
export async function hasTreasury(db: Knex, enteId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from treasury_file where ente_id = ? and state = 'loaded' limit 1`,
    [enteId],
  )
  return rows.length > 0
}
