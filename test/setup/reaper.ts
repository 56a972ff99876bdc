import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Waits for the end of its input, which comes with our death however we die, then kills what is left. */
const PROGRAM = `
let text = ''
process.stdin.on('data', (chunk) => (text += chunk))
process.stdin.on('end', () => {
  const [dir, ...pids] = text.split('\\n').filter(Boolean)
  for (const pid of pids) try { process.kill(Number(pid), 'SIGKILL') } catch {}
  require('node:fs').rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
})`

export interface Reaper {
  /** Processes to kill when this one is gone. */
  watch(...pids: number[]): void
  finish(): Promise<void>
}

/** A process that stops the servers of a test run and removes `dir` even if the run is killed. */
export function startReaper(dir: string): Reaper {
  const child = spawn(process.execPath, ['-e', PROGRAM], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const exited = once(child, 'exit')
  child.stdin.on('error', () => undefined) // it was killed: nothing to tell it any more
  child.stdin.write(`${dir}\n`)
  return {
    watch: (...pids) => child.stdin.write(`${pids.join('\n')}\n`),
    async finish() {
      child.stdin.end()
      await exited
    },
  }
}
