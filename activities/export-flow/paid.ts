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

/** Paid dues, from the database to the archive in one stream: nothing of them is in memory. */
export async function writePaid(db: Knex, files: FileStore, booked: Export): Promise<WrittenExport> {
  return db.transaction(
    async (trx) => {
      const { pid, codIpa } = await beginLongRead(trx, booked)
      const at = romeDateTime(booked.createdAt)
      const baseName = exportName(booked.format!, { codIpa, number: booked.number, at })
      const { rows, dueTypes } = await countPaid(trx, booked)
      const stopTelling = tellProgress(db, booked.id, { total: rows, pid })
      const source = await streamPaid(trx, booked)
      const header = exportColumns(booked.format!, booked.withReceipt)
      const { stream, size } = withHeader(`${header.map((name) => `"${name}"`).join(';')}\n`, source)
      const archive = await writeArchive(files, exportFile(booked.id), [
        { name: `${baseName}.csv`, open: () => stream, isCompressed: true },
      ]).finally(stopTelling)
      // Written by the same snapshot that was counted: anything else is a file that must not be seen.
      const { rowCount } = source as Readable & { rowCount: number }
      if (rowCount !== rows) throw new AppError('INTERNAL', { counted: rows, written: rowCount })
      const { bytes: zipBytes, sha256 } = archive
      return { rows, skipped: 0, csvBytes: size(), zipBytes, sha256, baseName, dueTypes }
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  )
}

const TELL_EVERY_MS = 1_000

/** Says how far the rows are, from another connection: the one that writes them is busy. A figure that is lost is no matter. */
function tellProgress(db: Knex, id: string, { total, pid }: { total: number; pid: number }): () => void {
  const timer = setInterval(() => {
    copiedRows(db, pid)
      .then((written) => recordWritten(db, id, { written, total }))
      .catch(() => undefined)
  }, TELL_EVERY_MS)
  return () => clearInterval(timer)
}

/** Rows after their header, in blocks: the database gives one small piece per row. */
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
