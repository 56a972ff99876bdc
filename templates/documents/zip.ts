import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** A file of an archive; its bytes are asked for when its turn comes. */
export interface ZipEntry {
  name: string
  bytes(): Promise<Buffer>
}

/** A file of an archive as a stream, opened when its turn comes. */
export interface ArchiveEntry {
  name: string
  open: () => Readable
  isCompressed: boolean
}

/**
 * An archive of drawn files as a stream: one is drawn after the other and nothing is kept, however many there are. PDF files are
 * compressed already: they are stored as they are.
 */
export const zipOf = (entries: readonly ZipEntry[]): Readable =>
  archiveOf(entries.map(({ name, bytes }) => ({ name, open: () => whenAsked(bytes), isCompressed: false })))

/** Zip has no zone and no day before this; the same files make the same archive. */
const EPOCH = new Date(1980, 0, 1)

/** An archive as a stream, compressed by Node's own threads. A file that fails ends it with that failure. */
export function archiveOf(entries: readonly ArchiveEntry[]): Readable {
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
  return out
}

/** Draws nothing before it is read. */
function whenAsked(bytes: () => Promise<Buffer>): Readable {
  return Readable.from(
    (async function* drawn() {
      yield await bytes()
    })(),
    { objectMode: false },
  )
}
