import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RunningProcess {
  pid: number
  /** Arguments joined by blanks. */
  command: string
}

/** Every process we may look at, but ourselves. */
export function listProcesses(): RunningProcess[] {
  const all = existsSync('/proc/self/cmdline') ? fromProc() : fromPs()
  return all.filter(({ pid }) => pid !== process.pid)
}

/** Those with `argument` among their arguments: a pid alone may long belong to somebody else. */
export function processesWithArgument(argument: string): RunningProcess[] {
  return listProcesses().filter(({ command }) => ` ${command} `.includes(` ${argument} `))
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return !isZombie(pid)
}

/** Stops a process that is not our child: asks, then kills after `graceMs`. */
export async function stopProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  sendSignal(pid, signal)
  if (await isGone(pid, graceMs)) return
  sendSignal(pid, 'SIGKILL')
  if (!(await isGone(pid, 5_000))) throw new Error(`process ${pid} does not end`)
}

/** A process that ended meanwhile is what we wanted. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

/** Dead but not yet collected by its parent: in containers without an init, for ever. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function fromProc(): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: commandOf(Number(name)) }))
    .filter(({ command }) => command !== '')
}

/** Empty for a process that is gone or not ours to see. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function fromPs(): RunningProcess[] {
  const text = execFileSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' })
  return [...text.matchAll(/^ *(\d+) (.*)$/gm)].map(([, pid, command]) => ({
    pid: Number(pid),
    command: command!.trim(),
  }))
}
