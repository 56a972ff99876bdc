import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { SheetProblem } from '../../domain/flow/sheet/problem.ts'
import { entriesOf, openZip, streamOf } from '../../services/zip.ts'

/** Limits of an XLSX, which is an archive. The library that reads it has none and holds everything in memory. */
const LIMITS = {
  zipBytes: 16 * 1024 ** 2,
  /** Unpacked bytes of all entries together, announced and counted. */
  bytes: 64 * 1024 ** 2,
  /** Unpacked bytes by packed ones, above `smallBytes`. Equal rows pack well, so it is generous. */
  ratio: 200,
  smallBytes: 4 * 1024 ** 2,
  entries: 500,
}

/** Thrown inside these modules only, so that a stream ends at once. */
export class SheetRefusal extends Error {
  readonly problem: SheetProblem
  constructor(problem: SheetProblem) {
    super(problem.kind)
    this.problem = problem
  }
}

/**
 * Gives every XML entry of an XLSX to `take`, one after the other, and counts their bytes: the first one too many ends the reading, whatever
 * the archive announces.
 * @throws SheetRefusal
 */
export async function forEachXml(
  path: string,
  take: (name: string, parts: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const packed = (await stat(path)).size
  if (packed > LIMITS.zipBytes) throw new SheetRefusal({ kind: 'too_big' })
  const zip = await openZip(path, { decodesNames: true })
  try {
    if (zip.entryCount > LIMITS.entries) throw new SheetRefusal({ kind: 'broken' })
    const most = Math.min(LIMITS.bytes, Math.max(LIMITS.smallBytes, packed * LIMITS.ratio))
    const entries = await entriesOf(zip)
    if (!entries.some(({ fileName }) => fileName === '[Content_Types].xml'))
      throw new SheetRefusal({ kind: 'archive' })
    const announced = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
    if (announced > most) throw new SheetRefusal({ kind: 'too_big' })
    let counted = 0
    const count = (bytes: number): void => {
      counted += bytes
      if (counted > most) throw new SheetRefusal({ kind: 'too_big' })
    }
    for (const entry of entries.filter(({ fileName }) => /\.xml(\.rels)?$/.test(fileName)))
      await take(entry.fileName, counting(await streamOf(zip, entry), count))
  } finally {
    zip.close()
  }
}

async function* counting(stream: Readable, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const part of stream) {
    const bytes = part as Buffer
    count(bytes.length)
    yield bytes
  }
}
