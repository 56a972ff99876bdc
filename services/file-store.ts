import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { OutcomeFile } from '../domain/flow/import-state.ts'

/**
 * The store of files that must last like the tables: uploads, their outcome files, exports. A key is made of our ids and never of names
 * that somebody sent. This store is a folder that all processes share; a bucket could have the same interface.
 */
export interface FileStore {
  /** Makes the folder of a key and returns the path of its file. */
  prepare(key: string): Promise<string>
  /**
   * The path of a key.
   * @throws RangeError when the text is not a key
   */
  path(key: string): string
  /** Removes a file, or everything below a key. A key without a file is no error. */
  remove(key: string): Promise<void>
}

/** Only our own user may read files, because they contain names and fiscal codes. */
export const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

const KEY = /^[a-z0-9_-]+(\/[A-Za-z0-9_.-]+)*$/

export function createFileStore(root: string): FileStore {
  const path = (key: string): string => {
    if (!KEY.test(key) || key.includes('..')) throw new RangeError('not a key of the file store')
    return join(root, key)
  }
  return {
    path,
    async prepare(key) {
      await mkdir(dirname(path(key)), { recursive: true, mode: FOLDER_MODE })
      return path(key)
    },
    remove: (key) => rm(path(key), { recursive: true, force: true }),
  }
}

/** Makes the folder of the store private. Called when a process starts, because an earlier version made it readable by other users. */
export async function keepPrivate(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: FOLDER_MODE })
  await chmod(root, FOLDER_MODE)
}

export interface Measured {
  bytes: number
  sha256: Buffer
}

/**
 * Writes a stream into a new file and returns its size and digest.
 * @param allow is called with the size of each part before it is written. An error that it throws ends the writing.
 */
export async function writeMeasured(
  stream: Readable,
  path: string,
  allow: (bytes: number) => void = () => undefined,
): Promise<Measured> {
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(part: Buffer, _encoding, done) {
      try {
        allow(part.length)
      } catch (error) {
        return done(error instanceof Error ? error : new Error(String(error)))
      }
      hash.update(part)
      bytes += part.length
      done(null, part)
    },
  })
  await pipeline(stream, meter, createWriteStream(path, { flags: 'wx', mode: FILE_MODE }))
  return { bytes, sha256: hash.digest() }
}

/** Keys of the files of a flow. */
export const flowFiles = (flowId: string) => ({
  folder: `flows/${flowId}`,
  zip: `flows/${flowId}/input.zip`,
  csv: `flows/${flowId}/input.csv`,
  /** The spreadsheet from which `csv` was made. */
  sheet: `flows/${flowId}/sheet`,
  loadedPart: (name: string) => `flows/${flowId}/loaded/${name}`,
  loadedParts: `flows/${flowId}/loaded`,
  notice: (iuv: string) => `flows/${flowId}/notices/${iuv}.pdf`,
  notices: `flows/${flowId}/notices`,
  outcomes: `flows/${flowId}/out`,
  outcome: (kind: OutcomeFile) => `flows/${flowId}/out/${kind}.zip`,
})

/** Keys of the files of a draft. */
export const draftFiles = (draftId: string) => ({
  folder: `drafts/${draftId}`,
  original: `drafts/${draftId}/original`,
  converted: `drafts/${draftId}/converted.csv`,
  preview: `drafts/${draftId}/preview.json`,
})

/** Keys of the statement of a bank. */
export const treasuryFiles = (fileId: string) => ({
  folder: `treasury/${fileId}`,
  original: `treasury/${fileId}/original`,
})

/** Key of the file of an export: an archive, as a workbook is too. */
export const exportFile = (exportId: string): string => `exports/${exportId}.zip`

/** Keys of the files of an act on many dues. Its archive stands among the exports, whose unfinished files are removed. */
export const bulkFiles = (actId: string) => ({
  zip: `exports/act-${actId}.zip`,
  notices: `acts/${actId}`,
  notice: (iuv: string) => `acts/${actId}/${iuv}.pdf`,
})
