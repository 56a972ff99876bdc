import type { AppDeps } from './deps.ts'
import { within } from './within.ts'

const TELL_MS = 500

/** A mail that was stored leaves at once; should its process not be told, the sweep tells it. */
export async function tellMail(
  { processes, log }: Pick<AppDeps, 'processes' | 'log'>,
  mailId: string,
): Promise<void> {
  if (!(await within(TELL_MS, () => processes.tellMail(mailId))))
    log.warn({ mailId }, 'mail stored, process not told: the sweep will')
}
