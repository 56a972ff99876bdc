import { setTimeout as sleep } from 'node:timers/promises'

/** Makes a call wait until the next one of its operation has been served. */
export class Overtaking {
  private readonly waiting = new Map<string, (() => void)[]>()

  /** Resolves when another call of `operation` passes, or after `ms` at the latest. */
  async wait(operation: string, ms: number, signal: AbortSignal): Promise<void> {
    const passed = new Promise<void>((resolve) => {
      this.waiting.set(operation, [...(this.waiting.get(operation) ?? []), resolve])
    })
    await Promise.race([passed, pause(ms, signal)])
  }

  passed(operation: string): void {
    const waiting = this.waiting.get(operation) ?? []
    this.waiting.delete(operation)
    for (const go of waiting) go()
  }
}

/** Sleeps, but returns early when the simulator closes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
