import { fileURLToPath } from 'node:url'
import { startChild, type Child } from '../../tools/embedded/child.ts'
import { nodeFlags } from '../../tools/embedded/node-flags.ts'
import { waitReady } from '../../tools/embedded/wait.ts'

/** One of our processes, run like `npm start` runs it. */
export interface Program {
  name: string
  readonly pid: number
  start(): Promise<void>
  /** Sends SIGKILL. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface ProgramOptions {
  name: string
  /** Path of the entry point below dist/. */
  entry: string
  env: Record<string, string>
  logFile: string
  readyUrl: string
}

const READY_MS = 60_000

export function createProgram({ name, entry, env, logFile, readyUrl }: ProgramOptions): Program {
  let child: Child | undefined
  return {
    name,
    get pid() {
      return child?.pid ?? 0
    },
    async start() {
      child = await startChild({
        command: process.execPath,
        args: [
          ...nodeFlags(entry, env['WORKER_QUEUES']),
          fileURLToPath(new URL(`../../${entry}`, import.meta.url)),
        ],
        env: { PATH: process.env['PATH'], ...env },
        logFile,
      })
      const probe = async (): Promise<boolean> => (await fetch(readyUrl)).ok
      await waitReady({ name, child, logFile, probe, timeoutMs: READY_MS })
    },
    async kill() {
      if (child?.isAlive()) process.kill(child.pid, 'SIGKILL')
      await child?.exited
    },
    stop: async () => child?.stop(),
  }
}
