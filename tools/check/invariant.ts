/** A query that must find nothing. Its only column, `what`, describes a violation by keys, never by a person's data. */
export interface Statement {
  sql: string
  /** Set when the query needs the facts of the simulator; without a simulator it is skipped. */
  outside?: true
}

/** Statements may use `:grace`, the seconds that an effect may still be on its way. */
export interface Invariant {
  id: string
  name: string
  statements: readonly Statement[]
}

export interface Finding {
  id: string
  name: string
  violations: string[]
}
