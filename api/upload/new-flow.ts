import type { Knex } from 'knex'
import { isContentTaken, isIufTaken, type FlowTwin, type NewFlow } from '../../db/flow/flow.ts'
import { judgeHeader, type WrongColumn } from '../../domain/flow/header.ts'
import type { FlowName, NameProblem } from '../../domain/flow/name.ts'
import { readCsvLine } from '../../domain/wire/csv-line.ts'
import { readHeader, type ArchiveProblem } from './unpack.ts'

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

/** What is known of the bytes of a file: of the archive or the sheet that was sent, and of its CSV. */
type FlowBytes = Pick<NewFlow, 'sha256' | 'zipBytes' | 'csvBytes' | 'source' | 'originalName' | 'sheetRows'>

interface Header {
  text: string
  /** Byte offset of the line after it. */
  firstByte: number
}

/** A file of dues whose name, archive and header are sound. */
export const newFlow = (
  id: string,
  { name, sender, header, bytes }: { name: FlowName; sender: FlowSender; header: Header; bytes: FlowBytes },
): NewFlow => ({
  id,
  enteId: sender.enteId,
  baseName: name.base,
  iuf: name.iuf,
  format: name.format,
  operatorId: sender.operatorId,
  requestToken: sender.requestToken,
  isCheck: sender.isCheck ?? false,
  correctsId: sender.correctsId ?? null,
  wantsNotices: sender.wantsNotices,
  header: header.text,
  firstByte: header.firstByte,
  ...bytes,
})

/**
 * What a file has in common with one that is loaded, asked before anything is unpacked or copied. Two files at the same time are told apart
 * by the indexes of the table; none of them refuses a check, so its bytes are looked for here.
 */
export async function twinBefore(
  db: Knex,
  { enteId, isCheck = false }: FlowSender,
  { iuf, sha256 }: { iuf: string; sha256: Buffer },
): Promise<FlowTwin | undefined> {
  if (await isIufTaken(db, enteId, iuf)) return 'iuf'
  return isCheck && (await isContentTaken(db, enteId, sha256)) ? 'bytes' : undefined
}

/** The first line of a CSV with its fields; undefined when it cannot be read. */
export async function headerOf(csvPath: string): Promise<(Header & { fields: string[] }) | undefined> {
  const header = await readHeader(csvPath)
  const line = header && !header.text.includes('\0') ? readCsvLine(header.text) : undefined
  return header && line?.kind === 'fields' ? { ...header, fields: line.fields } : undefined
}

/** Checks the columns of the first line against the format of the file. */
export async function checkHeader(
  csvPath: string,
  { format }: FlowName,
): Promise<({ kind: 'ok' } & Header) | FlowProblem> {
  const header = await headerOf(csvPath)
  if (!header) return { kind: 'header_unreadable' }
  const judged = judgeHeader(format, header.fields)
  return judged.kind === 'wrong'
    ? { ...judged, kind: 'header' }
    : { kind: 'ok', text: header.text, firstByte: header.firstByte }
}
