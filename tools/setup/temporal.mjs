import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { downloadTemporal } from './temporal-download.mjs'
import { readJson, STAMPS, userCache, writeJson } from './folders.mjs'
import { run, step } from './progress.mjs'

/** tools/embedded/temporal-binary.ts reads this file. */
const RECORD = join(STAMPS, 'temporal.json')
const OLDEST_SERVER = [1, 32]
const MODULE = 'tools/temporal'
const COMMAND = 'github.com/temporalio/cli/cmd/temporal'

const NOT_FOUND = `No Temporal server was found. Any one of these will do:
  1. TEMPORAL_ADDRESS=host:port   a server that runs already (line 1.32 or newer)
  2. "temporal" on the PATH       the Temporal CLI with server 1.32 or newer
  3. a network connection         the CLI is then downloaded by the Temporal SDK
  4. Go 1.21 or newer             the CLI is then built from ${MODULE} (about 5 minutes, once)`

/** Writes the path of a usable server to RECORD. Tries the PATH, the cache, a download and a build with Go, in this order. */
export async function findTemporal() {
  if (process.env.TEMPORAL_ADDRESS) return
  const cached = join(
    userCache(),
    `temporal-cli-${cliVersion()}${process.platform === 'win32' ? '.exe' : ''}`,
  )
  const path = (await onPath()) ?? existing(cached) ?? (await download(cached)) ?? (await goBuild(cached))
  if (!path) throw new Error(NOT_FOUND)
  const record = { path, stamp: stampOf(path) }
  if (JSON.stringify(readJson(RECORD)) !== JSON.stringify(record)) writeJson(RECORD, record)
}

function cliVersion() {
  const found = /github\.com\/temporalio\/cli v(\S+)/.exec(readFileSync(join(MODULE, 'go.mod'), 'utf8'))
  if (!found) throw new Error(`${MODULE}/go.mod does not name a version of the Temporal CLI`)
  return found[1]
}

async function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const path = folders.map((folder) => join(folder, 'temporal')).find(isExecutable)
  if (!path) return undefined
  const record = readJson(RECORD)
  // A known program is not started again for its version, because that takes longer than the rest of the set-up.
  if (record?.path === path && record.stamp === stampOf(path)) return path
  return (await isUsable(path)) ? path : undefined
}

function existing(path) {
  return isExecutable(path) ? path : undefined
}

async function download(cached) {
  const folder = `${cached}.download`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  try {
    const file = await step('Downloading the Temporal server', () => downloadTemporal(folder, cliVersion()))
    return await keep(file, cached)
  } catch {
    return undefined // findTemporal then tries the next way; when all fail, its error lists them
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function goBuild(cached) {
  const partial = `${cached}.${process.pid}`
  try {
    await run('go', ['version'])
  } catch {
    return undefined
  }
  try {
    await step('Building the Temporal server (about 5 minutes, once)', () =>
      run('go', ['build', '-o', partial, COMMAND], { cwd: MODULE }),
    )
    return await keep(partial, cached)
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    return undefined
  } finally {
    rmSync(partial, { force: true })
  }
}

async function keep(file, cached) {
  if (!(await isUsable(file))) return undefined
  renameSync(file, cached)
  return cached
}

async function isUsable(path) {
  try {
    const [, major, minor] = /Server (\d+)\.(\d+)/.exec(await run(path, ['--version'])) ?? []
    return (
      Number(major) > OLDEST_SERVER[0] ||
      (Number(major) === OLDEST_SERVER[0] && Number(minor) >= OLDEST_SERVER[1])
    )
  } catch {
    return false
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return existsSync(path) && statSync(path).isFile()
  } catch {
    return false
  }
}

function stampOf(path) {
  const { mtimeMs, size } = statSync(path)
  return `${mtimeMs} ${size}`
}
