import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Flow } from '../../db/flow/flow.ts'
import { readFlowName } from '../../domain/flow/name.ts'
import type { ReceivedFile } from './receive.ts'
import { takeFlow, type FlowProblem, type FlowSender, type Taking } from './take-flow.ts'
import { unpackOne } from './unpack.ts'
import { wrapCsv } from './wrap-csv.ts'

/**
 * Makes a flow of the corrected rows of another one. They arrive as a CSV or as an archive with one CSV, both of any name, and become the
 * documented archive with the new IUF and the version of the corrected file. The received file is removed in every case.
 */
export async function takeCorrection(
  taking: Taking,
  received: ReceivedFile,
  { corrected, iuf, sender }: { corrected: Flow; iuf: string; sender: FlowSender },
): Promise<{ kind: 'taken'; flowId: string; baseName: string } | FlowProblem> {
  const { files } = taking
  const csvKey = `uploads/${randomUUID()}.csv`
  try {
    const base = `${sender.codIpa}-${iuf}-${corrected.format}`
    const name = readFlowName(`${base}.zip`, sender.codIpa)
    // A dash in the IUF gives the name more parts; the form has only the IUF, so its words are those of a wrong IUF.
    if (name.kind !== 'ok' || name.name.base !== base) return { kind: 'iuf_malformed' }
    const plain = await plainCsv(taking, received, csvKey)
    if (typeof plain !== 'string') return plain
    return await takeFlow(taking, await wrapCsv(files, plain, base), { ...sender, correctsId: corrected.id })
  } finally {
    await files.remove(csvKey)
    await files.remove(received.key)
  }
}

/** The key of the CSV: of the received file itself, or of the one that was in it. */
async function plainCsv(
  { files, limits }: Taking,
  received: ReceivedFile,
  csvKey: string,
): Promise<string | FlowProblem> {
  if (!(await isZip(files.path(received.key)))) return received.key
  const to = await files.prepare(csvKey)
  const unpacked = await unpackOne(files.path(received.key), { to, limits })
  return unpacked.kind === 'ok' ? csvKey : unpacked
}

const ZIP_MAGIC = Buffer.from([0x50, 0x4b, 0x03, 0x04])

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(ZIP_MAGIC.length), 0, ZIP_MAGIC.length, 0)
    return buffer.subarray(0, bytesRead).equals(ZIP_MAGIC)
  } finally {
    await file.close()
  }
}
