import { writeFile } from 'node:fs/promises'
import type { Knex } from 'knex'
import { FILE_MODE, flowFiles, type FileStore } from '../../services/file-store.ts'
import type { Flow } from '../../db/flow/flow.ts'
import { noticesToPrint, recordPrinted } from '../../db/flow/outcome.ts'
import { findNoticeDocuments } from '../../db/due/notice-document.ts'
import { drawNotice } from '../../templates/documents/notice-document.ts'

export interface NoticeDeps {
  db: Knex
  files: FileStore
  publicUrl: string
  isTest: boolean
}

const PAGE = 20

/**
 * Draws the notices of the flow, 20 at a time, until `until`; true when none is left. Safe to repeat: the file of a notice has the name of
 * its IUV, and the row of the flow stores the last printed IUV. A due that cannot be paid any more is not printed.
 */
export async function printNotices(deps: NoticeDeps, flow: Flow, until: number): Promise<boolean> {
  for (let before = flow.noticesAfter; ;) {
    const page = await noticesToPrint(deps.db, flow.id, { after: before, limit: PAGE })
    if (page.length === 0) return true
    const printed = await printPage(deps, flow, page)
    const after = page.at(-1)!.iuv
    if (!(await recordPrinted(deps.db, flow.id, { before, after, printed }))) return false
    if (Date.now() >= until) return false
    before = after
  }
}

async function printPage(
  { db, files, publicUrl, isTest }: NoticeDeps,
  flow: Flow,
  page: readonly { id: string }[],
): Promise<number> {
  const notices = (
    await findNoticeDocuments(
      db,
      page.map(({ id }) => id),
    )
  ).filter(({ isPrintable }) => isPrintable)
  for (const notice of notices) {
    const pdf = await drawNotice(notice, { isTest, publicUrl, printedAt: flow.createdAt })
    await writeFile(await files.prepare(flowFiles(flow.id).notice(notice.iuv)), pdf, { mode: FILE_MODE })
  }
  return notices.length
}
