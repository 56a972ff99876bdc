import type { Knex } from 'knex'

/** One message in or out, bytes as they were on the wire (the node's "giornale degli eventi"). */
export interface JournalEntry {
  direction: 'in' | 'out'
  operation: string
  cartId: string | null
  domain: string | null
  iuv: string | null
  ccp: string | null
  /** OK, the fault's code, or what went wrong on the way. */
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
      ccp: e.ccp,
      outcome: e.outcome,
      http_status: e.httpStatus,
      duration_ms: e.durationMs,
      request: e.request && Buffer.from(e.request),
      response: e.response && Buffer.from(e.response),
    })),
  )
}

export interface JournalLine extends JournalEntry {
  id: string
  at: string
}

const LINE_COLUMNS = {
  id: 'id',
  at: 'at',
  direction: 'direction',
  operation: 'operation',
  cartId: 'cart_id',
  domain: 'domain',
  iuv: 'iuv',
  ccp: 'ccp',
  outcome: 'outcome',
  httpStatus: 'http_status',
  durationMs: 'duration_ms',
  request: 'request',
  response: 'response',
}

/** Messages about a cart, oldest first, at most 200. */
export async function journalOfCart(db: Knex, cartId: string): Promise<JournalLine[]> {
  const keys = db('rpt').select('iuv').where({ cart_id: cartId })
  return db('journal')
    .select(LINE_COLUMNS)
    .where({ cart_id: cartId })
    .orWhereIn('iuv', keys)
    .orderBy('at')
    .limit(200) as unknown as Promise<JournalLine[]>
}
