import type { Knex } from 'knex'
import { exportFile, type FileStore } from '../../services/file-store.ts'
import {
  beginExport,
  endExport,
  exportMails,
  failExport,
  findExport,
  type Export,
  type WrittenExport,
} from '../../db/export/export.ts'
import type { ExportKind } from '../../domain/export/kind.ts'
import { exportWords, mailSummary } from '../../templates/process-words.ts'
import type { ExportEnd, ExportFlowActivities } from '../../workflows/export-flow/contract.ts'
import { removeParts } from '../archive.ts'
import { keepAlive } from '../heartbeat.ts'
import { writeDues } from './dues.ts'
import { writeExpired } from './expired.ts'
import { writePaid } from './paid.ts'

type Writer = (db: Knex, files: FileStore, booked: Export) => Promise<WrittenExport | undefined>
const WRITERS: Record<ExportKind, Writer> = {
  paid: writePaid,
  expired: writeExpired,
  dues: writeDues,
}

export interface ExportDeps {
  db: Knex
  files: FileStore
  mailHost: string
}

/**
 * Safe to repeat: the file gets its name when it is complete, and its row becomes `ready` after that and only once. A second writer
 * replaces a file that nobody can download yet, with the rows of a later moment.
 */
export function createExportFlowActivities(deps: ExportDeps): ExportFlowActivities {
  const { db, files, mailHost } = deps
  return {
    writeExport: ({ exportId }) =>
      keepAlive(async () => {
        if (await beginExport(db, exportId)) {
          const booked = (await findExport(db, exportId))!
          const written = await WRITERS[booked.kind](db, files, booked)
          if (written) await endExport(db, exportId, written, mailHost)
        }
        return endOf(db, exportId)
      }),
    async giveUpExport({ exportId, code }) {
      await failExport(db, exportId, code, mailHost)
      await removeParts(files, exportFile(exportId))
      await files.remove(exportFile(exportId))
      return endOf(db, exportId)
    },
  }
}

async function endOf(db: Knex, exportId: string): Promise<ExportEnd> {
  const [mailIds, booked] = await Promise.all([exportMails(db, exportId), findExport(db, exportId)])
  return {
    mailIds,
    words: { now: exportWords(booked?.errorCode ?? null), mail: mailSummary('export', booked?.baseName) },
  }
}
