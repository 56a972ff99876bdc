import type { Knex } from 'knex'
import type { ApprovalState } from '../domain/states.ts'
import { ACCOUNT_ACT } from './account-change.ts'
import { endApproval, findApproval, type Approval, type ApprovalKind } from './approval.ts'
import type { Post } from './change-mail.ts'
import type { Author } from './configuration.ts'

/** How a request ended, for its event and its mails. */
export interface Ending {
  state: Exclude<ApprovalState, 'waiting'>
  /** Nobody, when its time passed. */
  by: Author | undefined
  post: Post
}

/** What a kind of request does. All of it runs in one transaction with the end of the request. */
export interface Act {
  /** Locks what the request is about, before the request itself, as whoever changes that thing directly does. */
  lock(trx: Knex, approval: Approval): Promise<void>
  /** Whether the thing still is as it was when the request was made. */
  isCurrent(trx: Knex, approval: Approval): Promise<boolean>
  perform(trx: Knex, approval: Approval): Promise<void>
  /** Writes the step into the register and tells whom it concerns. */
  note(trx: Knex, approval: Approval, ending: Ending): Promise<void>
}

const ACTS: Record<ApprovalKind, Act> = { account: ACCOUNT_ACT }

/**
 * Ends a request that needs a second person: does what it asks for when somebody else approves it or its time has passed, and nothing
 * when it is withdrawn or its thing has changed. Returns the state it ended in, which is another's when somebody was faster. Safe to
 * repeat: a request ends once.
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
