import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Entry, ZipFile } from 'yauzl'
import { codeOf } from '../../domain/errors.ts'
import type { ArchiveRefusal } from '../../domain/treasury/problem.ts'
import { entriesOf, firstBytes, openZip, streamOf } from '../../services/zip.ts'

/** Limits of a statement. A journal of a day has some megabytes. Source: docs/field/files.md#limits. */
export const STATEMENT_LIMITS = {
  /** Unpacked bytes of all parts together. */
  bytes: 50 * 1024 ** 2,
  /** Unpacked bytes by packed ones, above `smallBytes`. */
  ratio: 100,
  smallBytes: 1024 ** 2,
  /** Entries of an archive: the pages of a journal. */
  entries: 200,
}

/** Thrown inside these modules only. */
export class ArchiveError extends Error {
  readonly refusal: ArchiveRefusal
  constructor(kind: ArchiveRefusal['kind']) {
    super(kind)
    this.refusal = { kind }
  }
}

/** One file of a statement. It can be read more than once. */
export interface Part {
  bytes(): AsyncIterable<Uint8Array>
}

/**
 * Gives the files of a statement to `work`: the file itself, or those of an archive in their order. Names of entries lead nowhere, because
 * nothing is written.
 * @throws ArchiveError
 */
export async function withParts<T>(
  path: string,
  work: (parts: readonly Part[]) => Promise<T>,
  limits = STATEMENT_LIMITS,
): Promise<T> {
  if ((await firstBytes(path, 2)).toString('latin1') !== 'PK') {
    const { size } = await stat(path)
    if (size > limits.bytes) throw new ArchiveError('too_big')
    return work([{ bytes: () => createReadStream(path) }])
  }
  const zip = await openZip(path, { decodesNames: false }).catch((error: unknown) => refuse(error, 'not_zip'))
  try {
    const entries = await soundEntries(zip, (await stat(path)).size, limits)
    return await work(entries.map((entry) => ({ bytes: () => unpacked(zip, entry) })))
  } finally {
    zip.close()
  }
}

/** Files that operating systems add to an archive by themselves, and folders. Source: docs/field/files.md#limits. */
const COMPANION = /\/$|^__MACOSX\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i

/** The library ends the reading of an entry that has more bytes than it announces, so the announced sizes are enough. */
async function soundEntries(zip: ZipFile, packed: number, limits: typeof STATEMENT_LIMITS): Promise<Entry[]> {
  if (zip.entryCount > limits.entries) throw new ArchiveError('too_many_entries')
  const entries = (await entriesOf(zip).catch((error: unknown) => refuse(error, 'broken'))).filter(
    ({ fileNameRaw }) => !COMPANION.test(fileNameRaw.toString('latin1')),
  )
  if (entries.length === 0) throw new ArchiveError('nothing')
  if (entries.some((entry) => entry.isEncrypted())) throw new ArchiveError('encrypted')
  const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (bytes > limits.bytes) throw new ArchiveError('too_big')
  if (bytes > Math.max(limits.smallBytes, packed * limits.ratio)) throw new ArchiveError('bomb')
  return entries
}

async function* unpacked(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of await streamOf(zip, entry)) yield part as Buffer
  } catch (error) {
    refuse(error, 'broken')
  }
}

/** Errors of our machine are thrown as they are; wrong sizes and checksums are plain errors of the library. */
function refuse(error: unknown, kind: ArchiveRefusal['kind']): never {
  if (codeOf(error) !== undefined) throw error
  throw new ArchiveError(kind)
}
