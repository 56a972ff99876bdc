import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { processesWithArgument, stopProcess } from './processes.ts'

const FAST_SHUTDOWN_MS = 10_000

/**
 * Stops a server that outlived the process that started it, and removes the pid file of a killed one, because PostgreSQL
 * does not start when that file is half-written or its pid belongs to another program by now.
 */
export async function clearStaleServer(clusterDir: string): Promise<void> {
  const owners = processesWithArgument(clusterDir).filter(({ command }) => command.includes('postgres'))
  for (const { pid } of owners) await stopProcess(pid, 'SIGINT', FAST_SHUTDOWN_MS)
  const pidFile = join(clusterDir, 'postmaster.pid')
  if (existsSync(pidFile)) rmSync(pidFile)
}
