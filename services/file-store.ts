import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { OutcomeFile } from '../domain/flow/import-state.ts'

/**
 * Files that must last beside the tables: uploads, their outcome files, exports. Their names are made of our ids, never of what
 * somebody sent. Here a folder, which copies of the processes share; a bucket would fit the same shape.
 */
export interface FileStore {
  /** Where a file is or will be; its folder exists afterwards. */
  prepare(key: string): Promise<string>
  path(key: string): string
  /** A file or everything below a key; what is not there is no fault. */
  remove(key: string): Promise<void>
}

/** Files hold names and fiscal codes: no other user of the machine reads them. */
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

/** Asked for when a process starts, because an earlier version left its folder open to other users. */
export async function keepPrivate(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: FOLDER_MODE })
  await chmod(root, FOLDER_MODE)
}

export interface Measured {
  bytes: number
  sha256: Buffer
}

/**
 * A stream into a new file, with the size and the digest of what went through.
 * @param allow told of every part before it is written; what it throws ends the file
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
        return done(error as Error)
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
  loadedPart: (name: string) => `flows/${flowId}/loaded/${name}`,
  loadedParts: `flows/${flowId}/loaded`,
  notice: (iuv: string) => `flows/${flowId}/notices/${iuv}.pdf`,
  notices: `flows/${flowId}/notices`,
  outcomes: `flows/${flowId}/out`,
  outcome: (kind: OutcomeFile) => `flows/${flowId}/out/${kind}.zip`,
})

/** Key of the archive of an export. */
export const exportFile = (exportId: string): string => `exports/${exportId}.zip`
