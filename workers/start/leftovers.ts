import { processesWithArgument, stopProcess } from '../../tools/embedded/processes.ts'
import type { Folder } from './folder.ts'

const GRACE_MS = 5_000

/** Argument that identifies our processes, even when their pid files are lost. */
export const marker = (data: string): string => `--data-dir=${data}`

/** Stops Node.js processes that an earlier supervisor left. Starting PostgreSQL or Temporal stops a leftover of its own. */
export async function stopLeftovers(folder: Folder): Promise<number> {
  const left = processesWithArgument(marker(folder.data))
  await Promise.all(left.map(({ pid }) => stopProcess(pid, 'SIGTERM', GRACE_MS)))
  return left.length
}
