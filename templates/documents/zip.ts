import { PassThrough, Readable } from 'node:stream'
import JSZip from 'jszip'

/** A file of an archive; its bytes are asked for when its turn comes. */
export interface ZipEntry {
  name: string
  bytes(): Promise<Buffer>
}

/**
 * An archive as a stream: one file is drawn after the other and nothing is kept, however many there are. PDF files are
 * compressed already: they are stored as they are.
 */
export function zipOf(entries: readonly ZipEntry[]): Readable {
  const zip = new JSZip()
  for (const { name, bytes } of entries)
    zip.file(name, whenAsked(bytes), { compression: 'STORE', date: EPOCH })
  const archive = zip.generateNodeStream({ streamFiles: true, compression: 'STORE' })
  // The library's streams are of an older kind, which cannot be awaited and does not hear that its reader left.
  const out = new PassThrough()
  archive.on('error', (error: Error) => out.destroy(error))
  return archive.pipe(out)
}

/** Zip has no zone and no day before this; the same files make the same archive. */
const EPOCH = new Date('1980-01-01T00:00:00Z')

/** Draws nothing before it is read. */
function whenAsked(bytes: () => Promise<Buffer>): Readable {
  return Readable.from(
    (async function* drawn() {
      yield await bytes()
    })(),
    { objectMode: false },
  )
}
