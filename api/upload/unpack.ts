import { createWriteStream } from 'node:fs'
import { open as openFile, stat } from 'node:fs/promises'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { open, type Entry, type ZipFile } from 'yauzl'
import { FILE_MODE } from '../../db/file-store.ts'
import type { UploadLimits } from './limits.ts'

/** Why an archive is not taken. */
export type ArchiveProblem =
  'not_zip' | 'too_many_entries' | 'other_entry' | 'encrypted' | 'broken' | 'too_big_unpacked' | 'bomb'

export type Unpacked = { kind: 'ok'; bytes: number } | { kind: ArchiveProblem }

/** Thrown inside, so that a stream ends at once; never leaves this module. */
class Refusal extends Error {
  readonly problem: ArchiveProblem
  constructor(problem: ArchiveProblem) {
    super(problem)
    this.problem = problem
  }
}

/**
 * The one file of an archive, written to a path as its bytes come out. What the archive says of itself is not believed: bytes are
 * counted, and the first that is too much ends it.
 */
export async function unpackOne(
  zipPath: string,
  { entryName, to, limits }: { entryName: string; to: string; limits: UploadLimits },
): Promise<Unpacked> {
  let zip: ZipFile | undefined
  try {
    zip = await openZip(zipPath)
    const entry = await onlyEntry(zip, entryName, limits)
    const packed = (await stat(zipPath)).size
    const counter = new ByteCounter(limits, packed)
    await pipeline(await streamOf(zip, entry), counter, createWriteStream(to, { mode: FILE_MODE }))
    return { kind: 'ok', bytes: counter.bytes }
  } catch (error) {
    if (error instanceof Refusal) return { kind: error.problem }
    // Lying sizes, a bad checksum, a cut end, a method nobody knows: the library says so with plain errors.
    if (isOfMachine(error)) throw error
    return { kind: zip === undefined ? 'not_zip' : 'broken' }
  } finally {
    zip?.close()
  }
}

/** A full disk is no fault of the archive. */
const isOfMachine = (error: unknown): boolean =>
  ['ENOSPC', 'EFBIG', 'EDQUOT', 'EIO', 'EMFILE', 'EACCES'].includes((error as { code?: string }).code ?? '')

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    )
  })
}

/** Exactly one entry, with the name of the archive, which is a file of its own and open to read. */
async function onlyEntry(zip: ZipFile, name: string, { entries }: UploadLimits): Promise<Entry> {
  if (zip.entryCount > entries) throw new Refusal('too_many_entries')
  const found: Entry[] = []
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      found.push(entry)
      if (found.length > 1 || entry.fileName !== name) return reject(new Refusal('other_entry'))
      zip.readEntry()
    })
    zip.on('end', resolve)
    zip.on('error', reject)
    zip.readEntry()
  })
  const [entry] = found
  if (!entry) throw new Refusal('other_entry')
  if (entry.isEncrypted()) throw new Refusal('encrypted')
  if (isLink(entry)) throw new Refusal('other_entry')
  return entry
}

/** The upper half of the attributes is the mode that Unix gave the file. */
const isLink = (entry: Entry): boolean => ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000

function streamOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)))
  })
}

/** Below this no ratio is suspicious: a short file of equal rows packs well. */
const SMALL = 1024 ** 2

class ByteCounter extends Transform {
  bytes = 0
  readonly #limits: UploadLimits
  readonly #packed: number

  constructor(limits: UploadLimits, packed: number) {
    super()
    this.#limits = limits
    this.#packed = packed
  }

  override _transform(
    part: Buffer,
    _encoding: string,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    this.bytes += part.length
    if (this.bytes > this.#limits.csvBytes) return done(new Refusal('too_big_unpacked'))
    if (this.bytes > SMALL && this.bytes > this.#packed * this.#limits.ratio) return done(new Refusal('bomb'))
    done(null, part)
  }
}

const HEADER_BYTES = 64 * 1024
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** The first line of a file, without mark and end, and where the next one begins; `undefined`: longer than a line may be. */
export async function readHeader(path: string): Promise<{ text: string; firstByte: number } | undefined> {
  const file = await openFile(path, 'r')
  try {
    const buffer = Buffer.alloc(HEADER_BYTES)
    const { bytesRead } = await file.read(buffer, 0, HEADER_BYTES, 0)
    const bytes = buffer.subarray(0, bytesRead)
    const found = bytes.indexOf(10)
    if (found < 0 && bytesRead === HEADER_BYTES) return undefined
    const end = found < 0 ? bytesRead : found
    const start = bytes.subarray(0, 3).equals(BOM) ? BOM.length : 0
    return {
      text: bytes.subarray(start, end).toString('utf8').replace(/\r$/, ''),
      firstByte: found < 0 ? bytesRead : found + 1,
    }
  } finally {
    await file.close()
  }
}
