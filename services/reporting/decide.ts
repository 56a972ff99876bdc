import type { Knex } from 'knex'
import { lockDues } from '../../db/due/lock.ts'
import { noteEvent, signedBy, type Actor } from '../../db/journal/event.ts'
import {
  askNow,
  endDecision,
  insertDecision,
  iuvOfDue,
  lockRecipient,
  rowToDecide,
  settleByRow,
  unsettleByIuv,
  type DecidedRow,
} from '../../db/reporting/decision.ts'
import { closeDues } from '../../db/reporting/judged.ts'
import { beginJudging } from '../../db/reporting/to-judge.ts'
import { mayLink } from '../../domain/reporting/decision.ts'
import type { Decision } from '../../domain/reporting/iuv-facts.ts'
import { reconcileIuvs } from './reconcile.ts'

/** Who decides about which row, and the class that the page showed. */
interface Decider {
  enteId: string
  rowId: string
  seen: string
  by: Actor
}

export interface Deciding extends Decider {
  kind: Decision['kind']
  reason: string
  /** The IUV of the due that gets the money, for `linked`. */
  dueIuv: string
}

/**
 * - `stale`: the row is another than the person saw, or is decided about already.
 * - `no_due`: no due of the ente has the number.
 * - `not_recipient`: the due cannot get the money.
 */
export type DecidedHow = 'done' | 'stale' | 'no_due' | 'not_recipient'

/** Stores what a person decides about a reported payment, with its event, and judges the row again. */
export const decide = (db: Knex, given: Deciding): Promise<DecidedHow> =>
  db.transaction(async (trx) => {
    const { enteId, kind, reason, by } = given
    const row = await rowAsSeen(trx, given)
    if (!row?.isCurrent || row.decisionId !== null) return 'stale'
    const linked = kind === 'linked' ? await link(trx, enteId, row, given.dueIuv) : { dueId: null }
    if ('how' in linked) return linked.how
    const { dueId } = linked
    await insertDecision(trx, { enteId, row, kind, dueId, reason, by })
    await note(trx, row.id, by, { decision: kind, reason, ...(dueId === null ? {} : { dueId }) })
    await judgeAgain(trx, enteId, row.iuv, dueId)
    return 'done'
  })

/** Ends the decision about a row. A due that had its money goes back to what it was. */
export const takeBack = (db: Knex, given: Decider): Promise<'done' | 'stale'> =>
  db.transaction(async (trx) => {
    const { enteId, by } = given
    const row = await rowAsSeen(trx, given)
    const ended = row?.decisionId ? await endDecision(trx, row.decisionId, by) : undefined
    if (!row || !ended) return 'stale'
    if (ended.dueId !== null) {
      await lockDues(trx, [ended.dueId])
      await unsettleByIuv(trx, ended.dueId, ended.iuv)
      await closeDues(trx, [ended.dueId])
    }
    await note(trx, row.id, by, { decision: ended.kind, step: 'taken_back' })
    await judgeAgain(trx, enteId, row.iuv, ended.dueId)
    return 'done'
  })

/** Asks for the receipt of a row anew; the next look for receipts does it. */
export const askReceiptOf = (db: Knex, given: Decider): Promise<'done' | 'stale'> =>
  db.transaction(async (trx) => {
    const row = await rowAsSeen(trx, given)
    if (!row?.isCurrent) return 'stale'
    await askNow(trx, row.id)
    await note(trx, row.id, given.by, { step: 'asked' })
    return 'done'
  })

async function rowAsSeen(trx: Knex, { enteId, rowId, seen }: Decider): Promise<DecidedRow | undefined> {
  await beginJudging(trx, enteId)
  const row = await rowToDecide(trx, enteId, rowId)
  return row?.class === seen ? row : undefined
}

type Linked = { dueId: string } | { how: 'no_due' | 'not_recipient' }

async function link(trx: Knex, enteId: string, row: DecidedRow, iuv: string): Promise<Linked> {
  if (!mayLink(row)) return { how: 'not_recipient' }
  const due = await lockRecipient(trx, enteId, iuv)
  if (!due) return { how: 'no_due' }
  if (!due.isPayable || due.importoCents !== row.importoCents || row.isSettling)
    return { how: 'not_recipient' }
  await settleByRow(trx, due.id, row.id)
  await closeDues(trx, [due.id])
  return { dueId: due.id }
}

async function judgeAgain(trx: Knex, enteId: string, iuv: string, dueId: string | null): Promise<void> {
  const other = dueId === null ? null : await iuvOfDue(trx, dueId)
  await reconcileIuvs(trx, enteId, [...new Set([iuv, ...(other === null ? [] : [other])])])
}

const note = (trx: Knex, rowId: string, by: Actor, data: Record<string, unknown>): Promise<number> =>
  noteEvent(trx, {
    entity: 'reported_row',
    entityId: rowId,
    kind: 'decided',
    data: { ...signedBy(by), ...data },
  })
