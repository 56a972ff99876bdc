import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { userCache } from './folders.mjs'

/**
 * Lets one set-up run at a time, because `npm start` and `npm test` must not install or build over each other.
 * All checkouts share the lock `temporal`, so that the server is built once.
 * @param {'setup' | 'temporal'} name
 * @param {() => Promise<void>} work
 */
export async function withLock(name, work) {
  const key = name === 'setup' ? createHash('sha256').update(process.cwd()).digest('hex').slice(0, 12) : 'all'
  const file = join(userCache(), `${name}-${key}.lock`)
  let isTold = false
  while (!take(file)) {
    if (!isTold) process.stderr.write(`waiting for another set-up to end (${file})\n`)
    isTold = true
    await sleep(300)
  }
  try {
    await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (!isHeld(file)) rmSync(file, { force: true })
  return false
}

/** @param {string} file */
function isHeld(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    if (!Number.isInteger(pid) || pid <= 0) return false
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
