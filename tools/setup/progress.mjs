import { spawn } from 'node:child_process'

const QUIET_REPORT_MS = 10_000

/**
 * Runs one long step and shows its duration so far. Writes to standard error, because standard output belongs to the program
 * that is started next.
 * @param {string} name
 * @param {() => Promise<T>} work
 * @template T
 */
export async function step(name, work) {
  const startedAt = Date.now()
  const isTerminal = process.stderr.isTTY
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`
  process.stderr.write(`${name} …${isTerminal ? '' : '\n'}`)
  const show = () =>
    process.stderr.write(isTerminal ? `\r${name} … ${elapsed()}` : `${name} … ${elapsed()}\n`)
  const timer = setInterval(show, isTerminal ? 1_000 : QUIET_REPORT_MS)
  try {
    const result = await work()
    process.stderr.write(`${isTerminal ? '\r' : ''}${name}: done in ${elapsed()}\n`)
    return result
  } catch (error) {
    process.stderr.write(`${isTerminal ? '\r' : ''}${name}: failed after ${elapsed()}\n`)
    throw error
  } finally {
    clearInterval(timer)
  }
}

/**
 * Runs a program. Throws at a failure, with its output.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<string>} standard output
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let stdout = ''
    let all = ''
    child.stdout?.on('data', (chunk) => {
      stdout += chunk
      all += chunk
    })
    child.stderr?.on('data', (chunk) => (all += chunk))
    child.once('error', (error) => reject(new Error(`${command}: ${error.message}`)))
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(`${all.trim()}\n${command} ${args.join(' ')}: ${signal ?? `exit code ${code}`}`))
    })
  })
}
