import { setCurrentDetails, type TimerOptions } from '@temporalio/workflow'

/**
 * What people read of a process in the Temporal UI. Its activities make it, because words are in `templates/`, which workflows do not
 * import. It has amounts, names of enti and files, states and hours, and never a person.
 */
export interface ProcessWords {
  /** What the process waits for, or how it ended. It is also the name of the timer that follows. */
  now: string
  /** The summary of the mails that are to be started. */
  mail?: string
}

/** Shows the words as the current details of the process that calls it. */
export function tell(words: ProcessWords | undefined): void {
  if (words) setCurrentDetails(words.now)
}

/** The name of a timer in the history of its process. */
export const named = (words: ProcessWords | undefined): TimerOptions => (words ? { summary: words.now } : {})
