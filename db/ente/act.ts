import type { Knex } from 'knex'
import type { ApprovalState } from '../../domain/states.ts'
import type { Approval } from './approval.ts'
import type { Post } from '../mail/change-mail.ts'
import type { Author } from './configured.ts'

/** How a request for approval ended, for its event and its mails. */
export interface Ending {
  state: Exclude<ApprovalState, 'waiting'>
  /** Undefined when the request ended because its time passed. */
  by: Author | undefined
  post: Post
}

/** The steps of a kind of request. All of them run in the transaction that ends the request. */
export interface Act {
  /** Locks the row that the request changes. It comes before the request, because a direct change of that row locks it first too. */
  lock(trx: Knex, approval: Approval): Promise<void>
  /** True when the row still has the value from which the request was to change it. */
  isCurrent(trx: Knex, approval: Approval): Promise<boolean>
  perform(trx: Knex, approval: Approval): Promise<void>
  /** Stores the event of the step and the mails about it. */
  note(trx: Knex, approval: Approval, ending: Ending): Promise<void>
}
