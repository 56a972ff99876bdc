import { writeFile } from 'node:fs/promises'
import type { Knex } from 'knex'
import type { BulkAct } from '../../db/bulk/act.ts'
import type { Perform } from '../../db/bulk/rows.ts'
import { cancelPayable } from '../../db/due/dues.ts'
import { findNoticeDocuments } from '../../db/due/notice-document.ts'
import { noteEvents, signedBy } from '../../db/journal/event.ts'
import type { BulkKind, LeftReason } from '../../domain/bulk/acts.ts'
import { sendNotice } from '../../services/due/send-notice.ts'
import { bulkFiles, FILE_MODE } from '../../services/file-store.ts'
import { drawNotice } from '../../templates/documents/notice-document.ts'
import type { BulkDeps } from './deps.ts'

interface Work {
  /** Makes what the act needs of these dues, outside of the transaction in which they have their turn. Safe to repeat. */
  prepare?: (deps: BulkDeps, act: BulkAct, ids: readonly string[]) => Promise<void>
  perform: Perform
}

/** What each act does to the dues of a chunk. */
export const BULK_WORK: Record<BulkKind, Work> = {
  cancel: { perform: (trx, act, ids) => cancelPayable(trx, ids, noteOf(act)) },
  print: {
    prepare: drawNotices,
    async perform(trx, act, ids) {
      await noteEvents(trx, { entity: 'due', ids, kind: 'notice_printed', data: noteOf(act) })
      return NONE
    },
  },
  send: { perform: sendNotices },
  // The rows of the file are read when all dues have had their turn.
  export: { perform: async () => NONE },
}

/** No due was left. */
const NONE: ReadonlyMap<string, LeftReason> = new Map()

/** The history of a due names the person who asked for the act, and the act. */
const noteOf = ({ operatorId, operatorName, number, why }: BulkAct) => ({
  ...signedBy({ id: operatorId, name: operatorName }),
  bulkAct: number,
  ...(why === null ? {} : { why }),
})

/** Books the notices by mail of these dues. One of which a mail left a moment ago is left. */
async function sendNotices(
  trx: Knex,
  { operatorId, operatorName, number }: BulkAct,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LeftReason>> {
  const by = { id: operatorId, name: operatorName }
  const left = new Map<string, LeftReason>()
  for (const dueId of ids) {
    const asked = await sendNotice(trx, { dueId, by, bulkAct: number })
    if (asked !== 'booked') left.set(dueId, asked)
  }
  return left
}

/** Draws the notices of these dues. One of a due that is paid before its turn stays out of the archive. */
async function drawNotices(
  { db, files, publicUrl, isTest }: BulkDeps,
  { id, createdAt }: BulkAct,
  ids: readonly string[],
): Promise<void> {
  for (const notice of await findNoticeDocuments(db, ids)) {
    if (!notice.isPrintable) continue
    const pdf = await drawNotice(notice, { isTest, publicUrl, printedAt: createdAt })
    await writeFile(await files.prepare(bulkFiles(id).notice(notice.iuv)), pdf, { mode: FILE_MODE })
  }
}
