import type { BulkKind } from '../domain/bulk/acts.ts'
import { formatDay, formatInstant, romeDay } from '../domain/calendar.ts'
import { shownFileName } from '../domain/flow/name.ts'
import { cents, formatEuro } from '../domain/money.ts'
import type { Attention, CartKind } from '../domain/payment/model.ts'
import type { BulkState, CartState, DraftState, FlowState, TreasuryFileState } from '../domain/states.ts'
import { wholeNumber } from './format.ts'
import { t } from './language.ts'

/**
 * The words of the durable processes in the Temporal UI: their summaries, what they wait for, and the names of their timers. They have
 * amounts, names of enti and files, states and hours, and never a person, because histories name nobody
 * (docs/decisions/0023-histories-hold-ids.md).
 */

/** The longest summary in UTF-16 units. In UTF-8 they stay below the 400 bytes above which the server refuses to start a process. */
const LONGEST = 120

/** A payment by its amount and its enti, in their order; an ente may be named more than once. */
export interface NamedPayment {
  /** Whole euro cents. */
  totalCents: number
  enti: readonly string[]
}

/** "21,75 € · Comune di Montalbese". */
export const paymentSummary = (payment: NamedPayment): string =>
  summary(formatEuro(cents(payment.totalCents)), entiText(payment.enti))

const nameOf = ({ baseName, source = 'zip' }: NamedFlow): string => shownFileName({ baseName, source })

interface NamedFlow {
  baseName: string
  /** An archive when it is not given. */
  source?: string
  enteName?: string | undefined
}

/** "Flusso C_X902-MENSA2026-1_3.zip · Comune di Montalbese". @param enteName undefined where the ente is known only by its id */
export const flowSummary = (flow: NamedFlow & { isCheck: boolean }): string =>
  summary(t(`process.file.${flow.isCheck ? 'check' : 'flow'}`, { name: nameOf(flow) }), flow.enteName)

export const cancelSummary = (flow: NamedFlow): string =>
  summary(t('process.file.cancelling', { name: nameOf(flow) }), flow.enteName)

/** An export of paid dues has `fromOn` and `toOn`, one of expired dues has `dueOn`, one of a search has neither. All are days. */
export interface NamedExport {
  enteName: string
  fromOn?: string | null | undefined
  toOn?: string | null | undefined
  dueOn?: string | null | undefined
}

export const exportSummary = ({ enteName, fromOn, toOn, dueOn }: NamedExport): string =>
  summary(exportText({ fromOn, toOn, dueOn }), enteName)

function exportText({ fromOn, toOn, dueOn }: Omit<NamedExport, 'enteName'>): string {
  if (fromOn && toOn) return t('process.export.paid', { from: formatDay(fromOn), to: formatDay(toOn) })
  return dueOn ? t('process.export.expired', { day: formatDay(dueOn) }) : t('process.export.dues')
}

/** An act on many dues. */
export interface NamedBulkAct {
  kind: BulkKind
  /** Its dues. */
  rows: number
}

/** "Annullamento di 500 dovuti · Comune di Montalbese". */
export const bulkSummary = ({ kind, rows }: NamedBulkAct, enteName: string): string =>
  summary(t(`process.bulk.${kind}`, { rows: wholeNumber(rows) }), enteName)

/** How far an act on many dues is, or how it ended. */
export const bulkWords = (act: {
  state: BulkState
  rowsDone: number
  rowsLeft: number
  rows: number
}): string =>
  t(`process.bulk.${act.state}`, {
    done: wholeNumber(act.rowsDone),
    left: wholeNumber(act.rowsLeft),
    rows: wholeNumber(act.rows),
  })

/** "Rendicontazione · Comune di Montalbese". */
export const reportingSummary = (enteName: string): string =>
  summary(t('process.reporting.summary'), enteName)

/** How a fetch of reporting flows ended. @param outcome `OK`, or a code */
export const reportingWords = (outcome: string, stored: number): string =>
  t(`process.reporting.${outcome === 'OK' ? 'ended' : 'failed'}`, {
    stored: wholeNumber(stored),
    code: outcome,
  })

export type MailKind =
  'receipt' | 'link' | 'code' | 'address' | 'flow' | 'export' | 'change' | 'anomalies' | 'notice'

/** @param about the summary of what the mail is about, or the name of an ente */
export const mailSummary = (kind: MailKind, about?: string | null): string =>
  summary(t(`process.mail.${kind}`), about)

/** How a mail ended. */
export const mailEndWords = (end: 'sent' | 'refused' | 'not_ours' | 'dropped'): string =>
  t(`process.mailEnd.${end}`)

/** The facts that decide what a payment waits for. */
export interface WaitingPayment {
  state: CartState
  kind: CartKind
  open: number
  unhandled: number
  isWaitedFor: boolean
  attention: Attention | null
  unplacedCents: number
  /** ISO instants: the process's own time, its next look at the node, and the end of an open cart. */
  now: string
  lookAt: string
  closesAt: string
}

type Row = [applies: (payment: WaitingPayment) => boolean, key: string]

/** What a payment waits for. The first row that applies decides; without one the state of the cart says it. */
const WAITS: Row[] = [
  [({ unhandled }) => unhandled > 0, 'settling'],
  [({ state }) => state === 'open', 'cartOpen'],
  [(payment) => payment.open > 0 && whyAttention(payment) !== null, 'attention'],
  [({ open, isWaitedFor }) => open > 0 && isWaitedFor, 'answerLost'],
  [({ open }) => open > 0, 'receipt'],
  [(payment) => whyAttention(payment) !== null, 'unplaced'],
  [({ state, kind }) => state === 'expired' && kind === 'ente', 'archive'],
]

/** "attende la ricevuta, prossimo controllo 20:21". Hours are those of Rome. */
export function paymentWords(payment: WaitingPayment): string {
  const row = WAITS.find(([applies]) => applies(payment))
  if (!row) return t(`support.state.cart.${payment.state}`)
  const at = hourText(payment.state === 'open' ? payment.closesAt : payment.lookAt, payment.now)
  return t(`process.payment.${row[1]}`, { at, why: whyAttention(payment) })
}

/** What a payment does right after its begin. */
export const sendingWords = (): string => t('process.payment.sending')

/** What a payment waits for after the citizen's browser has come back, for at most `ms` milliseconds. */
export const returnedWords = (ms: number): string =>
  t('process.payment.returned', { count: Math.ceil(ms / 1000) })

/** Why a person must look at a payment: the code that the runbook explains, or money that has no due. */
function whyAttention({ attention, unplacedCents }: WaitingPayment): string | null {
  if (attention !== null) return attention
  return unplacedCents > 0 ? t('process.payment.money', { amount: formatEuro(cents(unplacedCents)) }) : null
}

const FLOW_WORDS: Partial<Record<FlowState, string>> = {
  loading: 'loading',
  writing: 'writing',
  queued: 'queued',
  paused: 'paused',
  checked: 'checked',
}

/** Words of a file that is only checked, where they differ. */
const CHECK_WORDS: Partial<Record<FlowState, string>> = { loading: 'checking', queued: 'checkQueued' }

/** What the process of a file does or waits for. */
export function flowWords({
  state,
  isCheck,
  rowsRead,
}: {
  state: FlowState
  isCheck: boolean
  rowsRead: number
}): string {
  const key = (isCheck ? CHECK_WORDS[state] : undefined) ?? FLOW_WORDS[state]
  return key === undefined
    ? t(`flows.state.${state}`)
    : t(`process.file.${key}`, { rows: wholeNumber(rowsRead) })
}

/** "Foglio di calcolo · Comune di Montalbese". The name of a sheet is left out, because people put names of persons into it. */
export const sheetSummary = (enteName: string): string => summary(t('process.sheet.summary'), enteName)

/** How the conversion of a spreadsheet ended. */
export const sheetWords = (state: DraftState, rows: number): string =>
  t(`process.sheet.${state}`, { rows: wholeNumber(rows) })

/** "Estratto del tesoriere · Comune di Montalbese". */
export const treasurySummary = (enteName: string): string => summary(t('process.treasury.summary'), enteName)

/** How the reading of a statement of a bank ended. */
export const treasuryWords = (state: TreasuryFileState, movements: number): string =>
  t(`process.treasury.${state}`, { movements: wholeNumber(movements) })

export const cancelWords = (dues: number): string => t('process.file.cancelled', { dues: wholeNumber(dues) })

/** How an export ended. @param code the error of one that failed */
export const exportWords = (code: string | null): string =>
  code === null ? t('process.export.ready') : t('process.export.failed', { code })

const summary = (what: string, about: string | null | undefined): string =>
  brief(about == null ? what : t('process.summary', { what, about }))

const brief = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`)

function entiText(enti: readonly string[]): string | undefined {
  const [first, ...others] = new Set(enti)
  return first === undefined || others.length === 0
    ? first
    : t('process.enti', { first, count: others.length })
}

/** "20:21" on the day of `now`, "01/12/2026 20:21" on any other. */
function hourText(instant: string, now: string): string {
  const text = formatInstant(instant)
  return romeDay(instant) === romeDay(now) ? text.slice(-'20:21'.length) : text
}
