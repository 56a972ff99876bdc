import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeMeasured, type FileStore } from '../../services/file-store.ts'
import { archiveOf } from '../../templates/documents/zip.ts'
import type { ReceivedFile } from './receive.ts'

/**
 * Puts a CSV of any name into the documented archive `<base>.zip`, so that everything that arrives is loaded in one form. The entry is not
 * compressed, because a long CSV with similar rows would pack so well that the limits of archives refuse it. The same bytes and name give
 * the same archive. The CSV stays.
 */
export async function wrapCsv(files: FileStore, csvKey: string, base: string): Promise<ReceivedFile> {
  const key = `uploads/${randomUUID()}.zip`
  const entry = {
    name: `${base}.csv`,
    open: () => createReadStream(files.path(csvKey)),
    isCompressed: false,
  }
  try {
    const measured = await writeMeasured(archiveOf([entry]), await files.prepare(key))
    return { name: `${base}.zip`, key, ...measured }
  } catch (error) {
    await files.remove(key)
    throw error
  }
}
