import type { Post } from '../mail/change-mail.ts'
import type { Actor } from '../journal/event.ts'

/** The tables whose rows administrators configure. Each change stores an event with its author, the old and the new value. */
export type Configured = 'ente' | 'ente_due_type' | 'operator'

export type ConfigRow = Readonly<Record<string, unknown>> & { id: string }

export interface Change {
  column: string
  from: unknown
  to: unknown
}

/** The person who makes a change, and where the mails about it go. */
export interface Author extends Actor {
  /** True for an administrator of the region. */
  isPlatform: boolean
  post: Post
}
