import type { Logger } from 'pino'

/** The longest time that an answer waits for Temporal, in milliseconds. */
const HINT_MS = 500

/**
 * Wakes the durable process of something that was just stored. The answer waits for it at most half a second, and a failure is only logged,
 * because the sweep wakes such processes later.
 * @param about ids of the thing, for the log
 */
export async function hint(log: Logger, about: object, wake: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), HINT_MS)
  })
  try {
    await Promise.race([wake(), late])
  } catch (error) {
    log.warn({ ...about, err: error }, 'stored, process not woken: the sweep wakes it')
  } finally {
    clearTimeout(timer)
  }
}
