import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** A file of an archive. `bytes` is called only when the archive reaches it. */
export interface ZipEntry {
  name: string
  bytes(): Promise<Buffer>
}

/** A file of an archive as a stream. `open` is called only when the archive reaches it. */
export interface ArchiveEntry {
  name: string
  open: () => Readable
  isCompressed: boolean
}

/**
 * An archive of generated files as a stream. Files are generated one after the other and not kept, so memory does not
 * grow with their number. PDF files are already compressed, so they are stored without compression.
 */
export const zipOf = (entries: readonly ZipEntry[]): Readable =>
  archiveOf(entries.map(({ name, bytes }) => ({ name, open: () => whenAsked(bytes), isCompressed: false })))

/** The date of every entry, so that the same files make the same archive. Zip has no time zone and no earlier day. */
const EPOCH = new Date(1980, 0, 1)

/**
 * An archive as a stream, compressed by Node's own threads. If reading a file fails, the stream ends with that error.
 */
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

/** A stream that generates the bytes only when it is read. */
function whenAsked(bytes: () => Promise<Buffer>): Readable {
  return Readable.from(
    (async function* drawn() {
      yield await bytes()
    })(),
    { objectMode: false },
  )
}
