import type { Knex } from 'knex'
import { exportFile, type FileStore } from '../../services/file-store.ts'
import { beginExport, endExport, exportMails, failExport, findExport } from '../../db/export/export.ts'
import type { ExportFlowActivities } from '../../workflows/export-flow/contract.ts'
import { removeParts } from '../archive.ts'
import { keepAlive } from '../heartbeat.ts'
import { writeExpired } from './expired.ts'
import { writePaid } from './paid.ts'

export interface ExportDeps {
  db: Knex
  files: FileStore
  mailHost: string
}

/**
 * Safe to repeat: the file takes its name when it is whole, its row says `ready` after that and once, and a second writer writes the
 * same rows of a later moment over a file that nobody can see yet.
 */
export function createExportFlowActivities(deps: ExportDeps): ExportFlowActivities {
  const { db, files, mailHost } = deps
  return {
    writeExport: ({ exportId }) =>
      keepAlive(async () => {
        if (await beginExport(db, exportId)) {
          const booked = (await findExport(db, exportId))!
          const write = booked.kind === 'paid' ? writePaid : writeExpired
          await endExport(db, exportId, await write(db, files, booked), mailHost)
        }
        return { mailIds: await exportMails(db, exportId) }
      }),
    async giveUpExport({ exportId, code }) {
      await failExport(db, exportId, code, mailHost)
      await removeParts(files, exportFile(exportId))
      await files.remove(exportFile(exportId))
      return { mailIds: await exportMails(db, exportId) }
    },
  }
}
