import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../tools/embedded/ports.ts'

const LIMIT_MS = 60_000

/** Seconds from `npm start` on an installed clone with empty data to the line `ready`. */
export async function measureStart(): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'mypay-bench-start-'))
  const env = { ...process.env, PORT: String(await freePort()), DATA_DIR: data }
  const startedAt = performance.now()
  const child = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  try {
    await lineStarting(child.stdout, 'ready ')
    return (performance.now() - startedAt) / 1000
  } finally {
    // npm does not pass signals on, so the supervisor gets it directly.
    process.kill(Number(readFileSync(join(data, 'run', 'start.pid'), 'utf8')), 'SIGTERM')
    await exited
    rmSync(data, { recursive: true, force: true })
  }
}

function lineStarting(output: NodeJS.ReadableStream, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(() => reject(new Error(`not ready: ${text}`)), LIMIT_MS)
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (!text.split('\n').some((line) => line.startsWith(word))) return
      clearTimeout(timer)
      resolve()
    })
    output.once('end', () => reject(new Error(`ended before it was ready: ${text}`)))
  })
}
