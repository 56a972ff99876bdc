import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandOf, isRunning } from '../../tools/embedded/processes.ts'

/** Paths of one installation below its DATA_DIR. */
export interface Folder {
  data: string
  postgres: string
  temporalDb: string
  simulator: string
  log(part: string): string
  writePid(part: string, pid: number): void
  removePid(part: string): void
}

export function openFolder(data: string): Folder {
  const pidFile = (part: string) => join(data, 'run', `${part}.pid`)
  for (const name of ['run', 'log', 'simulator']) mkdirSync(join(data, name), { recursive: true })
  return {
    data,
    postgres: join(data, 'postgres'),
    temporalDb: join(data, 'temporal.db'),
    simulator: join(data, 'simulator'),
    log: (part) => join(data, 'log', `${part}.log`),
    writePid: (part, pid) => writeWhole(pidFile(part), `${pid}\n`),
    removePid: (part) => rmSync(pidFile(part), { force: true }),
  }
}

/**
 * Pid of the supervisor that runs on this folder now. The pid file may be stale, half-written or hold the pid of another
 * program by now, so the command of the process is checked too.
 */
export function runningSupervisor(data: string): number | undefined {
  const pid = readPid(join(data, 'run', 'start.pid'))
  if (pid === undefined || pid === process.pid || !isRunning(pid)) return undefined
  return /workers[/\\]start\.(js|ts)/.test(commandOf(pid)) ? pid : undefined
}

function readPid(file: string): number | undefined {
  try {
    return Number(/^(\d+)\n$/.exec(readFileSync(file, 'utf8'))?.[1]) || undefined
  } catch {
    return undefined
  }
}

/** Writes aside and renames, so that readers see the old file or the new one, never half of it. */
function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}
