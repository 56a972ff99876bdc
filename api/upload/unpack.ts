import { createWriteStream } from 'node:fs'
import { open as openFile, stat } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl'
import { codeOf } from '../../domain/errors.ts'
import { FILE_MODE } from '../../services/file-store.ts'
import { entriesOf, openZip, streamOf } from '../../services/zip.ts'
import { hasName, isCompanion, problemOfEntry, type EntryProblem } from './entry.ts'
import type { UploadLimits } from './limits.ts'

/** Why an archive is refused. `entry` is the name of the entry that is wrong. */
export type ArchiveProblem =
  | { kind: 'not_zip' | 'too_many_entries' | 'no_csv' | 'broken' | 'too_big_unpacked' | 'bomb' }
  | { kind: EntryProblem | 'several_csv' | 'other_name'; entry: string }

export type Unpacked = { kind: 'ok'; bytes: number } | ArchiveProblem

/** Thrown inside this module only, so that a stream ends at once. */
class Refusal extends Error {
  readonly problem: ArchiveProblem
  constructor(problem: ArchiveProblem) {
    super(problem.kind)
    this.problem = problem
  }
}

/**
 * Unpacks the one CSV file of an archive to the path `to`. The CSV must have the name of the archive (`base`, without extension), or any
 * name when there is no `base`. The archive is refused when it announces too large a size; the unpacked bytes are counted as well, and the first byte too many ends it.
 */
export async function unpackOne(
  zipPath: string,
  { base, to, limits }: { base?: string; to: string; limits: UploadLimits },
): Promise<Unpacked> {
  let zip: ZipFile | undefined
  try {
    zip = await openZip(zipPath, { decodesNames: false })
    const entry = await onlyCsv(zip, base, limits)
    const packed = (await stat(zipPath)).size
    const counter = new ByteCounter(limits, packed)
    const announced = counter.refusalAt(entry.uncompressedSize)
    if (announced) throw announced
    await pipeline(await streamOf(zip, entry), counter, createWriteStream(to, { mode: FILE_MODE }))
    return { kind: 'ok', bytes: counter.bytes }
  } catch (error) {
    if (error instanceof Refusal) return error.problem
    // Wrong sizes, a wrong checksum, a missing end and an unknown method are plain errors of the library.
    if (isOfMachine(error)) throw error
    if (isStrongEncryption(error))
      return { kind: 'encrypted', entry: base === undefined ? '.csv' : `${base}.csv` }
    return { kind: zip === undefined ? 'not_zip' : 'broken' }
  } finally {
    zip?.close()
  }
}

/** True for an error of our machine, such as a full disk, which is no fault of the archive. */
const isOfMachine = (error: unknown): boolean =>
  ['ENOSPC', 'EFBIG', 'EDQUOT', 'EIO', 'EMFILE', 'EACCES'].includes(codeOf(error) ?? '')

/** True when the archive uses "strong encryption". The library stops before it has read the name of the entry. */
const isStrongEncryption = (error: unknown): boolean =>
  error instanceof Error && /strong encryption/.test(error.message)

/** The only CSV file of the archive, beside files that operating systems add. @throws Refusal with the first problem */
async function onlyCsv(zip: ZipFile, base: string | undefined, { entries }: UploadLimits): Promise<Entry> {
  if (zip.entryCount > entries) throw new Refusal({ kind: 'too_many_entries' })
  const found = (await entriesOf(zip)).map(named).filter(({ name }) => !isCompanion(name))
  for (const entry of found) {
    const kind = problemOfEntry(entry)
    if (kind !== undefined) throw new Refusal({ kind, entry: entry.name })
  }
  const [csv, other] = found
  if (!csv) throw new Refusal({ kind: 'no_csv' })
  if (other) throw new Refusal({ kind: 'several_csv', entry: other.name })
  if (base !== undefined && !hasName(csv.name, base))
    throw new Refusal({ kind: 'other_name', entry: csv.name })
  return csv.entry
}

type Named = { entry: Entry; name: string; isEncrypted: boolean; isLink: boolean }

const named = (entry: Entry): Named => ({
  entry,
  name: nameOf(entry),
  isEncrypted: entry.isEncrypted(),
  isLink: isLink(entry),
})

/** The name as the archive has it. The library's own check of names would refuse a path out of the folder without naming it. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true)
}

/** True for a symbolic link: the upper 16 bits of the attributes are the Unix mode of the file. */
const isLink = (entry: Entry): boolean => ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000

/** Up to this many bytes every ratio is allowed, because a short file with equal rows packs very well. */
const SMALL = 1024 ** 2

/** Counts the bytes that pass, and ends the stream at the first byte above the limits. */
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

  /**
   * The refusal for so many unpacked bytes, counted or announced; undefined when they are allowed. It names the smaller of the two limits.
   */
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
 * The first line of a file that is not blank, without byte order mark and line end, and the offset in bytes of the next line.
 * @returns undefined when the line does not end within the first 64 KB
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
      // Blank lines before the header are skipped, as they are among the rows.
      if (text.trim() !== '' || found < 0) return { text, firstByte: at }
    }
  } finally {
    await file.close()
  }
}
