import { readdir, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { codeOf } from '../db/ground/errors.ts'
import { writeMeasured, type FileStore, type Measured } from '../services/file-store.ts'
import { archiveOf, type ArchiveEntry } from '../templates/documents/zip.ts'

/** Streams an archive into a file of the store, which gets its name when it is complete. */
export const writeArchive = (
  files: FileStore,
  key: string,
  entries: readonly ArchiveEntry[],
): Promise<Measured> => writeWhole(files, key, () => archiveOf(entries))

/**
 * Streams a file into the store. It gets its name when it is complete. First removes unfinished copies of the same file: their writers were
 * killed, or are late and will fail at the rename.
 */
export async function writeWhole(files: FileStore, key: string, open: () => Readable): Promise<Measured> {
  const path = await files.prepare(key)
  await removeParts(files, key)
  const part = `${path}.${hostname()}-${process.pid}-${Date.now()}.part`
  try {
    const measured = await writeMeasured(open(), part)
    await rename(part, path)
    return measured
  } catch (error) {
    // An incomplete file is of no use, and a full disk needs the space.
    await rm(part, { force: true })
    throw error
  }
}

/** Removes all unfinished copies of this file. */
export async function removeParts(files: FileStore, key: string): Promise<void> {
  const path = files.path(key)
  for (const name of await partsIn(dirname(path)))
    if (name.startsWith(`${basename(path)}.`)) await rm(join(dirname(path), name), { force: true })
}

/** Removes unfinished exports of processes of this machine that have ended. Called by a worker that starts. */
export async function removeDeadParts(files: FileStore): Promise<void> {
  const folder = files.path('exports')
  for (const name of await partsIn(folder))
    if (isOfTheDead(name)) await rm(join(folder, name), { force: true })
}

const partsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.part'))

/** Our own process id counts as dead too, because a file with it was begun by an earlier process that had the same id. */
function isOfTheDead(name: string): boolean {
  const writer = /-(\d+)-\d+\.part$/.exec(name)
  const isOfHere = writer !== null && name.slice(0, writer.index).endsWith(`.${hostname()}`)
  return isOfHere && (Number(writer[1]) === process.pid || !isAlive(Number(writer[1])))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process that we may not signal is alive.
    return codeOf(error) === 'EPERM'
  }
}
