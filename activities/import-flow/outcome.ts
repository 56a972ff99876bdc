import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Knex } from 'knex'
import { ZipFile } from 'yazl'
import { flowFiles, type FileStore } from '../../db/file-store.ts'
import type { Flow } from '../../db/flow.ts'
import { loadedParts, rejectedRows } from '../../db/flow-outcome.ts'

export interface OutcomeDeps {
  db: Knex
  files: FileStore
}

/**
 * The outcome files, each alone in its archive; what has no rows is not written. Safe to repeat: a file takes its name when it is
 * whole, and the same rows make the same bytes. Source: flows.md §1.13.
 */
export async function writeOutcomeFiles(deps: OutcomeDeps, flow: Flow): Promise<void> {
  const names = flowFiles(flow.id)
  const parts = await loadedParts(deps.db, flow.id)
  if (parts.length > 0)
    await zipTo(deps.files, names.outcome('IUV'), csvEntry(flow, 'IUV', loadedLines(deps, flow, parts)))
  if (flow.rowsRejected > 0)
    await zipTo(deps.files, names.outcome('SCARTI'), csvEntry(flow, 'SCARTI', rejectedLines(deps, flow)))
  if (flow.noticesPrinted > 0)
    await zipTo(deps.files, names.outcome('AVVISI_PDF'), await noticeEntries(deps, flow))
  await deps.files.remove(names.loadedParts)
  await deps.files.remove(names.notices)
}

interface Entry {
  name: string
  open: () => Readable
  isCompressed: boolean
}

const csvEntry = (flow: Flow, kind: 'IUV' | 'SCARTI', lines: AsyncIterable<Buffer | string>): Entry[] => [
  { name: `${flow.baseName}_${kind}.csv`, open: () => Readable.from(lines), isCompressed: true },
]

async function* loadedLines(
  { files }: OutcomeDeps,
  flow: Flow,
  parts: readonly string[],
): AsyncGenerator<Buffer | string> {
  yield `${flow.header}\n`
  for (const part of parts)
    for await (const block of createReadStream(files.path(flowFiles(flow.id).loadedPart(part)), {
      highWaterMark: BLOCK,
    }))
      yield block as Buffer
}

const BLOCK = 256 * 1024
const PAGE = 2_000
const SEPARATOR = Buffer.from(';')

async function* rejectedLines({ db }: OutcomeDeps, flow: Flow): AsyncGenerator<Buffer | string> {
  yield `${flow.header};cod_rifiuto;de_rifiuto\n`
  for (let after = 0; ;) {
    const rows = await rejectedRows(db, flow.id, { after, limit: PAGE })
    if (rows.length === 0) return
    yield Buffer.concat(
      rows.flatMap(({ raw, code, text }) => [raw, SEPARATOR, Buffer.from(`${code};${text}\n`)]),
    )
    after = rows.at(-1)!.row
  }
}

async function noticeEntries({ files }: OutcomeDeps, flow: Flow): Promise<Entry[]> {
  const folder = files.path(flowFiles(flow.id).notices)
  const printed = (await readdir(folder)).filter((name) => name.endsWith('.pdf')).sort()
  return printed.map((name) => ({
    name: `avviso_${name}`,
    open: () => createReadStream(`${folder}/${name}`),
    // A PDF is compressed already.
    isCompressed: false,
  }))
}

/** Zip has no zone and no day before this; the same files make the same archive. */
const EPOCH = new Date(1980, 0, 1)

async function zipTo(files: FileStore, key: string, entries: readonly Entry[]): Promise<void> {
  const path = await files.prepare(key)
  const zip = new ZipFile()
  for (const { name, open, isCompressed } of entries)
    zip.addReadStreamLazy(
      name,
      { mtime: EPOCH, ...(isCompressed ? { compressionLevel: 3 } : { compress: false }) },
      (give) => {
        const stream = open()
        stream.on('error', (error) => (zip.outputStream as Readable).destroy(error))
        give(null, stream)
      },
    )
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(`${path}.part`))
  await rename(`${path}.part`, path)
}
