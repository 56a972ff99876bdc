import { MockActivityEnvironment } from '@temporalio/testing'
import type { Knex } from 'knex'
import { createBulkActActivities } from '../../activities/bulk-act/index.ts'
import type { FileStore } from '../../services/file-store.ts'
import type { BulkStatus } from '../../workflows/bulk-act/contract.ts'

/** Works on an act like its process, slice by slice, until it is over. @param slices the most slices; all by default */
export async function workAct(
  { db, files }: { db: Knex; files: FileStore },
  actId: string,
  { slices = 1_000, sliceMs = 3_000 }: { slices?: number; sliceMs?: number } = {},
): Promise<void> {
  const { workBulkAct } = createBulkActActivities({
    db,
    files,
    publicUrl: 'http://mypay.example',
    isTest: true,
  })
  for (let slice = 0; slice < slices; slice++) {
    const { isOver } = (await new MockActivityEnvironment().run(workBulkAct, {
      actId,
      sliceMs,
    })) as BulkStatus
    if (isOver) return
  }
}
