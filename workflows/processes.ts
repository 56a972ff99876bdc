import {
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
  type Workflow,
} from '@temporalio/client'
import { AppError } from '../domain/errors.ts'
import { keysOf, tableOf } from '../domain/table.ts'
import { CHASE, type Chase } from '../domain/payment/chase.ts'
import type { FlowRequest } from '../domain/flow/request.ts'
import type { FlowState } from '../domain/states.ts'
import { BULK_ACT } from './bulk-act/contract.ts'
import { CANCEL_FLOW } from './cancel-flow/contract.ts'
import { CONVERT_SHEET } from './convert-sheet/contract.ts'
import { EXPORT_FLOW } from './export-flow/contract.ts'
import { FETCH_REPORTING, type FetchReportingInput } from './fetch-reporting/contract.ts'
import { IMPORT_FLOW, IMPORT_PATIENCE, PAUSE, RESUME, type ImportPatience } from './import-flow/contract.ts'
import { LOAD_TREASURY } from './load-treasury/contract.ts'
import {
  ABANDON,
  ASK_NOW,
  BEGIN,
  CITIZEN_RETURNED,
  PAY_CART,
  RT_RECEIVED,
  type AbandonTimers,
  type BeginAnswer,
  type BeginRequest,
  type CartStatus,
  type PayCartInput,
  type ReceiptReceived,
} from './pay-cart/contract.ts'
import { MAIL_PATIENCE, SEND_MAIL, type MailPatience } from './send-mail/contract.ts'
import { keepSchedule, nextFetch, scheduledEnti, type WantedSchedule } from './schedules.ts'
import { viewQueries, type View } from './views.ts'
import { WAKE } from './wake.ts'

/** Waits that are part of the inputs. Tests and fault runs pass their own. */
export interface Patience {
  chase: Chase
  abandon: AbandonTimers
  mail: MailPatience
  flow: ImportPatience
}

export const PATIENCE: Patience = {
  chase: CHASE,
  abandon: ABANDON,
  mail: MAIL_PATIENCE,
  flow: IMPORT_PATIENCE,
}

/**
 * The summary that a process gets when the call starts it, shown by the Temporal UI; a running process keeps its own. Made by
 * templates/process-words.ts: at most 400 bytes, and never a person. Undefined where the caller does not know what it is about.
 */
export interface Named {
  summary?: string | undefined
}

/** The place of a process among others of its queue; the usual one when absent. */
export interface Place {
  /** The process waits for all usual ones, and takes turns with those of other enti. */
  behind?: { enteId: string } | undefined
}

/** A file of dues and its ente. */
export interface FlowRef extends Named {
  flowId: string
  enteId: string
}

/** A request whose sender waits for the answer. */
export interface Question {
  /** From the form of the page, so that a double click asks once. */
  nonce: string
  /** Milliseconds until the sender stops waiting. */
  deadlineMs: number
}

export type ProcessState = 'running' | 'ended' | 'none' | 'unknown'

/**
 * The durable processes for pages, ports and the sweep; no type of Temporal is in this interface. A wake signals the
 * running process or starts one that continues from the tables. It may be repeated, and one that fails loses nothing,
 * because the sweep repeats it.
 */
export interface Processes {
  /**
   * Begins a payment, at most once per cart; the same nonce is the same click. Waits for the answer at most
   * `deadlineMs`.
   */
  begin(cartId: string, request: BeginRequest & Named, deadlineMs: number): Promise<BeginAnswer>
  wakePayment(cartId: string, named?: Named): Promise<void>
  receiptArrived(cartId: string, receipt: ReceiptReceived): Promise<void>
  citizenReturned(cartId: string): Promise<void>
  /**
   * Asks the node now, through the payment's process. If none runs, one is started first and continues from the tables.
   * Call it only for an open payment: the process of a closed one ends before it can answer.
   * @throws PAYMENTS_PAUSED when no answer came in time
   */
  askOutcome(cartId: string, question: Question): Promise<CartStatus>
  /** State of the newest run of a payment; `unknown` when Temporal did not answer within `deadlineMs`. */
  paymentState(cartId: string, deadlineMs: number): Promise<ProcessState>
  /** Path of the payment's process in the Temporal UI, relative to the UI's address. */
  paymentUiPath(cartId: string): string
  /** Paths of lists of processes in the Temporal UI, relative to the UI's address. `now` is an ISO instant. */
  viewUiPaths(now: string): Record<View, string>
  wakeMail(mailId: string, named?: Named & Place): Promise<void>
  wakeImport(flow: FlowRef): Promise<void>
  cancelImport(flow: FlowRef): Promise<void>
  /** Pauses or resumes a file under way and returns its state afterwards. Waits at most `deadlineMs`. */
  askImport(flow: FlowRef, request: FlowRequest, deadlineMs: number): Promise<FlowState | null>
  wakeExport(booked: { exportId: string; enteId: string } & Named): Promise<void>
  wakeBulkAct(act: { actId: string; enteId: string } & Named): Promise<void>
  wakeConversion(draft: { draftId: string; enteId: string } & Named): Promise<void>
  wakeTreasury(file: { fileId: string; enteId: string } & Named): Promise<void>
  /** Fetches the reporting flows of an ente now; one that was asked for by a person and still runs is that one. */
  fetchReporting(fetch: FetchReportingInput & Named): Promise<void>
  /** Makes the schedule of fetches of an ente, or pauses or resumes it. Safe to repeat. */
  keepSchedule(wanted: WantedSchedule): Promise<void>
  /** Ids of the enti that have a schedule. */
  scheduledEnti(): Promise<Set<string>>
  /** When the next fetch of an ente begins, an ISO instant; null when none is planned. Waits at most `deadlineMs`. */
  nextFetch(enteId: string, deadlineMs: number): Promise<string | null>
}

const UPDATES: Record<FlowRequest, string> = { pause: PAUSE, resume: RESUME }

export function createProcesses(client: Client, patience: Patience = PATIENCE): Processes {
  const { mail, flow } = patience
  const uiPath = `/namespaces/${client.options.namespace}/workflows`
  const before = <T>(deadlineMs: number, work: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + deadlineMs, work)
  const payment = (cartId: string): Woken => ({
    process: PAY_CART,
    id: cartId,
    input: payCartInput(cartId, patience),
  })
  const importOf = ({ summary, ...ref }: FlowRef): Woken => ({
    process: IMPORT_FLOW,
    id: ref.flowId,
    input: { ...ref, patience: flow, mail },
    summary,
  })
  const wakePayment = (cartId: string, named?: Named): Promise<void> =>
    wake(client, { ...payment(cartId), ...named })
  return {
    begin: (cartId, request, deadlineMs) =>
      before(deadlineMs, () => begin(client, payCartInput(cartId, patience), request)),
    wakePayment,
    receiptArrived: (cartId, receipt) =>
      wake(client, payment(cartId), { signal: RT_RECEIVED, args: [receipt] }),
    citizenReturned: (cartId) => wake(client, payment(cartId), { signal: CITIZEN_RETURNED, args: [] }),
    askOutcome: (cartId, { nonce, deadlineMs }) =>
      orPaused(cartId, () =>
        before(deadlineMs, () => askOutcome(client, cartId, { nonce, wake: () => wakePayment(cartId) })),
      ),
    paymentState: (cartId, deadlineMs) => before(deadlineMs, () => stateOf(client, PAY_CART.id(cartId))),
    paymentUiPath: (cartId) => `${uiPath}/${encodeURIComponent(PAY_CART.id(cartId))}`,
    viewUiPaths: (now) => listPaths(uiPath, viewQueries(now)),
    wakeMail: (mailId, named) =>
      wake(client, { process: SEND_MAIL, id: mailId, input: { mailId, patience: mail }, ...named }),
    wakeImport: (ref) => wake(client, importOf(ref)),
    cancelImport: ({ summary, ...ref }) =>
      wake(client, {
        process: CANCEL_FLOW,
        id: ref.flowId,
        input: { ...ref, sliceMs: flow.sliceMs },
        summary,
      }),
    askImport: (ref, request, deadlineMs) =>
      before(deadlineMs, async () => {
        // The process may have ended or may never have been started.
        await wake(client, importOf(ref))
        return client.workflow
          .getHandle(IMPORT_FLOW.id(ref.flowId))
          .executeUpdate<FlowState | null, []>(UPDATES[request])
      }),
    wakeExport: ({ summary, ...booked }) =>
      wake(client, { process: EXPORT_FLOW, id: booked.exportId, input: { ...booked, mail }, summary }),
    wakeBulkAct: ({ summary, ...act }) =>
      wake(client, {
        process: BULK_ACT,
        id: act.actId,
        input: { ...act, sliceMs: flow.sliceMs },
        summary,
      }),
    wakeConversion: ({ summary, ...input }) =>
      wake(client, { process: CONVERT_SHEET, id: input.draftId, input, summary }),
    wakeTreasury: ({ summary, ...input }) =>
      wake(client, { process: LOAD_TREASURY, id: input.fileId, input, summary }),
    fetchReporting: ({ summary, ...input }) =>
      wake(client, { process: FETCH_REPORTING, id: `${input.enteId}:ora`, input, summary }),
    keepSchedule: (wanted) => keepSchedule(client, wanted),
    scheduledEnti: () => scheduledEnti(client),
    nextFetch: (enteId, deadlineMs) => before(deadlineMs, () => nextFetch(client, enteId)),
  }
}

function listPaths(uiPath: string, queries: Record<View, string>): Record<View, string> {
  return tableOf(keysOf(queries), (view) => `${uiPath}?query=${encodeURIComponent(queries[view])}`)
}

export const payCartInput = (cartId: string, { chase, abandon, mail }: Patience): PayCartInput => ({
  cartId,
  chase,
  abandon,
  mail,
})

async function begin(
  client: Client,
  input: PayCartInput,
  { summary, ...request }: BeginRequest & Named,
): Promise<BeginAnswer> {
  const start = new WithStartWorkflowOperation(PAY_CART.name, {
    workflowId: PAY_CART.id(input.cartId),
    taskQueue: PAY_CART.taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    ...startedAs(summary),
  })
  return client.workflow.executeUpdateWithStart<Workflow, BeginAnswer, [BeginRequest]>(BEGIN, {
    startWorkflowOperation: start,
    args: [request],
    updateId: `begin:${request.nonce}`,
  })
}

async function askOutcome(
  client: Client,
  cartId: string,
  { nonce, wake }: { nonce: string; wake: () => Promise<void> },
): Promise<CartStatus> {
  const ask = () =>
    client.workflow
      .getHandle(PAY_CART.id(cartId))
      .executeUpdate<CartStatus, []>(ASK_NOW, { updateId: `ask:${nonce}` })
  const status = await ask().catch(async (error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    await wake()
    return ask()
  })
  // A receipt came with the answer, but the process sleeps until its next look, so it is woken.
  if (status.unhandled > 0) await wake()
  return status
}

async function orPaused<T>(cartId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isLate(error)) throw new AppError('PAYMENTS_PAUSED', { cartId }, error)
    throw error
  }
}

const DEADLINE_EXCEEDED = 4
const UNAVAILABLE = 14

function isLate(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true
  const codes = [grpcCode(error), error instanceof Error ? grpcCode(error.cause) : undefined]
  return codes.some((code) => code === DEADLINE_EXCEEDED || code === UNAVAILABLE)
}

const grpcCode = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

async function stateOf(client: Client, workflowId: string): Promise<ProcessState> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe()
    return status.name === 'RUNNING' ? 'running' : 'ended'
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? 'none' : 'unknown'
  }
}

/** A process, the id of its subject, and the input for a new run. */
interface Woken extends Named, Place {
  process: { name: string; taskQueue: string; id: (id: string) => string }
  id: string
  input: object
}

/** Signals the running process, or starts one with the signal. */
async function wake(
  client: Client,
  { process, id, input, summary, behind }: Woken,
  message: { signal: string; args: unknown[] } = { signal: WAKE, args: [] },
): Promise<void> {
  await client.workflow.signalWithStart(process.name, {
    workflowId: process.id(id),
    taskQueue: process.taskQueue,
    args: [input],
    signal: message.signal,
    signalArgs: message.args,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    // Its activities take the same place.
    ...(behind ? { priority: { priorityKey: LAST, fairnessKey: behind.enteId } } : {}),
    ...startedAs(summary),
  })
}

/** Temporal knows five places; the usual one is 3. */
const LAST = 5

const startedAs = (summary: string | undefined): { staticSummary?: string } =>
  summary === undefined ? {} : { staticSummary: summary }
