import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Knex } from 'knex'
import { flowFiles, type FileStore } from '../../services/file-store.ts'
import type { Flow } from '../../db/flow/flow.ts'
import { loadedParts, rejectedRows } from '../../db/flow/outcome.ts'
import { REJECT_COLUMNS } from '../../domain/flow/header.ts'
import type { OutcomeFile } from '../../domain/flow/import-state.ts'
import { rejectOf } from '../../domain/wire/flow-reject.ts'
import type { ArchiveEntry } from '../../templates/documents/zip.ts'
import { writeArchive } from '../archive.ts'
import { ownHeader } from './own-columns.ts'

export interface OutcomeDeps {
  db: Knex
  files: FileStore
}

/**
 * Writes the outcome files, each in an archive of its own; a file without rows is not written. Safe to repeat: an archive gets its name
 * when it is complete, and the same rows give the same bytes. Source: docs/field/files.md#outcome-files.
 */
export async function writeOutcomeFiles(deps: OutcomeDeps, flow: Flow): Promise<void> {
  const names = flowFiles(flow.id)
  const parts = await loadedParts(deps.db, flow.id)
  if (parts.length > 0)
    await writeArchive(
      deps.files,
      names.outcome('IUV'),
      csvEntry(flow, 'IUV', loadedLines(deps, flow, parts)),
    )
  if (flow.rowsRejected > 0)
    await writeArchive(
      deps.files,
      names.outcome('SCARTI'),
      csvEntry(flow, 'SCARTI', rejectedLines(deps, flow)),
    )
  if (flow.noticesPrinted > 0)
    await writeArchive(deps.files, names.outcome('AVVISI_PDF'), await noticeEntries(deps, flow))
}

/**
 * Removes the files that only the writing of the outcome files needed. Called when the state of the flow shows that these are complete,
 * because after a death before that they are written again.
 */
export async function removeScraps(files: FileStore, flowId: string): Promise<void> {
  const names = flowFiles(flowId)
  const out = await readdir(files.path(names.outcomes)).catch(() => [])
  const unfinished = out.filter((name) => name.endsWith('.part')).map((name) => `${names.outcomes}/${name}`)
  for (const key of [names.loadedParts, names.notices, ...unfinished]) await files.remove(key)
}

const csvEntry = (
  flow: Flow,
  kind: Exclude<OutcomeFile, 'AVVISI_PDF'>,
  lines: AsyncIterable<Buffer | string>,
): ArchiveEntry[] => [
  { name: `${flow.baseName}_${kind}.csv`, open: () => Readable.from(lines), isCompressed: true },
]

async function* loadedLines(
  { files }: OutcomeDeps,
  flow: Flow,
  parts: readonly string[],
): AsyncGenerator<Buffer | string> {
  yield `${ownHeader(flow)}\n`
  for (const part of parts)
    for await (const block of createReadStream(files.path(flowFiles(flow.id).loadedPart(part)), {
      highWaterMark: BLOCK,
    }))
      yield block
}

const BLOCK = 256 * 1024
const PAGE = 2_000
const SEPARATOR = Buffer.from(';')

async function* rejectedLines({ db }: OutcomeDeps, flow: Flow): AsyncGenerator<Buffer | string> {
  yield `${[ownHeader(flow), ...REJECT_COLUMNS].join(';')}\n`
  for (let after = 0; ;) {
    const rows = await rejectedRows(db, flow.id, { after, limit: PAGE })
    if (rows.length === 0) return
    yield Buffer.concat(
      rows.flatMap(({ raw, reasons }) => {
        const { code, text } = rejectOf(reasons)
        return [raw, SEPARATOR, Buffer.from(`${code};${text}\n`)]
      }),
    )
    after = rows.at(-1)!.row
  }
}

async function noticeEntries({ files }: OutcomeDeps, flow: Flow): Promise<ArchiveEntry[]> {
  const folder = files.path(flowFiles(flow.id).notices)
  const printed = (await readdir(folder)).filter((name) => name.endsWith('.pdf')).sort()
  return printed.map((name) => ({
    name: `avviso_${name}`,
    open: () => createReadStream(`${folder}/${name}`),
    // A PDF is compressed already.
    isCompressed: false,
  }))
}
