import { ParentClosePolicy, startChild } from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { SEND_MAIL, type MailPatience } from './send-mail/contract.ts'
import type { ProcessWords } from './words.ts'

/** Starts a mail as an independent process, so that a mail server that is down keeps no other process open. */
export async function startMail(
  mailId: string,
  patience: MailPatience,
  words: ProcessWords | undefined,
): Promise<void> {
  try {
    await startChild(SEND_MAIL.name, {
      workflowId: SEND_MAIL.id(mailId),
      taskQueue: SEND_MAIL.taskQueue,
      args: [{ mailId, patience }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      ...(words?.mail === undefined ? {} : { staticSummary: words.mail }),
    })
  } catch (error) {
    // The sweep has already started it.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
