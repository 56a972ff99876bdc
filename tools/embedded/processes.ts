import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../../domain/errors.ts'

export interface RunningProcess {
  pid: number
  /** Arguments joined by blanks. */
  command: string
}

/** All processes that the system shows us, without this one. */
export function listProcesses(): RunningProcess[] {
  const all = existsSync('/proc/self/cmdline') ? fromProc() : fromPs()
  return all.filter(({ pid }) => pid !== process.pid)
}

/** Processes with `argument` among their arguments. A pid file is not enough: its pid may belong to another program by now. */
export function processesWithArgument(argument: string): RunningProcess[] {
  return listProcesses().filter(({ command }) => ` ${command} `.includes(` ${argument} `))
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
  return !isZombie(pid)
}

/** Stops a process that is not our child: sends `signal`, then SIGKILL after `graceMs`. @throws when it does not end */
export async function stopProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  sendSignal(pid, signal)
  if (await isGone(pid, graceMs)) return
  sendSignal(pid, 'SIGKILL')
  if (!(await isGone(pid, 5_000))) throw new Error(`process ${pid} does not end`)
}

/** Sends a signal; a process that is already gone is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
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

/** True for a dead process that its parent has not collected; in a container without an init it stays so for ever. */
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

/** Arguments of a process, joined by blanks. Empty for a process that is gone or hidden from us. */
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
