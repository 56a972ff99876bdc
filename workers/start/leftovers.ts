import { processesWithArgument, stopProcess } from '../../tools/embedded/processes.ts'
import type { Folder } from './folder.ts'

const GRACE_MS = 5_000

/** Argument by which our processes are told from everybody else's, whatever became of the pid files. */
export const marker = (data: string): string => `--data-dir=${data}`

/** Stops node processes that an earlier supervisor left; the servers' own starters look after theirs. */
export async function stopLeftovers(folder: Folder): Promise<number> {
  const left = processesWithArgument(marker(folder.data))
  await Promise.all(left.map(({ pid }) => stopProcess(pid, 'SIGTERM', GRACE_MS)))
  return left.length
}
