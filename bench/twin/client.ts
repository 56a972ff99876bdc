import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client'
import { TWIN } from './contract.ts'

export interface TwinClient {
  /** Update with start, like "Paga". */
  begin(id: string): Promise<void>
  /** Signal with start, like an accepted receipt. */
  tell(id: string): Promise<void>
  close(): Promise<void>
}

/** Connects to Temporal and registers the twin's namespace. */
export async function connectTwin(address: string): Promise<TwinClient> {
  const connection = await Connection.connect({ address })
  await connection.workflowService.registerNamespace({
    namespace: TWIN.namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  })
  const { workflow } = new Client({ connection, namespace: TWIN.namespace })
  const optionsFor = (id: string) => ({
    workflowId: TWIN.payCartId(id),
    taskQueue: TWIN.taskQueue,
    args: [{ id }],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
  })
  return {
    async begin(id) {
      const startWorkflowOperation = new WithStartWorkflowOperation(TWIN.payCart, {
        ...optionsFor(id),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      })
      await workflow.executeUpdateWithStart('begin', { startWorkflowOperation, updateId: `begin:${id}` })
    },
    async tell(id) {
      await workflow.signalWithStart(TWIN.payCart, {
        ...optionsFor(id),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        signal: 'rtReceived',
        signalArgs: [],
      })
    },
    close: () => connection.close(),
  }
}
