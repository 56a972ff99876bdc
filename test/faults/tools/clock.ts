import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { waitUntil } from '../../setup/wait.ts'

const MODULE = new URL('./shifted-clock.mjs', import.meta.url).href

/** The clock of one process, shifted from the clock of the machine; a negative shift is behind it. */
export interface Clock {
  /** Arguments and environment to start the process with. */
  args: string[]
  env: { CLOCK_FILE: string }
  /** Changes the shift while the process runs. */
  step(pid: number, aheadMs: number): Promise<void>
}

export function createClock(file: string, aheadMs: number): Clock {
  writeFileSync(file, String(aheadMs))
  const seen = `${file}.seen`
  return {
    args: ['--import', MODULE],
    env: { CLOCK_FILE: file },
    async step(pid, to) {
      rmSync(seen, { force: true })
      writeFileSync(file, String(to))
      process.kill(pid, 'SIGUSR2')
      await waitUntil(() => contentOf(seen) === String(to))
    },
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
