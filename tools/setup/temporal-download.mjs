import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const SILENCE_MS = 10_000

/** The SDK downloads when it starts its server, so this starts and stops one, in a process that can be killed. */
const PROGRAM = `
const { TestWorkflowEnvironment } = require('@temporalio/testing')
const [downloadDir, version] = process.argv.slice(1)
TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir, version } } })
  .then((env) => env.teardown())
  .then(() => process.exit(0), () => process.exit(1))`

/**
 * Downloads the Temporal CLI into `folder` and returns its path. Gives up after 10 s in which nothing arrived.
 * @param {string} folder
 * @param {string} version such as 1.9.1
 */
export async function downloadTemporal(folder, version) {
  const child = spawn(process.execPath, ['-e', PROGRAM, folder, `v${version}`], { stdio: 'ignore' })
  const exit = new Promise((resolve) => child.once('close', resolve))
  let seen = 0
  let seenAt = Date.now()
  while (child.exitCode === null && Date.now() - seenAt < SILENCE_MS) {
    await Promise.race([exit, sleep(500)])
    const size = sizeOf(folder)
    if (size > seen) seenAt = Date.now()
    seen = Math.max(seen, size)
  }
  if (child.exitCode === null) child.kill('SIGKILL')
  const file = files(folder)[0]
  if (child.exitCode !== 0 || !file) throw new Error('the download did not succeed')
  return file
}

/** @param {string} folder */
const files = (folder) => readdirSync(folder).map((name) => join(folder, name))

/** @param {string} folder */
const sizeOf = (folder) =>
  files(folder).reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
