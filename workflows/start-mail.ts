import { ParentClosePolicy, startChild } from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { SEND_MAIL, type MailPatience } from './send-mail/contract.ts'

/** Starts a mail as an independent process, so that a mail server that is down keeps no other process open. */
export async function startMail(mailId: string, patience: MailPatience): Promise<void> {
  try {
    await startChild(SEND_MAIL.name, {
      workflowId: SEND_MAIL.id(mailId),
      taskQueue: SEND_MAIL.taskQueue,
      args: [{ mailId, patience }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    })
  } catch (error) {
    // The sweep has already started it.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
