import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { FileStore } from '../db/file-store.ts'

export interface ArchiveEntry {
  name: string
  /** Opened when its turn comes. */
  open: () => Readable
  isCompressed: boolean
}

/** Zip has no zone and no day before this; the same files make the same archive. */
const EPOCH = new Date(1980, 0, 1)

/**
 * An archive as a file of the store, streamed; it takes its name when it is whole. Answers its size and digest. Who does it twice at
 * the same time writes two, and the last one stays.
 */
export async function writeArchive(
  files: FileStore,
  key: string,
  entries: readonly ArchiveEntry[],
): Promise<{ bytes: number; sha256: Buffer }> {
  const path = await files.prepare(key)
  const zip = new ZipFile()
  const out = zip.outputStream as Readable
  for (const { name, open, isCompressed } of entries)
    zip.addReadStreamLazy(
      name,
      { mtime: EPOCH, ...(isCompressed ? { compressionLevel: 3 } : { compress: false }) },
      (give) => {
        const stream = open()
        stream.on('error', (error) => out.destroy(error))
        give(null, stream)
      },
    )
  zip.end()
  const hash = createHash('sha256')
  let bytes = 0
  const counter = new Transform({
    transform(part: Buffer, _encoding, done) {
      hash.update(part)
      bytes += part.length
      done(null, part)
    },
  })
  const part = `${path}.${process.pid}-${Date.now()}.part`
  await pipeline(out, counter, createWriteStream(part))
  await rename(part, path)
  return { bytes, sha256: hash.digest() }
}
