import { fileURLToPath } from 'node:url'
import { nodeFlags } from '../../tools/embedded/node-flags.ts'
import { startChild } from '../../tools/embedded/child.ts'
import { logTail } from '../../tools/embedded/log-tail.ts'
import { startPostgres } from '../../tools/embedded/postgres.ts'
import { startTemporal } from '../../tools/embedded/temporal.ts'
import { waitReady } from '../../tools/embedded/wait.ts'
import type { Ports } from './addresses.ts'
import type { Folder } from './folder.ts'
import { marker } from './leftovers.ts'
import type { Part, Running } from './part.ts'

const READY_MS = 60_000
const PROBE_MS = 2_000
/** Longer than the 10 s that a worker gives its activities to end. */
const GRACE_MS = 15_000

export function postgresPart(folder: Folder, ports: Ports): Part {
  return {
    name: 'postgres',
    async start(onSpawn) {
      const options = { dataDir: folder.postgres, port: ports.postgres, logFile: folder.log('postgres') }
      const { child, stop } = await startPostgres(options)
      onSpawn(child.pid)
      return { pid: child.pid, exited: child.exited, stop }
    },
  }
}

export function temporalPart(folder: Folder, ports: Ports): Part {
  return {
    name: 'temporal',
    async start(onSpawn) {
      const { temporal: port, temporalUi: uiPort } = ports
      const logFile = folder.log('temporal')
      const { child, stop } = await startTemporal({ port, uiPort, dbFile: folder.temporalDb, logFile })
      onSpawn(child.pid)
      return { pid: child.pid, exited: child.exited, stop }
    },
  }
}

export interface Program {
  name: string
  /** Path of the entry point below dist/. */
  entry: string
  env: Record<string, string>
  /** Address that answers 200 when the program can be used. */
  readyUrl: string
}

export function nodePart(folder: Folder, { name, entry, env, readyUrl }: Program): Part {
  const logFile = folder.log(name)
  return {
    name,
    async start(onSpawn, giveUp): Promise<Running> {
      const child = await startProgram(folder, { entry, env, logFile })
      onSpawn(child.pid)
      try {
        await waitReady({
          name,
          child,
          logFile,
          timeoutMs: READY_MS,
          giveUp,
          probe: () => answersOk(readyUrl),
        })
      } catch (error) {
        await child.stop()
        throw error
      }
      return { pid: child.pid, exited: child.exited, stop: () => child.stop(GRACE_MS) }
    },
  }
}

/** Runs a program to its end. @throws when its exit code is not 0, with the last lines of its log */
export async function runOnce(
  folder: Folder,
  { name, entry, env }: Omit<Program, 'readyUrl'>,
): Promise<void> {
  const logFile = folder.log(name)
  const child = await startProgram(folder, { entry, env, logFile })
  const { code } = await child.exited
  if (code === 0) return
  throw new Error(`${name} failed\n${logTail(logFile)}`)
}

function startProgram(
  folder: Folder,
  program: { entry: string; env: Record<string, string>; logFile: string },
) {
  const entry = fileURLToPath(new URL(`../../${program.entry}`, import.meta.url))
  return startChild({
    command: process.execPath,
    args: [...nodeFlags(program.entry, program.env['WORKER_QUEUES']), entry, marker(folder.data)],
    env: program.env,
    logFile: program.logFile,
  })
}

async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) })
  await response.body?.cancel()
  return response.ok
}
