import { rename } from 'node:fs/promises'
import type { Knex } from 'knex'
import { flowFiles, type FileStore } from '../../services/file-store.ts'
import { insertFlow, isContentTaken, isIufTaken, type FlowTwin, type NewFlow } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { isAppError } from '../../domain/errors.ts'
import { judgeHeader, type WrongColumn } from '../../domain/flow/header.ts'
import { readFlowName, type FlowName, type NameProblem } from '../../domain/flow/name.ts'
import { readCsvLine } from '../../domain/wire/csv-line.ts'
import type { UploadLimits } from './limits.ts'
import type { ReceivedFile } from './receive.ts'
import { readHeader, unpackOne, type ArchiveProblem } from './unpack.ts'

export type FlowProblem =
  | { kind: NameProblem | FlowTwin | 'empty' | 'header_unreadable' }
  | ArchiveProblem
  | ({ kind: 'header' } & WrongColumn)

export interface FlowSender {
  enteId: string
  codIpa: string
  /** Null when the software of the ente has sent the file. */
  operatorId: string | null
  requestToken: string | null
  wantsNotices: boolean
  /** The file is only checked. */
  isCheck?: boolean
  /** Id of the file whose rejected rows it brings back. */
  correctsId?: string | null
}

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
  if (await isIufTaken(db, sender.enteId, name.iuf)) return { kind: 'iuf' }
  if (sender.isCheck && (await isContentTaken(db, sender.enteId, received.sha256))) return { kind: 'bytes' }
  const paths = flowFiles(flowId)
  const csvPath = await files.prepare(paths.csv)
  const zipPath = files.path(received.key)
  const unpacked = await unpackOne(zipPath, { base: name.base, to: csvPath, limits })
  if (unpacked.kind !== 'ok') return unpacked
  if (unpacked.bytes === 0) return { kind: 'empty' }
  const header = await checkHeader(csvPath, name)
  if (header.kind !== 'ok') return header
  await rename(zipPath, files.path(paths.zip))
  const flow: NewFlow = {
    id: flowId,
    enteId: sender.enteId,
    baseName: name.base,
    iuf: name.iuf,
    format: name.format,
    operatorId: sender.operatorId,
    requestToken: sender.requestToken,
    isCheck: sender.isCheck ?? false,
    correctsId: sender.correctsId ?? null,
    sha256: received.sha256,
    zipBytes: received.bytes,
    csvBytes: unpacked.bytes,
    wantsNotices: sender.wantsNotices,
    header: header.text,
    firstByte: header.firstByte,
  }
  return { kind: 'sound', flow }
}

/** Checks the columns of the first line against the format of the file. */
export async function checkHeader(
  csvPath: string,
  { format }: FlowName,
): Promise<{ kind: 'ok'; text: string; firstByte: number } | FlowProblem> {
  const header = await readHeader(csvPath)
  if (!header || header.text.includes('\0')) return { kind: 'header_unreadable' }
  const line = readCsvLine(header.text)
  if (line.kind !== 'fields') return { kind: 'header_unreadable' }
  const judged = judgeHeader(format, line.fields)
  return judged.kind === 'wrong' ? { ...judged, kind: 'header' } : { kind: 'ok', ...header }
}
