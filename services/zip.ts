import { open as openFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { open, type Entry, type ZipFile } from 'yauzl'

/**
 * Opens an archive. The entries come one by one and their sizes are checked while they are read; whoever opens it closes it.
 * @param decodesNames false: names stay bytes, and a name that leads out of the folder is not refused
 */
export const openZip = (path: string, { decodesNames }: { decodesNames: boolean }): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const options = {
      lazyEntries: true,
      autoClose: false,
      validateEntrySizes: true,
      decodeStrings: decodesNames,
    }
    open(path, options, (error, zip) => (error ? reject(error) : resolve(zip)))
  })

/** All entries of an archive. Read its `entryCount` first, because an archive may have very many. */
export function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const found: Entry[] = []
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      found.push(entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(found))
    zip.on('error', reject)
    zip.readEntry()
  })
}

/** The unpacked bytes of an entry. */
export const streamOf = (zip: ZipFile, entry: Entry): Promise<Readable> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)))
  })

/** The most entries of an archive that is looked through for what it is. */
const MOST_ENTRIES = 500

/** True for an XLSX, whatever its name is. */
export async function isWorkbook(path: string): Promise<boolean> {
  const start = await firstBytes(path, 2)
  if (start.toString('latin1') !== 'PK') return false
  const zip = await openZip(path, { decodesNames: true }).catch(() => undefined)
  if (!zip) return false
  try {
    if (zip.entryCount > MOST_ENTRIES) return false
    return (await entriesOf(zip)).some(({ fileName }) => fileName === 'xl/workbook.xml')
  } catch {
    // What cannot be read is judged, and refused, by whoever unpacks it.
    return false
  } finally {
    zip.close()
  }
}

/** The first bytes of a file, which say of what kind it is; fewer when the file is shorter. */
export async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await openFile(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
