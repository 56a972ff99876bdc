import type { Knex } from 'knex'

/** One message that came in or went out, with its exact bytes. The journal is the "giornale degli eventi" that the node requires. */
export interface JournalEntry {
  direction: 'in' | 'out'
  operation: string
  cartId: string | null
  domain: string | null
  iuv: string | null
  attemptCode: string | null
  /** `OK`, the code of a fault, or the code of what failed on the way. */
  outcome: string
  httpStatus: number | null
  durationMs: number | null
  request: Uint8Array | null
  response: Uint8Array | null
}

export async function writeJournal(db: Knex, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.length === 0) return
  await db('journal').insert(
    entries.map((e) => ({
      direction: e.direction,
      operation: e.operation,
      cart_id: e.cartId,
      domain: e.domain,
      iuv: e.iuv,
      attempt_code: e.attemptCode,
      outcome: e.outcome,
      http_status: e.httpStatus,
      duration_ms: e.durationMs,
      request: e.request && Buffer.from(e.request),
      response: e.response && Buffer.from(e.response),
    })),
  )
}
