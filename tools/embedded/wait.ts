import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'
import { logTail } from './log-tail.ts'

export interface Wait {
  name: string
  child: Child
  logFile: string
  /** Throws or returns false while the part is not ready. */
  probe: () => Promise<boolean | void>
  timeoutMs: number
  giveUp?: AbortSignal
}

/** Resolves when `probe` succeeds. @throws at an early exit or after the time limit, with the last lines of the log */
export async function waitReady({ name, child, logFile, probe, timeoutMs, giveUp }: Wait): Promise<void> {
  const deadline = Date.now() + timeoutMs
  let reason = ''
  for (let pause = 20; child.isAlive(); pause = Math.min(pause * 1.5, 250)) {
    try {
      if ((await probe()) !== false) return
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
    giveUp?.throwIfAborted()
    if (Date.now() > deadline)
      throw new Error(`${name} is not ready after ${timeoutMs / 1000} s (${reason})\n${logTail(logFile)}`)
    await sleep(pause)
  }
  const { code, signal } = await child.exited
  throw new Error(`${name} ended while starting (${signal ?? `exit code ${code}`})\n${logTail(logFile)}`)
}
