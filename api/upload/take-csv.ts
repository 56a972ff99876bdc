import { constants, copyFile } from 'node:fs/promises'
import type { Knex } from 'knex'
import { insertFlow, type FlowSource, type NewFlow } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import type { FlowName } from '../../domain/flow/name.ts'
import { flowFiles, type FileStore } from '../../services/file-store.ts'
import { checkHeader, newFlow, twinBefore, type FlowProblem, type FlowSender } from './new-flow.ts'

/** A CSV in the store that becomes a flow. */
export interface CsvFile {
  /** Paths of the CSV and of the spreadsheet from which it was made. They are copied, so that a death on the way loses nothing. */
  path: string
  sheetPath?: string
  csvBytes: number
  source: Exclude<FlowSource, 'zip'>
  /** Name, size and digest of the file that the operator sent. */
  originalName: string
  sheetRows?: NewFlow['sheetRows']
  bytes: number
  sha256: Buffer
}

export type TakenCsv = { kind: 'taken'; flowId: string; baseName: string } | FlowProblem

/**
 * Makes a flow of a CSV, or says why not.
 * @param record runs in the transaction that stores the flow; an error of it takes the flow back
 */
export async function takeCsv(
  { db, files }: { db: Knex; files: FileStore },
  file: CsvFile,
  { name, sender }: { name: FlowName; sender: FlowSender },
  record: (trx: Knex, flowId: string) => Promise<void> = () => Promise.resolve(),
): Promise<TakenCsv> {
  const known = await twinBefore(db, sender, { iuf: name.iuf, sha256: file.sha256 })
  if (known) return { kind: known }
  if (file.csvBytes === 0) return { kind: 'empty' }
  const header = await checkHeader(file.path, name)
  if (header.kind !== 'ok') return header
  // The id is ordered by time, and files of an ente load in that order: an older draft that is confirmed now comes last.
  const flowId = uuidv7()
  await copyInto(files, flowId, file).catch(async (error: unknown) => {
    // No row refers to the copies yet, and a full disk needs the space.
    await files.remove(flowFiles(flowId).folder)
    throw error
  })
  // After a later error the files stay, because the row may exist and only the answer was lost. The sweep removes files without a row.
  const twin = await db.transaction(async (trx) => {
    const found = await insertFlow(trx, newFlow(flowId, { name, sender, header, bytes: bytesOf(file) }))
    if (!found) await record(trx, flowId)
    return found
  })
  if (!twin) return { kind: 'taken', flowId, baseName: name.base }
  await files.remove(flowFiles(flowId).folder)
  return { kind: twin }
}

async function copyInto(files: FileStore, flowId: string, { path, sheetPath }: CsvFile): Promise<void> {
  const names = flowFiles(flowId)
  await copyFile(path, await files.prepare(names.csv), constants.COPYFILE_FICLONE)
  if (sheetPath !== undefined)
    await copyFile(sheetPath, await files.prepare(names.sheet), constants.COPYFILE_FICLONE)
}

const bytesOf = ({ sha256, bytes, csvBytes, source, originalName, sheetRows = null }: CsvFile) => ({
  sha256,
  zipBytes: bytes,
  csvBytes,
  source,
  originalName,
  sheetRows,
})
