import type { Knex } from 'knex'
import type { ApprovalState } from '../../domain/states.ts'
import { ANOMALY_ACT } from '../anomaly/approved-act.ts'
import { ACCOUNT_ACT } from './account-change.ts'
import type { Act, Ending } from './act.ts'
import { endApproval, findApproval, type ApprovalKind } from './approval.ts'

const ACTS: Record<ApprovalKind, Act> = { account: ACCOUNT_ACT, anomaly: ANOMALY_ACT }

/**
 * Ends a request that needs a second person. Makes the change when another person approves it or its time has passed; makes no change
 * when it is withdrawn, or when its row has another value by now (`overtaken`). Returns the state of the request afterwards, which is
 * not `wanted` when somebody else ended it first or when it may not end that way yet. Safe to repeat, because a request ends only once.
 */
export async function settleApproval(
  db: Knex,
  {
    id,
    wanted,
    ...ending
  }: { id: string; wanted: 'approved' | 'elapsed' | 'withdrawn' } & Omit<Ending, 'state'>,
): Promise<ApprovalState> {
  return db.transaction(async (trx) => {
    const approval = (await findApproval(trx, id))!
    const act = ACTS[approval.kind]
    await act.lock(trx, approval)
    const isDone = wanted !== 'withdrawn' && (await act.isCurrent(trx, approval))
    const state = isDone || wanted === 'withdrawn' ? wanted : 'overtaken'
    if (!(await endApproval(trx, { id, state, by: ending.by }))) return (await findApproval(trx, id))!.state
    if (isDone) await act.perform(trx, approval)
    await act.note(trx, approval, { ...ending, state })
    return state
  })
}
