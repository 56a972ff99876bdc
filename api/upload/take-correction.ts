import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { isContentTaken, isIufTaken, type Flow } from '../../db/flow/flow.ts'
import { flowNameOf, isIuf } from '../../domain/flow/name.ts'
import { firstBytes } from '../../services/zip.ts'
import type { ReceivedFile } from './receive.ts'
import { takeCsv, type CsvFile } from './take-csv.ts'
import type { FlowProblem } from './new-flow.ts'
import type { Taking } from './take-flow.ts'
import { isSheetFile, keepDraft, receivedCsv, type Operator } from './take-sent.ts'
import { unpackOne } from './unpack.ts'

interface Correction {
  corrected: Flow
  iuf: string
  sender: Operator
  how: 'sheet' | undefined
}

/**
 * Makes a flow of the corrected rows of another one, with the new IUF and the version of the corrected file. They arrive as a CSV or as an
 * archive with one CSV, both of any name; a spreadsheet becomes a draft, which is converted and confirmed first. The received file stays or
 * belongs to the draft.
 */
export async function takeCorrection(
  taking: Taking,
  received: ReceivedFile,
  { corrected, iuf, sender, how }: Correction,
): Promise<
  | { kind: 'taken'; flowId: string; baseName: string }
  | { kind: 'draft'; draftId: string; isSheet: boolean }
  | FlowProblem
> {
  const { db, files } = taking
  const own = { ...sender, correctsId: corrected.id }
  const { format } = corrected
  if (await isContentTaken(db, sender.enteId, received.sha256)) return { kind: 'bytes' }
  if (!isIuf(iuf)) return { kind: 'iuf_malformed' }
  if (await isIufTaken(db, sender.enteId, iuf)) return { kind: 'iuf' }
  if (how === 'sheet' || (await isSheetFile(taking, received)))
    return keepDraft(taking, received, own, { kind: 'sheet', iuf, format })
  const name = flowNameOf(sender.codIpa, iuf, format)
  const unpackedKey = `uploads/${randomUUID()}.csv`
  try {
    const file = await plainCsv(taking, received, { unpackedKey, base: name.base })
    return 'kind' in file ? file : await takeCsv(taking, file, { name, sender: own })
  } finally {
    await files.remove(unpackedKey)
  }
}

/** The CSV: the received file itself, or the one that was in it. */
async function plainCsv(
  { files, limits }: Taking,
  received: ReceivedFile,
  { unpackedKey, base }: { unpackedKey: string; base: string },
): Promise<CsvFile | FlowProblem> {
  const path = files.path(received.key)
  if (!(await firstBytes(path, ZIP_MAGIC.length)).equals(ZIP_MAGIC)) return receivedCsv(files, received)
  const to = await files.prepare(unpackedKey)
  const unpacked = await unpackOne(path, { to, limits })
  if (unpacked.kind !== 'ok') return unpacked
  const { bytes } = unpacked
  const sha256 = await digestOf(to)
  return { path: to, source: 'csv', originalName: `${base}.csv`, csvBytes: bytes, bytes, sha256 }
}

async function digestOf(path: string): Promise<Buffer> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest()
}

const ZIP_MAGIC = Buffer.from([0x50, 0x4b, 0x03, 0x04])
