import type { Knex } from 'knex'
import type { ApprovalState } from '../../domain/states.ts'
import type { Approval } from './approval.ts'
import type { Post } from '../mail/change-mail.ts'
import type { Author } from './configured.ts'

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
