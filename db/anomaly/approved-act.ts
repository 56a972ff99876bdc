import type { Knex } from 'knex'
import { actsFor, mayReceive, type ApprovedAct } from '../../domain/anomaly/acts.ts'
import type { Act } from '../ente/act.ts'
import { askApproval, type Approval } from '../ente/approval.ts'
import type { Actor } from '../journal/event.ts'
import { findAnomaly, findRecipient, type Anomaly } from './anomalies.ts'
import { tellApprovers } from './tell.ts'
import { closeAnomaly, giveMoney, lockAnomaly, markToReturn, noteAct, takeMoneyOff } from './work.ts'

/** What a request about an anomaly asks for, as the table of approvals stores it. */
export interface AskedAct {
  act: ApprovedAct
  /** The due that gets the money; null for any other act than `give`. */
  dueId: string | null
  reason: string
}

/** The name of what such a request changes. One value for all acts, so that one request waits for each anomaly. */
const TARGET = 'act'

// Only `askAct` writes these rows.
export const askedIn = ({ to }: Approval): AskedAct => to as AskedAct

export type AskedHow = 'asked' | 'stale'

/**
 * Stores a request for an act that needs a second person, with the mails to those who may approve it. `stale`: the anomaly does not offer that act any more, or a request waits for it
 * already.
 */
export async function askAct(
  db: Knex,
  { id, by, mailHost, ...asked }: AskedAct & { id: string; by: Actor; mailHost: string },
): Promise<AskedHow> {
  return db.transaction(async (trx) => {
    const anomaly = await lockAnomaly(trx, { id, dueId: asked.dueId })
    if (!anomaly || anomaly.isAsked || !(await isPossible(trx, anomaly, asked))) return 'stale'
    await askApproval(trx, {
      kind: 'anomaly',
      enteId: anomaly.ente?.id ?? null,
      entity: 'anomaly',
      entityId: id,
      target: TARGET,
      from: null,
      to: asked,
      by,
      waitsHours: null,
    })
    const eventId = await noteAct(trx, id, { act: asked.act, step: 'asked', by, data: detailsOf(asked) })
    await tellApprovers(trx, { eventId, anomalyId: id, askedBy: by.id, mailHost })
    return 'asked'
  })
}

/** True when the locked anomaly offers the act, and its money fits the due that is to get it. */
async function isPossible(trx: Knex, anomaly: Anomaly, { act, dueId }: AskedAct): Promise<boolean> {
  if (!actsFor(anomaly).includes(act)) return false
  if (act !== 'give') return true
  const due = dueId === null ? undefined : await findRecipient(trx, { anomalyId: anomaly.id, dueId })
  return due !== undefined && mayReceive(due, anomaly.unplacedCents)
}

const detailsOf = ({ dueId, reason }: AskedAct) => ({ reason, ...(dueId === null ? {} : { dueId }) })

/** The anomaly of a request, which `lock` has locked. Rows of anomalies are never deleted. */
const anomalyOf = async (trx: Knex, { entityId }: Approval): Promise<Anomaly> =>
  (await findAnomaly(trx, null, entityId))!

type Perform = (trx: Knex, anomaly: Anomaly, asked: AskedAct, by: Actor) => Promise<void>

const PERFORM: Record<ApprovedAct, Perform> = {
  give: async (trx, anomaly, { dueId, reason }, by) => {
    await giveMoney(trx, anomaly, dueId!)
    await closeAnomaly(trx, anomaly.id, { resolution: 'given', by, reason })
  },
  return: (trx, { id }, { reason }) => markToReturn(trx, id, reason),
  make_payable: async (trx, { id, dueId }, { reason }, by) => {
    await takeMoneyOff(trx, dueId!)
    await closeAnomaly(trx, id, { resolution: 'made_payable', by, reason })
  },
}

/** What a request about an anomaly does when a second person approves it. It never takes effect by itself. */
export const ANOMALY_ACT: Act = {
  lock: async (trx, approval) => {
    await lockAnomaly(trx, { id: approval.entityId, dueId: askedIn(approval).dueId })
  },
  isCurrent: async (trx, approval) => isPossible(trx, await anomalyOf(trx, approval), askedIn(approval)),
  // The person who asked has decided; the second person only agrees.
  perform: async (trx, approval) => {
    const asked = askedIn(approval)
    await PERFORM[asked.act](trx, await anomalyOf(trx, approval), asked, {
      id: approval.askedBy,
      name: approval.askedByName,
    })
  },
  note: async (trx, approval, { state, by }) => {
    const asked = askedIn(approval)
    const { askedBy, askedByName } = approval
    await noteAct(trx, approval.entityId, {
      act: asked.act,
      step: state,
      by: by!,
      data: { ...detailsOf(asked), askedBy, askedByName },
    })
  },
}
