import { isDoubtful, type Doubt, type Stage } from '../domain/payment/known.ts'
import type { ShownFlowState } from '../domain/flow/shown-state.ts'
import type { RowClass } from '../domain/reporting/row-class.ts'
import type { ShownReportingState } from '../domain/reporting/shown-state.ts'
import type { ShownCreditState } from '../domain/treasury/shown-state.ts'
import type {
  AttemptState,
  BulkState,
  CartState,
  DraftState,
  DueState,
  EmailState,
  EnteState,
  ExportState,
  TreasuryFileState,
  TreasuryTieState,
} from '../domain/states.ts'
import { withDoubt } from './pages/doubt-words.ts'

/** `idle`: nothing happens. `wait`: the platform works or waits. `warn`: a person should look. `bad`: it ended without the wanted end. */
type Tone = 'idle' | 'good' | 'wait' | 'warn' | 'bad'

/** What the partial `chip` draws. */
export interface Chip {
  text: string
  tone: Tone
  icon: string
}

const ICONS: Record<Tone, string> = {
  idle: 'it-minus-circle',
  good: 'it-check-circle',
  wait: 'it-clock',
  warn: 'it-warning-circle',
  bad: 'it-close-circle',
}

interface States {
  due: DueState | 'expired'
  cart: CartState
  attempt: AttemptState
  email: EmailState
  ente: EnteState
  export: ExportState
  bulk: BulkState
  draft: DraftState
  flow: ShownFlowState
  reporting: ShownReportingState
  match: RowClass | 'pending'
  treasuryFile: TreasuryFileState
  credit: ShownCreditState
  tie: TreasuryTieState
  stage: Stage
  switch: 'on' | 'off' | 'notChosen'
}

const TONES: { [Family in keyof States]: Record<States[Family], Tone> } = {
  due: { payable: 'idle', expired: 'warn', paying: 'wait', paid: 'good', cancelled: 'idle' },
  cart: {
    open: 'idle',
    requested: 'wait',
    paid: 'good',
    partially_paid: 'warn',
    not_paid: 'bad',
    timed_out: 'bad',
    expired: 'idle',
    archived: 'idle',
    cancelled: 'idle',
  },
  attempt: {
    created: 'wait',
    sent: 'wait',
    paid: 'good',
    partially_paid: 'warn',
    not_paid: 'bad',
    timed_out: 'bad',
  },
  reporting: { fetching: 'wait', stored: 'good', flagged: 'warn', old: 'idle', gone: 'idle' },
  match: {
    pending: 'wait',
    matched: 'good',
    superseded: 'idle',
    code_unknown: 'warn',
    amount_invalid: 'warn',
    revoked: 'bad',
    duplicate: 'warn',
    due_unknown: 'warn',
    amount_differs: 'warn',
    paid_twice: 'warn',
    receipt_missing: 'wait',
    paid_without_receipt: 'good',
  },
  treasuryFile: { reading: 'wait', asking: 'warn', loaded: 'good', refused: 'bad', withdrawn: 'idle' },
  credit: {
    withdrawn: 'idle',
    reversed: 'idle',
    again: 'idle',
    tied: 'good',
    proposed: 'warn',
    open: 'wait',
  },
  tie: { proposed: 'warn', certain: 'good', accepted: 'good', refused: 'bad', dropped: 'idle' },
  email: { pending: 'wait', sent: 'good', failed: 'warn', dropped: 'idle' },
  ente: { INSERITO: 'idle', 'PRE-ESERCIZIO': 'wait', ESERCIZIO: 'good' },
  export: { queued: 'wait', running: 'wait', ready: 'good', failed: 'bad', deleted: 'idle' },
  bulk: {
    queued: 'wait',
    running: 'wait',
    stopping: 'wait',
    done: 'good',
    stopped: 'warn',
    failed: 'bad',
  },
  draft: {
    converting: 'wait',
    waiting: 'warn',
    taken: 'good',
    refused: 'bad',
    discarded: 'idle',
    expired: 'idle',
  },
  flow: {
    queued: 'wait',
    loading: 'wait',
    paused: 'warn',
    writing: 'wait',
    loaded: 'good',
    partly_loaded: 'warn',
    all_rejected: 'bad',
    refused: 'bad',
    stopped: 'wait',
    cancelling: 'wait',
    cancelled: 'idle',
    checking: 'wait',
    check_clean: 'idle',
    check_partly: 'warn',
    check_all_rejected: 'bad',
    check_ended: 'idle',
  },
  stage: {
    open: 'idle',
    expired: 'idle',
    cancelled: 'idle',
    preparing: 'wait',
    ready: 'wait',
    left: 'wait',
    returned: 'wait',
    deferred: 'wait',
    doubt: 'warn',
    paid_and_doubt: 'warn',
    paid: 'good',
    paid_apart: 'good',
    partially_paid: 'warn',
    not_paid: 'bad',
    timed_out: 'bad',
    refused: 'bad',
  },
  switch: { on: 'good', off: 'idle', notChosen: 'idle' },
}

export const chip = (tone: Tone, text: string): Chip => ({ tone, text, icon: ICONS[tone] })

/** The chip of a stored state. @param text its words, in the language of the page */
export const stateChip = <Family extends keyof States>(
  family: Family,
  state: States[Family],
  text: string,
): Chip => chip(TONES[family][state], text)

/** The chip of a state with money behind it: a doubt about that money is said and shown before the state. */
export const moneyChip = <Family extends 'due' | 'cart'>(
  family: Family,
  state: States[Family],
  text: string,
  doubt: Doubt,
): Chip => chip(isDoubtful(doubt) ? 'warn' : TONES[family][state], withDoubt(text, doubt))
