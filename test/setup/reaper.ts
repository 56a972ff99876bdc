import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Waits for the end of its input, which comes whenever and however the test run ends, then kills the processes left. */
const PROGRAM = `
let text = ''
process.stdin.on('data', (chunk) => (text += chunk))
process.stdin.on('end', () => {
  const [dir, ...pids] = text.split('\\n').filter(Boolean)
  for (const pid of pids) try { process.kill(Number(pid), 'SIGKILL') } catch {}
  require('node:fs').rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
})`

export interface Reaper {
  /** Adds processes to kill when this one has ended. */
  watch(...pids: number[]): void
  finish(): Promise<void>
}

/** Starts a process that stops the servers of a test run and removes `dir`, even when the run is killed. */
export function startReaper(dir: string): Reaper {
  const child = spawn(process.execPath, ['-e', PROGRAM], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const exited = once(child, 'exit')
  child.stdin.on('error', () => undefined) // the reaper itself was killed: nothing is left to do
  child.stdin.write(`${dir}\n`)
  return {
    watch: (...pids) => child.stdin.write(`${pids.join('\n')}\n`),
    async finish() {
      child.stdin.end()
      await exited
    },
  }
}
