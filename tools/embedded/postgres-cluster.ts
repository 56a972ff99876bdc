import { createHash } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { startChild } from './child.ts'
import { logTail } from './log-tail.ts'
import { canReach, openFolder, type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts'
import { SUPERUSER } from './postgres-client.ts'

export interface Cluster {
  dir: string
  binaries: PostgresBinaries
}

/** Programs and folder of a cluster. The folder is elsewhere when the server's user cannot enter `dataDir`. */
export function binariesFor(dataDir: string): Cluster {
  const wanted = resolve(dataDir)
  const binaries = postgresBinaries()
  mkdirSync(dirname(wanted), { recursive: true })
  if (!binaries.user || canReach(dirname(wanted), binaries.user)) return { dir: wanted, binaries }
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 16)
  return { dir: join(openFolder(), `cluster-${key}`), binaries }
}

/** Makes the cluster unless it exists. Makes it aside and renames it, so that an interrupted one is never used. */
export async function ensureCluster({ dir, binaries }: Cluster, logFile: string): Promise<void> {
  if (existsSync(join(dir, 'PG_VERSION'))) return
  const partial = `${dir}.new`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { mode: 0o700 })
  const passwordFile = `${dir}.password`
  writeFileSync(passwordFile, SUPERUSER.password)
  if (binaries.user)
    for (const path of [partial, passwordFile]) chownSync(path, binaries.user.uid, binaries.user.gid)
  try {
    await initdb(binaries, partial, passwordFile, logFile)
  } finally {
    rmSync(passwordFile)
  }
  rmSync(dir, { recursive: true, force: true })
  renameSync(partial, dir)
}

async function initdb(
  binaries: PostgresBinaries,
  dir: string,
  passwordFile: string,
  logFile: string,
): Promise<void> {
  const child = await startChild({
    command: binaries.initdb,
    args: [
      `--pgdata=${dir}`,
      `--username=${SUPERUSER.name}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The built-in provider sorts texts the same way on every machine, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    logFile,
    cwd: dir,
    user: binaries.user,
  })
  const { code } = await child.exited
  if (code !== 0) throw new Error(`PostgreSQL's initdb failed\n${logTail(logFile)}`)
}
