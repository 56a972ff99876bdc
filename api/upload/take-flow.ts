import { rename } from 'node:fs/promises'
import type { Knex } from 'knex'
import { flowFiles, type FileStore } from '../../services/file-store.ts'
import { insertFlow, type NewFlow } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { isAppError } from '../../domain/errors.ts'
import { readFlowName } from '../../domain/flow/name.ts'
import type { UploadLimits } from './limits.ts'
import { checkHeader, newFlow, twinBefore, type FlowProblem, type FlowSender } from './new-flow.ts'
import type { ReceivedFile } from './receive.ts'
import { unpackOne } from './unpack.ts'

/**
 * Makes a flow of a received archive, or says why not; a refused file is removed. Everything that does not need the rows is checked here,
 * so that the sender gets the answer at once. The received file is removed in every case.
 */
export async function takeFlow(
  taking: Taking,
  received: ReceivedFile,
  sender: FlowSender,
): Promise<{ kind: 'taken'; flowId: string; baseName: string } | FlowProblem> {
  const { db, files } = taking
  // The id is ordered by time, because files are loaded and listed in the order of their ids.
  const flowId = uuidv7()
  const discard = (): Promise<void> => files.remove(flowFiles(flowId).folder)
  const discardAndThrow = async (error: unknown): Promise<never> => {
    await discard()
    throw error
  }
  try {
    // No row refers to the unpacked file yet, so after any error it is removed at once, also to free a full disk.
    const checked = await check(taking, received, sender, flowId).catch(discardAndThrow)
    if (checked.kind !== 'sound') {
      await discard()
      return checked
    }
    const twin = await insertFlow(db, checked.flow).catch((error: unknown) => {
      // After another error the files stay, because the row may exist and only the answer was lost. The sweep removes files without a row.
      if (isAppError(error, 'STORAGE_FULL')) return discardAndThrow(error)
      throw error
    })
    if (!twin) return { kind: 'taken', flowId, baseName: checked.flow.baseName }
    await discard()
    return { kind: twin }
  } finally {
    await files.remove(received.key)
  }
}

export interface Taking {
  db: Knex
  files: FileStore
  limits: UploadLimits
}

/** Checks the name, the archive and the header, and unpacks the file into the folder of its flow. */
async function check(
  { db, files, limits }: Taking,
  received: ReceivedFile,
  sender: FlowSender,
  flowId: string,
): Promise<{ kind: 'sound'; flow: NewFlow } | FlowProblem> {
  const read = readFlowName(received.name, sender.codIpa)
  if (read.kind !== 'ok') return read
  const { name } = read
  const twin = await twinBefore(db, sender, { iuf: name.iuf, sha256: received.sha256 })
  if (twin) return { kind: twin }
  const paths = flowFiles(flowId)
  const csvPath = await files.prepare(paths.csv)
  const zipPath = files.path(received.key)
  const unpacked = await unpackOne(zipPath, { base: name.base, to: csvPath, limits })
  if (unpacked.kind !== 'ok') return unpacked
  if (unpacked.bytes === 0) return { kind: 'empty' }
  const header = await checkHeader(csvPath, name)
  if (header.kind !== 'ok') return header
  await rename(zipPath, files.path(paths.zip))
  const bytes = { sha256: received.sha256, zipBytes: received.bytes, csvBytes: unpacked.bytes }
  return { kind: 'sound', flow: newFlow(flowId, { name, sender, header, bytes }) }
}
