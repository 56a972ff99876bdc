import type { Logger } from 'pino'

/** How long an answer waits for Temporal, ms. */
const HINT_MS = 500

/**
 * Wakes the process of something that was just stored. An answer does not wait longer for it than a moment, and a miss is only written to
 * the log, because the sweep wakes what nobody woke.
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
