import type { Post } from '../mail/change-mail.ts'
import type { Actor } from '../journal/event.ts'

/** Things that administrators configure; each change is an event with who, from and to. */
export type Configured = 'ente' | 'ente_due_type' | 'operator'

export type ConfigRow = Readonly<Record<string, unknown>> & { id: string }

export interface Change {
  column: string
  from: unknown
  to: unknown
}

/** Who makes a change, and who is told of it. */
export interface Author extends Actor {
  /** Of the region. */
  isPlatform: boolean
  post: Post
}
