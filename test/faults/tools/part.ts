import { fileURLToPath } from 'node:url'
import { startChild, type Child } from '../../../tools/embedded/child.ts'
import { waitReady } from '../../../tools/embedded/wait.ts'
import { createClock, type Clock } from './clock.ts'

/** A process of the product, run like `npm start` does, that a test can kill, stop and freeze. */
export interface Part {
  readonly pid: number
  /** With `clockAheadMs` the process has a clock of its own, which `stepClock` can change. `flags` are Node.js flags. */
  start(given?: { clockAheadMs?: number; flags?: readonly string[] }): Promise<void>
  stepClock(aheadMs: number): Promise<void>
  /** Sends SIGKILL: the process has no chance to finish anything. */
  kill(): Promise<void>
  /** Sends SIGTERM: the process finishes its work first. */
  stop(): Promise<void>
  freeze(): void
  thaw(): void
  isUp(): boolean
  /** True when its admin port answers that it is ready. */
  isReady(): Promise<boolean>
}

/** Kills a process and starts it again. */
export async function restart(part: Part): Promise<void> {
  await part.kill()
  await part.start()
}

export interface PartOptions {
  name: string
  entry: 'worker' | 'api'
  env: Record<string, string>
  adminPort: number
  logFile: string
}

export function createPart({ name, entry, env, adminPort, logFile }: PartOptions): Part {
  let child: Child | undefined
  let clock: Clock | undefined
  const signal = (to: NodeJS.Signals): void => {
    if (child?.isAlive()) process.kill(child.pid, to)
  }
  return {
    get pid() {
      return child?.pid ?? 0
    },
    async start({ clockAheadMs, flags = [] } = {}) {
      clock = clockAheadMs === undefined ? undefined : createClock(`${logFile}.clock`, clockAheadMs)
      child = await startChild({
        command: process.execPath,
        args: [
          ...(clock?.args ?? []),
          ...flags,
          fileURLToPath(new URL(`../../../dist/workers/${entry}.js`, import.meta.url)),
        ],
        env: { PATH: process.env['PATH'], ...env, ...clock?.env, ADMIN_PORT: String(adminPort) },
        logFile,
      })
      const probe = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${adminPort}/healthz`)).ok
      await waitReady({ name, child, logFile, probe, timeoutMs: 30_000 })
    },
    async stepClock(aheadMs) {
      if (!clock || !child) throw new Error(`${name} was not started with a clock of its own`)
      await clock.step(child.pid, aheadMs)
    },
    async kill() {
      signal('SIGKILL')
      await child?.exited
    },
    stop: async () => child?.stop(),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    isUp: () => child?.isAlive() ?? false,
    isReady: () =>
      fetch(`http://127.0.0.1:${adminPort}/readyz`, { signal: AbortSignal.timeout(1_000) }).then(
        (answer) => answer.ok,
        () => false,
      ),
  }
}
