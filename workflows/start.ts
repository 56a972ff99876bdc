import { WithStartWorkflowOperation, type Client, type WorkflowStartOptions } from '@temporalio/client'
import { CHASE, type Chase } from '../domain/payment/chase.ts'
import type { FlowState } from '../domain/states.ts'
import {
  ABANDON,
  BEGIN,
  PAY_CART,
  type AbandonTimers,
  type BeginAnswer,
  type BeginRequest,
  type PayCartInput,
} from './pay-cart/contract.ts'
import { EXPORT_FLOW } from './export-flow/contract.ts'
import { CANCEL_FLOW } from './cancel-flow/contract.ts'
import {
  IMPORT_FLOW,
  IMPORT_PATIENCE,
  PAUSE,
  RESUME,
  WAKE_IMPORT,
  type FlowRequest,
  type ImportFlowInput,
  type ImportPatience,
} from './import-flow/contract.ts'
import { MAIL_PATIENCE, SEND_MAIL, type MailPatience } from './send-mail/contract.ts'

/** Waits that travel in the inputs; tests and fault runs pass their own. */
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

/** A file of dues and whose it is. */
export interface FlowRef {
  flowId: string
  enteId: string
}

/** The processes, as pages, ports and the sweep may touch them: two ways to start and no third. */
export interface Processes {
  /** For pages: at most one process ever; the same nonce is the same click. Waits for the answer at most `deadlineMs`. */
  begin(cartId: string, request: BeginRequest, deadlineMs: number): Promise<BeginAnswer>
  /** For stored facts: reaches the running process or starts a new run that settles from the tables. */
  tellPayment(cartId: string, message: { signal: string; args: unknown[] }): Promise<void>
  tellMail(mailId: string): Promise<void>
  tellImport(flow: FlowRef): Promise<void>
  tellCancelFlow(flow: FlowRef): Promise<void>
  tellExport(booked: { exportId: string; enteId: string }): Promise<void>
  /** Pause or resume a file under way; answers its state afterwards. Waits at most `deadlineMs`. */
  askImport(flow: FlowRef, request: FlowRequest, deadlineMs: number): Promise<FlowState | null>
  client: Client
}

const UPDATES: Record<FlowRequest, string> = { pause: PAUSE, resume: RESUME }

export function createProcesses(client: Client, patience: Patience = PATIENCE): Processes {
  return {
    client,
    begin: (cartId, request, deadlineMs) =>
      client.withDeadline(Date.now() + deadlineMs, () =>
        begin(client, payCartInput(cartId, patience), request),
      ),
    tellPayment: (cartId, { signal, args }) =>
      tell(client, PAY_CART.name, {
        workflowId: PAY_CART.id(cartId),
        taskQueue: PAY_CART.taskQueue,
        args: [payCartInput(cartId, patience)],
        signal,
        signalArgs: args,
      }),
    tellMail: (mailId) =>
      tell(client, SEND_MAIL.name, {
        workflowId: SEND_MAIL.id(mailId),
        taskQueue: SEND_MAIL.taskQueue,
        args: [{ mailId, patience: patience.mail }],
        signal: 'wake',
        signalArgs: [],
      }),
    tellImport: (flow) => tellImport(client, flow, patience),
    tellCancelFlow: (flow) =>
      tell(client, CANCEL_FLOW.name, {
        workflowId: CANCEL_FLOW.id(flow.flowId),
        taskQueue: CANCEL_FLOW.taskQueue,
        args: [{ ...flow, sliceMs: patience.flow.sliceMs }],
        signal: WAKE_IMPORT,
        signalArgs: [],
      }),
    tellExport: (booked) =>
      tell(client, EXPORT_FLOW.name, {
        workflowId: EXPORT_FLOW.id(booked.exportId),
        taskQueue: EXPORT_FLOW.taskQueue,
        args: [{ ...booked, mail: patience.mail }],
        signal: WAKE_IMPORT,
        signalArgs: [],
      }),
    askImport: (flow, request, deadlineMs) =>
      client.withDeadline(Date.now() + deadlineMs, async () => {
        // Its process may have ended, or never have begun.
        await tellImport(client, flow, patience)
        return client.workflow
          .getHandle(IMPORT_FLOW.id(flow.flowId))
          .executeUpdate<FlowState | null, []>(UPDATES[request])
      }),
  }
}

function tellImport(client: Client, flow: FlowRef, patience: Patience): Promise<void> {
  const input: ImportFlowInput = { ...flow, patience: patience.flow, mail: patience.mail }
  return tell(client, IMPORT_FLOW.name, {
    workflowId: IMPORT_FLOW.id(flow.flowId),
    taskQueue: IMPORT_FLOW.taskQueue,
    args: [input],
    signal: WAKE_IMPORT,
    signalArgs: [],
  })
}

export const payCartInput = (cartId: string, { chase, abandon, mail }: Patience): PayCartInput => ({
  cartId,
  chase,
  abandon,
  mail,
})

async function begin(client: Client, input: PayCartInput, request: BeginRequest): Promise<BeginAnswer> {
  const start = new WithStartWorkflowOperation(PAY_CART.name, {
    workflowId: PAY_CART.id(input.cartId),
    taskQueue: PAY_CART.taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  })
  return (await client.workflow.executeUpdateWithStart(BEGIN, {
    startWorkflowOperation: start,
    args: [request],
    updateId: `begin:${request.nonce}`,
  })) as BeginAnswer
}

type Tell = WorkflowStartOptions & { signal: string; signalArgs: unknown[]; args: unknown[] }

async function tell(client: Client, name: string, options: Tell): Promise<void> {
  await client.workflow.signalWithStart(name, {
    ...options,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  })
}
