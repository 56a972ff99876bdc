import { keysOf } from './table.ts'

/**
 * Allowed moves, one table per entity. The database has the same rows in `state_move` and refuses any other move;
 * docs/states.md is generated from here. `null` in the from column of an event means that the row was created in that
 * state.
 */
export const CART_MOVES = {
  /** The citizen (or the ente's software) may still change it. It locks nothing. */
  open: ['requested', 'expired', 'cancelled'],
  /** `begin` has committed. Only the outcome of every attempt ends it, never a timer or a cancel. */
  requested: ['paid', 'partially_paid', 'not_paid', 'timed_out'],
  paid: [],
  // A real receipt may replace a negative or forced outcome, because money that moved always wins.
  partially_paid: ['paid'],
  not_paid: ['paid', 'partially_paid'],
  timed_out: ['paid', 'partially_paid'],
  /** A cart of an ente that nobody continued, or a cart of a citizen that was left alone. */
  expired: ['archived'],
  archived: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>

export const ATTEMPT_MOVES = {
  /** Made by `begin`. The node may not have it: it was not sent, or it was sent and the answer was lost. */
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
  // Only where a reported row alone had paid it, and a newer revision of its flow takes the row away.
  paid: ['payable'],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>

export const EMAIL_MOVES = {
  pending: ['sent', 'failed', 'dropped'],
  /** A person may ask for a receipt again. */
  sent: ['pending'],
  /** Refused for good, or given to the mail server twice without an answer. Support may send it again. */
  failed: ['pending'],
  /** A notice that was not to be sent any more when its turn came. */
  dropped: [],
} as const satisfies Record<string, readonly string[]>

export const ENTE_MOVES = {
  INSERITO: ['PRE-ESERCIZIO'],
  'PRE-ESERCIZIO': ['ESERCIZIO', 'INSERITO'],
  ESERCIZIO: ['PRE-ESERCIZIO'],
} as const satisfies Record<string, readonly string[]>

/** A file of dues, from its upload on. */
export const FLOW_MOVES = {
  /** Stored completely. It waits for its turn, because an ente loads one file at a time. */
  queued: ['loading', 'refused', 'stopped'],
  loading: ['paused', 'writing', 'checked', 'refused', 'stopped'],
  /** Held by an operator. Other files of the ente need not wait for it. */
  paused: ['queued', 'stopped'],
  /** Every row is decided; the outcome files and the notices are being written. */
  writing: ['loaded', 'paused', 'refused', 'stopped'],
  loaded: ['writing', 'cancelling'],
  /** Every row of a file that is only checked is decided; no due was written. */
  checked: [],
  /** Refused as a whole: nothing of it was loaded, or nothing more will be. */
  refused: ['cancelling'],
  /** Interrupted by an operator who cancels it. */
  stopped: ['cancelling'],
  cancelling: ['cancelled'],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>

/** A file that an operator sent and that is no flow yet, because something of it is asked or must be confirmed. */
export const DRAFT_MOVES = {
  /** A spreadsheet that is being turned into the documented form. */
  converting: ['waiting', 'refused', 'discarded'],
  /** Its operator reads the preview, or is asked for IUF and version. It holds up no other file. */
  waiting: ['taken', 'discarded', 'expired'],
  /** It is a flow now. */
  taken: [],
  /** It cannot be converted; its page says why. */
  refused: [],
  /** Given up by its operator. */
  discarded: [],
  /** Nobody confirmed it in time. */
  expired: [],
} as const satisfies Record<string, readonly string[]>

/** An export that somebody requested. */
export const EXPORT_MOVES = {
  queued: ['running', 'failed'],
  running: ['ready', 'failed'],
  /** Its file can be downloaded. */
  ready: ['deleted'],
  failed: ['queued'],
  /** Its file was kept for its days and then deleted. */
  deleted: [],
} as const satisfies Record<string, readonly string[]>

/** A request that needs a second person. */
export const APPROVAL_MOVES = {
  waiting: ['approved', 'elapsed', 'withdrawn', 'overtaken'],
  /** Approved by a person other than the requester. */
  approved: [],
  /** Nobody decided in time, so it took effect by itself. */
  elapsed: [],
  withdrawn: [],
  /** Its subject was changed meanwhile, so nothing happened. */
  overtaken: [],
} as const satisfies Record<string, readonly string[]>

/** Something about a payment that a person must look at. */
export const ANOMALY_MOVES = {
  open: ['to_return', 'closed'],
  /** Its money goes back to the person who paid it, and nobody has noted the transfer yet. */
  to_return: ['open', 'closed'],
  closed: [],
} as const satisfies Record<string, readonly string[]>

/** An act on many dues at once. */
export const BULK_ACT_MOVES = {
  queued: ['running', 'stopping', 'failed'],
  /** Its dues get their turn one after the other. */
  running: ['done', 'stopping', 'failed'],
  /** A person stopped it: no due gets its turn any more, and what is done is put into its file. */
  stopping: ['stopped', 'failed'],
  done: [],
  stopped: [],
  /** An error that no retry could mend. */
  failed: [],
} as const satisfies Record<string, readonly string[]>

/** A reporting flow of pagoPA, one revision of it. */
export const REPORTING_FLOW_MOVES = {
  /** Known from the list of pagoPA; its payments are being asked for. */
  listed: ['stored', 'gone'],
  /** Header and every page are here. */
  stored: [],
  /** pagoPA listed it and gives it no more: a newer revision took its place before it was fetched. */
  gone: [],
} as const satisfies Record<string, readonly string[]>

/** The statement of a bank, from its upload on. */
export const TREASURY_FILE_MOVES = {
  /** Stored; its movements are being read. */
  reading: ['loaded', 'asking', 'refused'],
  /** Its columns are to be named by a person. */
  asking: ['reading', 'withdrawn'],
  /** Its movements count. */
  loaded: ['withdrawn'],
  /** It cannot be read; its page says why. */
  refused: [],
  /** Taken back by a person, with the ties it made. */
  withdrawn: [],
} as const satisfies Record<string, readonly string[]>

/** What ties a credit of the bank to a reporting flow or to a single payment. */
export const TREASURY_TIE_MOVES = {
  /** Something speaks for it; a person decides. */
  proposed: ['certain', 'accepted', 'refused', 'dropped'],
  /** A whole id and equal cents. */
  certain: ['proposed', 'refused', 'dropped'],
  /** A person said that it is so. */
  accepted: ['proposed', 'dropped'],
  /** A person said that it is not so. */
  refused: ['proposed', 'dropped'],
  /** The facts do not speak for it any more. */
  dropped: ['proposed', 'certain'],
} as const satisfies Record<string, readonly string[]>

export const MOVES = {
  cart: CART_MOVES,
  attempt: ATTEMPT_MOVES,
  due: DUE_MOVES,
  email: EMAIL_MOVES,
  ente: ENTE_MOVES,
  flow: FLOW_MOVES,
  draft: DRAFT_MOVES,
  export: EXPORT_MOVES,
  approval: APPROVAL_MOVES,
  anomaly: ANOMALY_MOVES,
  bulk_act: BULK_ACT_MOVES,
  reporting_flow: REPORTING_FLOW_MOVES,
  treasury_file: TREASURY_FILE_MOVES,
  treasury_tie: TREASURY_TIE_MOVES,
} as const satisfies Record<string, Record<string, readonly string[]>>

export type Entity = keyof typeof MOVES
export type CartState = keyof typeof CART_MOVES
export type AttemptState = keyof typeof ATTEMPT_MOVES
export type DueState = keyof typeof DUE_MOVES
export type EmailState = keyof typeof EMAIL_MOVES
export type EnteState = keyof typeof ENTE_MOVES
export type FlowState = keyof typeof FLOW_MOVES
export type DraftState = keyof typeof DRAFT_MOVES
export type ExportState = keyof typeof EXPORT_MOVES
export type ApprovalState = keyof typeof APPROVAL_MOVES
export type AnomalyState = keyof typeof ANOMALY_MOVES
export type BulkState = keyof typeof BULK_ACT_MOVES
export type ReportingFlowState = keyof typeof REPORTING_FLOW_MOVES
export type TreasuryFileState = keyof typeof TREASURY_FILE_MOVES
export type TreasuryTieState = keyof typeof TREASURY_TIE_MOVES

/**
 * Every (entity, from, to) of the tables, as the database stores them.
 * @internal because only tests read it: they compare the tables with those of the database and with the page of states.
 */
export function allMoves(): { entity: Entity; from: string; to: string }[] {
  return keysOf(MOVES).flatMap((entity) =>
    Object.entries<readonly string[]>(MOVES[entity]).flatMap(([from, targets]) =>
      targets.map((to) => ({ entity, from, to })),
    ),
  )
}

/** States of an attempt whose outcome is not known yet, so that the node is still asked. */
export const OPEN_ATTEMPT_STATES: readonly AttemptState[] = ['created', 'sent']
export const isOpenAttempt = (state: AttemptState): boolean => OPEN_ATTEMPT_STATES.includes(state)

/** States in which the process of a file has work to do, or waits for its turn. */
export const MOVING_FLOW_STATES = [
  'queued',
  'loading',
  'writing',
  'stopped',
  'cancelling',
] as const satisfies readonly FlowState[]

/** States of an export that is not over. */
export const OPEN_EXPORT_STATES = ['queued', 'running'] as const satisfies readonly ExportState[]

/** States of an act on many dues that is not over. */
export const OPEN_BULK_STATES = ['queued', 'running', 'stopping'] as const satisfies readonly BulkState[]

/** Codes of these states in the old platform's files and web services (docs/field/payments.md#old-names). */
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
