/** One statement that must find nothing; its only column `what` names what it found, by keys, never by person. */
export interface Statement {
  sql: string
  /** Compares with the outside world: left out where there is no simulator to ask. */
  outside?: true
}

/** Statements may use `:grace`, the seconds that something may still be on its way. */
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
