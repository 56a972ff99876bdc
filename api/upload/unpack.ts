import { createWriteStream } from 'node:fs'
import { open as openFile, stat } from 'node:fs/promises'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { getFileNameLowLevel, open, type Entry, type ZipFile } from 'yauzl'
import { FILE_MODE } from '../../services/file-store.ts'
import { hasName, isCompanion, problemOfEntry, type EntryProblem } from './entry.ts'
import type { UploadLimits } from './limits.ts'

/** Why an archive is not taken; what is wrong with an entry names it. */
export type ArchiveProblem =
  | { kind: 'not_zip' | 'too_many_entries' | 'no_csv' | 'broken' | 'too_big_unpacked' | 'bomb' }
  | { kind: EntryProblem | 'several_csv' | 'other_name'; entry: string }

export type Unpacked = { kind: 'ok'; bytes: number } | ArchiveProblem

/** Thrown inside, so that a stream ends at once; never leaves this module. */
class Refusal extends Error {
  readonly problem: ArchiveProblem
  constructor(problem: ArchiveProblem) {
    super(problem.kind)
    this.problem = problem
  }
}

/**
 * The one CSV of an archive, which has the archive's own name (`base`, without ending), written to a path as its bytes come out. An
 * archive that says itself that it is too big is believed; otherwise bytes are counted, and the first that is too much ends it.
 */
export async function unpackOne(
  zipPath: string,
  { base, to, limits }: { base: string; to: string; limits: UploadLimits },
): Promise<Unpacked> {
  let zip: ZipFile | undefined
  try {
    zip = await openZip(zipPath)
    const entry = await onlyCsv(zip, base, limits)
    const packed = (await stat(zipPath)).size
    const counter = new ByteCounter(limits, packed)
    const announced = counter.refusalAt(entry.uncompressedSize)
    if (announced) throw announced
    await pipeline(await streamOf(zip, entry), counter, createWriteStream(to, { mode: FILE_MODE }))
    return { kind: 'ok', bytes: counter.bytes }
  } catch (error) {
    if (error instanceof Refusal) return error.problem
    // Lying sizes, a bad checksum, a cut end, a method nobody knows: the library says so with plain errors.
    if (isOfMachine(error)) throw error
    if (isStrongEncryption(error)) return { kind: 'encrypted', entry: `${base}.csv` }
    return { kind: zip === undefined ? 'not_zip' : 'broken' }
  } finally {
    zip?.close()
  }
}

/** A full disk is no fault of the archive. */
const isOfMachine = (error: unknown): boolean =>
  ['ENOSPC', 'EFBIG', 'EDQUOT', 'EIO', 'EMFILE', 'EACCES'].includes((error as { code?: string }).code ?? '')

/** The library stops before it reads the name. */
const isStrongEncryption = (error: unknown): boolean => /strong encryption/.test((error as Error).message)

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(
      path,
      { lazyEntries: true, autoClose: false, validateEntrySizes: true, decodeStrings: false },
      (error, zip) => (error ? reject(error) : resolve(zip)),
    )
  })
}

/** Exactly one CSV with this name, beside what systems add; the first thing that is wrong is named. */
async function onlyCsv(zip: ZipFile, base: string, { entries }: UploadLimits): Promise<Entry> {
  if (zip.entryCount > entries) throw new Refusal({ kind: 'too_many_entries' })
  const found = (await entriesOf(zip)).filter(({ name }) => !isCompanion(name))
  for (const entry of found) {
    const kind = problemOfEntry(entry)
    if (kind !== undefined) throw new Refusal({ kind, entry: entry.name })
  }
  const [csv, other] = found
  if (!csv) throw new Refusal({ kind: 'no_csv' })
  if (other) throw new Refusal({ kind: 'several_csv', entry: other.name })
  if (!hasName(csv.name, base)) throw new Refusal({ kind: 'other_name', entry: csv.name })
  return csv.entry
}

type Named = { entry: Entry; name: string; isEncrypted: boolean; isLink: boolean }

function entriesOf(zip: ZipFile): Promise<Named[]> {
  const found: Named[] = []
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      const name = nameOf(entry)
      found.push({ entry, name, isEncrypted: entry.isEncrypted(), isLink: isLink(entry) })
      zip.readEntry()
    })
    zip.on('end', () => resolve(found))
    zip.on('error', reject)
    zip.readEntry()
  })
}

/** As the archive writes it: the library's own reading refuses paths that leave the folder without saying which. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true)
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
    const refusal = this.refusalAt(this.bytes)
    if (refusal) return done(refusal)
    done(null, part)
  }

  /** Of two limits the one that is reached first is named, whether bytes are counted or only announced. */
  refusalAt(bytes: number): Refusal | undefined {
    const { csvBytes, ratio } = this.#limits
    const mostByRatio = Math.max(SMALL, this.#packed * ratio)
    if (bytes <= Math.min(csvBytes, mostByRatio)) return undefined
    return new Refusal({ kind: mostByRatio < csvBytes ? 'bomb' : 'too_big_unpacked' })
  }
}

const HEADER_BYTES = 64 * 1024
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * The first line of a file that holds something, without mark and end, and where the next one begins; `undefined`: longer than a
 * line may be.
 */
export async function readHeader(path: string): Promise<{ text: string; firstByte: number } | undefined> {
  const file = await openFile(path, 'r')
  try {
    const buffer = Buffer.alloc(HEADER_BYTES)
    const { bytesRead } = await file.read(buffer, 0, HEADER_BYTES, 0)
    const bytes = buffer.subarray(0, bytesRead)
    for (let at = bytes.subarray(0, 3).equals(BOM) ? BOM.length : 0; ;) {
      const found = bytes.indexOf(10, at)
      if (found < 0 && bytesRead === HEADER_BYTES) return undefined
      const text = bytes.toString('utf8', at, found < 0 ? bytesRead : found).replace(/\r$/, '')
      at = found < 0 ? bytesRead : found + 1
      // Blank lines are no rows either.
      if (text.trim() !== '' || found < 0) return { text, firstByte: at }
    }
  } finally {
    await file.close()
  }
}
