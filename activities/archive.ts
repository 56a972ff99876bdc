import { rename, rm } from 'node:fs/promises'
import { writeMeasured, type FileStore, type Measured } from '../db/file-store.ts'
import { archiveOf, type ArchiveEntry } from '../templates/documents/zip.ts'

/**
 * An archive as a file of the store, streamed; it takes its name when it is whole. Who does it twice at the same time writes two, and
 * the last one stays.
 */
export async function writeArchive(
  files: FileStore,
  key: string,
  entries: readonly ArchiveEntry[],
): Promise<Measured> {
  const path = await files.prepare(key)
  const part = `${path}.${process.pid}-${Date.now()}.part`
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
