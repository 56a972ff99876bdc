import {
  CART_STATE_CODES,
  type AnomalyState,
  type ApprovalState,
  type BulkState,
  type ReportingFlowState,
  type CartState,
  type DraftState,
  type DueState,
  type EmailState,
  type EnteState,
  type ExportState,
  type FlowState,
  type AttemptState,
  type TreasuryFileState,
  type TreasuryTieState,
} from '../domain/states.ts'

export interface Words {
  meaning: string
  /** Code of the state in files and web services of the old platform; `–` when there is none. */
  oldCode: string
}

const NONE = '–'

const cart = (state: CartState, meaning: string): Words => ({ meaning, oldCode: CART_STATE_CODES[state] })

/** States of carts. A citizen or an ente's software fills a cart. */
const CART: Record<CartState, Words> = {
  open: cart('open', 'may still be changed; locks nothing'),
  requested: cart('requested', '`begin` has committed: its dues are held until the outcome of every attempt'),
  paid: cart('paid', 'every attempt is paid'),
  partially_paid: cart('partially_paid', 'some money moved, not all of it'),
  not_paid: cart('not_paid', 'no attempt is paid; a real receipt may still overtake this'),
  timed_out: cart('timed_out', 'every attempt ran out of time; a real receipt may still overtake this'),
  expired: cart('expired', 'nobody continued it in time; nothing was sent'),
  archived: cart('archived', "an ente's expired cart, put away"),
  cancelled: cart('cancelled', 'given up before `begin`; nothing was sent'),
}

const ATTEMPT: Record<AttemptState, Words> = {
  created: { meaning: 'stored; perhaps at the node, perhaps not', oldCode: 'PREDISPOSTO' },
  sent: { meaning: 'the node has it; its outcome is chased', oldCode: 'PAGAM_IN_CORSO' },
  paid: { meaning: 'its receipt says that all was paid', oldCode: 'PAGATO' },
  partially_paid: {
    meaning: 'its receipt says that a part was paid',
    oldCode: 'PARZ_PAGATO, DECORR_TERM_PARZ',
  },
  not_paid: {
    meaning:
      'its receipt says that nothing was paid, or a forced outcome: refused, unknown to the node, silence',
    oldCode: 'NON_PAGATO',
  },
  timed_out: { meaning: 'its receipt says that time ran out', oldCode: 'DECORR_TERM' },
}

const DUE: Record<DueState, Words> = {
  payable: {
    meaning: 'may be paid, unless its binding due date is past (never stored)',
    oldCode: 'INSERIMENTO_DOVUTO',
  },
  paying: {
    meaning: 'in a live attempt, or its shares differ and a person decides',
    oldCode: 'PAGAMENTO_INIZIATO',
  },
  paid: {
    meaning:
      'every share has its settlement; payable again only where that was a reported row alone, and the row is gone',
    oldCode: 'COMPLETATO',
  },
  cancelled: {
    meaning: 'taken back, with a reason; money that comes all the same is an anomaly',
    oldCode: 'ANNULLATO',
  },
}

const EMAIL: Record<EmailState, Words> = {
  pending: { meaning: 'to be sent, or being sent', oldCode: NONE },
  sent: {
    meaning: 'the mail server took it; a receipt is sent again only when a person asks',
    oldCode: NONE,
  },
  failed: { meaning: 'the mail server refused it for good', oldCode: NONE },
  dropped: { meaning: 'a notice that was not to be sent any more when its turn came', oldCode: NONE },
}

const ENTE: Record<EnteState, Words> = {
  INSERITO: { meaning: 'being configured; collects nothing', oldCode: 'INSERITO' },
  'PRE-ESERCIZIO': { meaning: 'collects, on trial', oldCode: 'PRE-ESERCIZIO' },
  ESERCIZIO: { meaning: 'collects', oldCode: 'ESERCIZIO' },
}

const FLOW: Record<FlowState, Words> = {
  queued: { meaning: 'stored; waits for its turn at its ente', oldCode: 'ATTESA_CARICAMENTO' },
  loading: { meaning: 'rows are being checked and loaded', oldCode: 'LOAD_FLOW' },
  paused: { meaning: 'an operator holds it; what is loaded stays', oldCode: 'LOAD_FLOW' },
  writing: { meaning: 'outcome files and notices are being written', oldCode: 'LOAD_FLOW' },
  loaded: {
    meaning:
      'every row is decided and told; people read by the counts whether all, some or nothing was loaded',
    oldCode: 'CARICATO',
  },
  checked: {
    meaning: 'every row of a file that is only checked is decided; nothing was written to the dues',
    oldCode: NONE,
  },
  refused: { meaning: 'refused as a whole, with a code', oldCode: 'ERRORE_CARICAMENTO' },
  stopped: { meaning: 'interrupted, to be cancelled', oldCode: 'LOAD_FLOW' },
  cancelling: { meaning: 'its dues that can still be paid are being cancelled', oldCode: 'CARICATO' },
  cancelled: { meaning: 'cancelled, with counts of what was kept', oldCode: 'ANNULLATO' },
}

const EXPORT: Record<ExportState, Words> = {
  queued: { meaning: 'booked', oldCode: 'LOAD_EXPORT' },
  running: { meaning: 'its file is being written', oldCode: 'EXPORT_IN_ELAB' },
  ready: { meaning: 'its file, if it has rows, can be downloaded', oldCode: 'EXPORT_ESEGUITO' },
  failed: { meaning: 'not written, with a code; may be asked again', oldCode: 'ERROR_EXPORT' },
  deleted: { meaning: 'its file was kept for its days and is gone', oldCode: 'EXPORT_CANCELLATO' },
}

const DRAFT: Record<DraftState, Words> = {
  converting: { meaning: 'a spreadsheet that is being turned into the documented form', oldCode: NONE },
  waiting: {
    meaning: 'its operator must confirm it, or say its IUF and version; a CSV begins here',
    oldCode: NONE,
  },
  taken: { meaning: 'it is a flow now', oldCode: NONE },
  refused: { meaning: 'it cannot be converted, with the reason; its files are gone', oldCode: NONE },
  discarded: { meaning: 'given up by its operator; its files are gone', oldCode: NONE },
  expired: { meaning: 'nobody confirmed it within seven days; its files are gone', oldCode: NONE },
}

const APPROVAL: Record<ApprovalState, Words> = {
  waiting: { meaning: 'asked; what it asks for has not happened', oldCode: NONE },
  approved: { meaning: 'approved by a second person, and done', oldCode: NONE },
  elapsed: { meaning: 'nobody decided within its time, and it was done', oldCode: NONE },
  withdrawn: { meaning: 'taken back; nothing happened', oldCode: NONE },
  overtaken: { meaning: 'what it was about changed meanwhile; nothing happened', oldCode: NONE },
}

const ANOMALY: Record<AnomalyState, Words> = {
  open: { meaning: 'a person must look at it', oldCode: NONE },
  to_return: { meaning: 'its money goes back to the payer; the transfer is not noted yet', oldCode: NONE },
  closed: { meaning: 'over, with a reason', oldCode: NONE },
}

const BULK_ACT: Record<BulkState, Words> = {
  queued: { meaning: 'confirmed: its dues are fixed, and none of them had its turn', oldCode: NONE },
  running: { meaning: 'its dues get their turn', oldCode: NONE },
  stopping: { meaning: 'a person stopped it; what is done is put into its file', oldCode: NONE },
  done: { meaning: 'every due is done or left with a reason', oldCode: NONE },
  stopped: { meaning: 'over; the dues that had no turn are as they were', oldCode: NONE },
  failed: { meaning: 'over with an error; the dues that had no turn are as they were', oldCode: NONE },
}

const REPORTING_FLOW: Record<ReportingFlowState, Words> = {
  listed: { meaning: 'pagoPA lists it; its payments are being asked for', oldCode: 'IN_CARICAMENTO' },
  stored: { meaning: 'its header and every page are here', oldCode: 'OK' },
  gone: {
    meaning: 'pagoPA gives it no more, because a newer revision came before it was fetched',
    oldCode: 'KO',
  },
}

const TREASURY_FILE: Record<TreasuryFileState, Words> = {
  reading: { meaning: 'stored; its movements are being read', oldCode: NONE },
  asking: { meaning: 'a CSV whose columns a person must name', oldCode: NONE },
  loaded: { meaning: 'its movements count', oldCode: NONE },
  refused: { meaning: 'it cannot be read, with the reason; nothing of it counts', oldCode: NONE },
  withdrawn: { meaning: 'taken back by a person, with the ties it made', oldCode: NONE },
}

const TREASURY_TIE: Record<TreasuryTieState, Words> = {
  proposed: { meaning: 'something speaks for it, with a score; a person decides', oldCode: NONE },
  certain: { meaning: 'a whole id and equal cents', oldCode: NONE },
  accepted: { meaning: 'a person said that it is so', oldCode: NONE },
  refused: {
    meaning: 'a person said that it is not so; the machine does not propose it again',
    oldCode: NONE,
  },
  dropped: { meaning: 'the facts do not speak for it any more', oldCode: NONE },
}

export const STATE_WORDS = {
  cart: CART,
  attempt: ATTEMPT,
  due: DUE,
  email: EMAIL,
  ente: ENTE,
  flow: FLOW,
  draft: DRAFT,
  export: EXPORT,
  approval: APPROVAL,
  anomaly: ANOMALY,
  bulk_act: BULK_ACT,
  reporting_flow: REPORTING_FLOW,
  treasury_file: TREASURY_FILE,
  treasury_tie: TREASURY_TIE,
}
