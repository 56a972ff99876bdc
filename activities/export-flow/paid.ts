import { PassThrough, Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Knex } from 'knex'
import {
  beginLongRead,
  copiedRows,
  recordWritten,
  type Export,
  type WrittenExport,
} from '../../db/export/export.ts'
import { countPaid, streamPaid } from '../../db/export/rows.ts'
import { exportFile, type FileStore } from '../../services/file-store.ts'
import { romeDateTime } from '../../domain/calendar.ts'
import { exportColumns, exportName } from '../../domain/export/columns.ts'
import { AppError } from '../../domain/errors.ts'
import { writeArchive } from '../archive.ts'

/** Streams the paid dues from the database into the archive, so that the rows never are in memory together. */
export async function writePaid(db: Knex, files: FileStore, booked: Export): Promise<WrittenExport> {
  return db.transaction(
    async (trx) => {
      const { pid, codIpa } = await beginLongRead(trx, booked)
      const at = romeDateTime(booked.createdAt)
      const baseName = exportName(booked.format!, { codIpa, number: booked.number, at })
      const { rows, dueTypes } = await countPaid(trx, booked)
      const stopReporting = reportProgress(db, booked.id, { total: rows, pid })
      const source = await streamPaid(trx, booked)
      const header = exportColumns(booked.format!, booked.withReceipt)
      const { stream, size } = withHeader(`${header.map((name) => `"${name}"`).join(';')}\n`, source)
      const archive = await writeArchive(files, exportFile(booked.id), [
        { name: `${baseName}.csv`, open: () => stream, isCompressed: true },
      ]).finally(stopReporting)
      // The rows come from the snapshot that was counted, so another number means a broken file, which nobody may download.
      const { rowCount } = source
      if (rowCount !== rows) throw new AppError('INTERNAL', { counted: rows, written: rowCount })
      const { bytes: zipBytes, sha256 } = archive
      return { rows, skipped: 0, csvBytes: size(), zipBytes, sha256, baseName, dueTypes }
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  )
}

const REPORT_EVERY_MS = 1_000

/**
 * Stores the progress every second until the returned function is called. It uses another connection, because the one that writes the
 * rows is busy. Errors are ignored, because a lost figure does no harm.
 */
function reportProgress(db: Knex, id: string, { total, pid }: { total: number; pid: number }): () => void {
  const timer = setInterval(() => {
    copiedRows(db, pid)
      .then((written) => recordWritten(db, id, { written, total }))
      .catch(() => undefined)
  }, REPORT_EVERY_MS)
  return () => clearInterval(timer)
}

/** The header and the rows as a stream of blocks, because the database gives one small piece per row. `size` is in bytes. */
function withHeader(header: string, source: Readable): { stream: Readable; size: () => number } {
  let bytes = 0
  let held: Buffer[] = [Buffer.from(header)]
  let heldBytes = held[0]!.length
  const blocks = new Transform({
    transform(part: Buffer, _encoding, done) {
      held.push(part)
      heldBytes += part.length
      if (heldBytes < BLOCK) return done()
      const block = Buffer.concat(held)
      held = []
      heldBytes = 0
      bytes += block.length
      done(null, block)
    },
    flush(done) {
      const block = Buffer.concat(held)
      bytes += block.length
      done(null, block)
    },
  })
  const stream = new PassThrough()
  pipeline(source, blocks, stream).catch((error: Error) => stream.destroy(error))
  return { stream, size: () => bytes }
}

const BLOCK = 128 * 1024
