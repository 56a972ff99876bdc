import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { commandOf, listProcesses, type RunningProcess } from './processes.ts'

const LISTENING = '0A'

/** The process that listens on a port; undefined when the system hides it (another user's process). */
export function portOwner(port: number): RunningProcess | undefined {
  const pid = existsSync('/proc/net/tcp') ? ownerFromProc(port) : ownerFromLsof(port)
  if (pid === undefined) return undefined
  const known = listProcesses().find((one) => one.pid === pid)
  return known ?? { pid, command: commandOf(pid) }
}

export function portTakenMessage(name: string, port: number): string {
  const owner = portOwner(port)
  const who = owner ? `process ${owner.pid} (${owner.command})` : 'another process'
  return `${name} ${port} is already in use by ${who}: stop it or choose another port`
}

function ownerFromProc(port: number): number | undefined {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (sockets.size === 0) return undefined
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => openSockets(pid).some((socket) => sockets.has(socket)))
}

/** Columns of proc_pid_net(5): 1 local address, 3 state, 9 inode. */
function listeningInodes(table: string, port: number): string[] {
  const file = `/proc/net/${table}`
  if (!existsSync(file)) return []
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === LISTENING)
    .map((columns) => `socket:[${columns[9]}]`)
}

function openSockets(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
  } catch {
    return []
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function ownerFromLsof(port: number): number | undefined {
  try {
    const text = execFileSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' })
    return Number(text.split('\n')[0]) || undefined
  } catch {
    return undefined
  }
}
