import { rename } from 'node:fs/promises'
import { insertDraft, type NewDraft } from '../../db/flow/draft.ts'
import { isContentTaken, isIufTaken } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { FLOW_FORMATS, type FlowFormat } from '../../domain/flow/columns.ts'
import { judgeHeader } from '../../domain/flow/header.ts'
import { iufFromName, readBaseName, type FlowName } from '../../domain/flow/name.ts'
import { draftFiles } from '../../services/file-store.ts'
import { isWorkbook } from '../../services/zip.ts'
import type { ReceivedFile } from './receive.ts'
import { headerOf, type FlowProblem, type FlowSender } from './new-flow.ts'
import { takeCsv, type CsvFile } from './take-csv.ts'
import { takeFlow, type Taking } from './take-flow.ts'

/**
 * What only the form of operators refuses. `other_file`: neither an archive nor a CSV nor a spreadsheet. `other_header`: the first line is
 * that of no version.
 */
export const OPERATOR_PROBLEMS = ['other_file', 'other_header'] as const
export type OperatorProblem = { kind: (typeof OPERATOR_PROBLEMS)[number] }
export type SentProblem = FlowProblem | OperatorProblem

export type Sent =
  | { kind: 'taken'; flowId: string; baseName: string }
  | { kind: 'draft'; draftId: string; isSheet: boolean }
  | SentProblem

/** An operator sends a file himself, so his id is known. */
export type Operator = FlowSender & { operatorId: string }

/**
 * Takes a file that an operator sent: an archive or a CSV with the documented name becomes a flow at once; a CSV whose name does not say
 * enough, and a spreadsheet, become a draft. A spreadsheet is known by its name or its content; only a CSV must be said to come from one.
 * Bytes that are loaded already are refused before anything is asked. The received file is gone afterwards in every case.
 */
export async function takeSent(
  taking: Taking,
  received: ReceivedFile,
  { sender, how }: { sender: Operator; how: 'sheet' | undefined },
): Promise<Sent> {
  try {
    if (await isContentTaken(taking.db, sender.enteId, received.sha256)) return { kind: 'bytes' }
    if (how === 'sheet' || (await isSheetFile(taking, received)))
      return await keepDraft(taking, received, sender, { kind: 'sheet' })
    if (/\.csv$/i.test(received.name)) return await takePlainCsv(taking, received, sender)
    if (/\.zip$/i.test(received.name)) return await takeFlow(taking, received, sender)
    return { kind: 'other_file' }
  } finally {
    await taking.files.remove(received.key)
  }
}

/** True for the file of a spreadsheet. One of an old format goes the same way, where it is said what to do about it. */
export const isSheetFile = async ({ files }: Taking, { name, key }: ReceivedFile): Promise<boolean> =>
  /\.(xlsx?|ods)$/i.test(name) || (await isWorkbook(files.path(key)))

async function takePlainCsv(taking: Taking, received: ReceivedFile, sender: Operator): Promise<Sent> {
  const { db, files } = taking
  if (received.bytes === 0) return { kind: 'empty' }
  const formats = await formatsOf(files.path(received.key))
  if (formats === undefined) return { kind: 'header_unreadable' }
  const name = nameOf(received, sender)
  if (name && !(await isIufTaken(db, sender.enteId, name.iuf)))
    return takeCsv(taking, receivedCsv(files, received), { name, sender })
  if (formats.length === 0) return { kind: 'other_header' }
  // The newest of the versions with these columns accepts all that the older ones accept.
  return keepDraft(taking, received, sender, { kind: 'csv', format: formats.at(-1)! })
}

/** A CSV as it was received. */
export const receivedCsv = (files: Taking['files'], { key, name, bytes, sha256 }: ReceivedFile): CsvFile => ({
  path: files.path(key),
  source: 'csv',
  originalName: keptName(name),
  csvBytes: bytes,
  bytes,
  sha256,
})

/** The versions that have the columns of the first line; undefined when the line cannot be read. */
async function formatsOf(path: string): Promise<FlowFormat[] | undefined> {
  const header = await headerOf(path)
  return header && FLOW_FORMATS.filter((format) => judgeHeader(format, header.fields).kind === 'ok')
}

function nameOf({ name }: ReceivedFile, { codIpa }: Operator): FlowName | undefined {
  const read = readBaseName(name, codIpa)
  return read.kind === 'ok' ? read.name : undefined
}

/** Keeps a file that asks something first. @param given what is known of it; otherwise the name says it */
export async function keepDraft(
  { db, files }: Taking,
  received: ReceivedFile,
  sender: Operator,
  given: { kind: 'sheet'; iuf?: string; format?: FlowFormat } | { kind: 'csv'; format: FlowFormat },
): Promise<Extract<Sent, { kind: 'draft' }>> {
  const id = uuidv7()
  const named = nameOf(received, sender)
  const draft: NewDraft = {
    id,
    enteId: sender.enteId,
    operatorId: sender.operatorId,
    kind: given.kind,
    fileName: keptName(received.name),
    bytes: received.bytes,
    sha256: received.sha256,
    wantsNotices: sender.wantsNotices,
    wantsCheck: sender.isCheck ?? false,
    iuf: ('iuf' in given ? given.iuf : undefined) ?? ((named?.iuf ?? iufFromName(received.name)) || null),
    format: named?.format ?? given.format ?? null,
    correctsId: sender.correctsId ?? null,
  }
  await rename(files.path(received.key), await files.prepare(draftFiles(id).original))
  // After an error the file stays, because the row may exist. The sweep removes files without a row.
  await insertDraft(db, draft)
  return { kind: 'draft', draftId: id, isSheet: given.kind === 'sheet' }
}

const MAX_NAME = 255

/** The name of a file as pages show it and downloads have it: without folders and characters that nobody sees. */
export const keptName = (name: string): string =>
  [...name.replace(/^.*[/\\]/, '').replace(/\p{C}/gu, '')].slice(0, MAX_NAME).join('') || 'file'
