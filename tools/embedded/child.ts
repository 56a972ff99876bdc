import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Child {
  pid: number
  exited: Promise<Exit>
  isAlive(): boolean
  /** Sends `stopSignal`, then SIGKILL after `graceMs`; resolves when the process is gone. */
  stop(graceMs?: number): Promise<void>
}

export interface ChildOptions {
  command: string
  args: readonly string[]
  /** The process appends its output to this file itself, so that output continues when the process that started it dies. */
  logFile: string
  env?: NodeJS.ProcessEnv
  cwd?: string
  user?: { uid: number; gid: number } | undefined
  stopSignal?: NodeJS.Signals
}

const LOG_LIMIT_BYTES = 10_000_000
const GRACE_MS = 10_000

/** Starts a process in a process group of its own: Ctrl-C then reaches only the supervisor, which stops parts in order. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const child = spawnLogged(options)
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  const isAlive = () => child.exitCode === null && child.signalCode === null
  return {
    pid: child.pid!,
    exited,
    isAlive,
    async stop(graceMs = GRACE_MS) {
      if (!isAlive()) return
      child.kill(options.stopSignal ?? 'SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await exited
      clearTimeout(timer)
    },
  }
}

function spawnLogged({ command, args, logFile, env, cwd, user }: ChildOptions): ChildProcess {
  const log = openLog(logFile)
  try {
    return spawn(command, args, {
      stdio: ['ignore', log, log],
      detached: true,
      env: env ?? process.env,
      ...(cwd ? { cwd } : {}),
      ...user,
    })
  } finally {
    closeSync(log)
  }
}

/** Opens the log for appending. A log above the limit is renamed first; one older file is kept. */
function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`)
  return openSync(file, 'a')
}
