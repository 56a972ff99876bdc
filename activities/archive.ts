import { readdir, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { writeMeasured, type FileStore, type Measured } from '../services/file-store.ts'
import { archiveOf, type ArchiveEntry } from '../templates/documents/zip.ts'

/**
 * An archive as a file of the store, streamed; it takes its name when it is whole. A new attempt first removes what earlier ones of
 * the same archive left: they were killed, or have lost their turn and fail when they want to rename what is gone.
 */
export async function writeArchive(
  files: FileStore,
  key: string,
  entries: readonly ArchiveEntry[],
): Promise<Measured> {
  const path = await files.prepare(key)
  await removeParts(files, key)
  const part = `${path}.${hostname()}-${process.pid}-${Date.now()}.part`
  try {
    const measured = await writeMeasured(archiveOf(entries), part)
    await rename(part, path)
    return measured
  } catch (error) {
    // What is not whole is of no use, and a full disk needs its place.
    await rm(part, { force: true })
    throw error
  }
}

/** Unfinished copies of this archive, whoever began them. */
export async function removeParts(files: FileStore, key: string): Promise<void> {
  const path = files.path(key)
  for (const name of await partsIn(dirname(path)))
    if (name.startsWith(`${basename(path)}.`)) await rm(join(dirname(path), name), { force: true })
}

/** Unfinished exports of processes of this machine that are no more; called by a worker that starts. */
export async function removeDeadParts(files: FileStore): Promise<void> {
  const folder = files.path('exports')
  for (const name of await partsIn(folder))
    if (isOfTheDead(name)) await rm(join(folder, name), { force: true })
}

const partsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.part'))

/** Our own number counts as dead too: whoever had it before we started is gone. */
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
    return (error as { code?: string }).code === 'EPERM'
  }
}
