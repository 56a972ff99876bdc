/**
 * Allowed moves, one table per thing. The database holds the same rows in `state_move` and refuses any other move;
 * docs/states.md is drawn from here. `null` in a from column of an event means the row was born in that state.
 */
export const CART_MOVES = {
  /** The citizen (or the ente's software) may still change it; locks nothing. */
  open: ['requested', 'expired', 'cancelled'],
  /** `begin` has committed: only the outcome of every attempt ends it, neither a timer nor a cancel. */
  requested: ['paid', 'partially_paid', 'not_paid', 'timed_out'],
  paid: [],
  // A real receipt may overtake a negative or forced outcome: money that moved always wins.
  partially_paid: ['paid'],
  not_paid: ['paid', 'partially_paid'],
  timed_out: ['paid', 'partially_paid'],
  /** An ente's cart nobody continued; a citizen's cart left alone. */
  expired: ['archived'],
  archived: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>

export const ATTEMPT_MOVES = {
  /** Made by `begin`, not yet known to be at the node: not sent, or sent and the answer lost. */
  created: ['sent', 'paid', 'partially_paid', 'not_paid', 'timed_out'],
  sent: ['paid', 'partially_paid', 'not_paid', 'timed_out'],
  paid: [],
  partially_paid: [],
  not_paid: ['paid', 'partially_paid'],
  timed_out: ['paid', 'partially_paid'],
} as const satisfies Record<string, readonly string[]>

export const DUE_MOVES = {
  payable: ['paying', 'paid', 'cancelled'],
  paying: ['paid', 'payable'],
  paid: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>

export const EMAIL_MOVES = {
  pending: ['sent', 'failed'],
  sent: [],
  /** Refused for good, or handed over twice without an answer; support may ask again. */
  failed: ['pending'],
} as const satisfies Record<string, readonly string[]>

export const ENTE_MOVES = {
  INSERITO: ['PRE-ESERCIZIO'],
  'PRE-ESERCIZIO': ['ESERCIZIO', 'INSERITO'],
  ESERCIZIO: ['PRE-ESERCIZIO'],
} as const satisfies Record<string, readonly string[]>

/** A file of dues, from its upload on. */
export const FLOW_MOVES = {
  /** Stored whole; waits for its turn: an ente loads one file at a time. */
  queued: ['loading', 'refused', 'stopped'],
  loading: ['paused', 'writing', 'refused', 'stopped'],
  /** By an operator; keeps no other file waiting. */
  paused: ['queued', 'stopped'],
  /** Every row is decided; the outcome files and the notices are being written. */
  writing: ['loaded', 'paused', 'refused', 'stopped'],
  loaded: ['writing', 'cancelling'],
  /** Refused as a whole: nothing of it was loaded, or nothing more will be. */
  refused: ['cancelling'],
  /** Interrupted by an operator who cancels it. */
  stopped: ['cancelling'],
  cancelling: ['cancelled'],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>

/** An export that somebody booked. */
export const EXPORT_MOVES = {
  queued: ['running', 'failed'],
  running: ['ready', 'failed'],
  /** Its file can be downloaded. */
  ready: ['deleted'],
  failed: ['queued'],
  /** Its file was kept for its days and is gone. */
  deleted: [],
} as const satisfies Record<string, readonly string[]>

/** A request that needs a second person. */
export const APPROVAL_MOVES = {
  waiting: ['approved', 'elapsed', 'withdrawn', 'overtaken'],
  /** By somebody else than who asked. */
  approved: [],
  /** Nobody decided in its time: it happened by itself. */
  elapsed: [],
  withdrawn: [],
  /** What it was about was changed meanwhile: nothing happened. */
  overtaken: [],
} as const satisfies Record<string, readonly string[]>

export const MOVES = {
  cart: CART_MOVES,
  attempt: ATTEMPT_MOVES,
  due: DUE_MOVES,
  email: EMAIL_MOVES,
  ente: ENTE_MOVES,
  flow: FLOW_MOVES,
  export: EXPORT_MOVES,
  approval: APPROVAL_MOVES,
} as const satisfies Record<string, Record<string, readonly string[]>>

export type Entity = keyof typeof MOVES
export type CartState = keyof typeof CART_MOVES
export type AttemptState = keyof typeof ATTEMPT_MOVES
export type DueState = keyof typeof DUE_MOVES
export type EmailState = keyof typeof EMAIL_MOVES
export type EnteState = keyof typeof ENTE_MOVES
export type FlowState = keyof typeof FLOW_MOVES
export type ExportState = keyof typeof EXPORT_MOVES
export type ApprovalState = keyof typeof APPROVAL_MOVES

export function canMove(entity: Entity, from: string, to: string): boolean {
  const table: Record<string, readonly string[]> = MOVES[entity]
  return table[from]?.includes(to) ?? false
}

/** Every (entity, from, to) of the tables, as the database keeps them. */
export function allMoves(): { entity: Entity; from: string; to: string }[] {
  return (Object.keys(MOVES) as Entity[]).flatMap((entity) =>
    Object.entries<readonly string[]>(MOVES[entity]).flatMap(([from, targets]) =>
      targets.map((to) => ({ entity, from, to })),
    ),
  )
}

/** An attempt whose outcome is not known yet: it is chased. */
export const OPEN_ATTEMPT_STATES: readonly AttemptState[] = ['created', 'sent']
export const isOpenAttempt = (state: AttemptState): boolean => OPEN_ATTEMPT_STATES.includes(state)

/** What the old platform's files and web services call these states (docs/field/payments.md#old-names). */
export const CART_STATE_CODES = {
  open: 'PREDISPOSTO',
  requested: 'PAGAM_IN_CORSO',
  paid: 'PAGATO',
  partially_paid: 'PARZ_PAGATO',
  not_paid: 'NON_PAGATO',
  timed_out: 'DECORR_TERM',
  expired: 'SCADUTO',
  archived: 'SCADUTO_ELABORATO',
  cancelled: 'ABORT',
} as const satisfies Record<CartState, string>
