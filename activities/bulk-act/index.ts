import type { Knex } from 'knex'
import { beginAct, endAct, failAct, findAct, type BulkAct } from '../../db/bulk/act.ts'
import { giveTurn, nextDues } from '../../db/bulk/rows.ts'
import { BULK_ACTS } from '../../domain/bulk/acts.ts'
import { bulkFiles } from '../../services/file-store.ts'
import { bulkWords } from '../../templates/process-words.ts'
import type { BulkActActivities, BulkStatus } from '../../workflows/bulk-act/contract.ts'
import { removeParts } from '../archive.ts'
import { keepAlive } from '../heartbeat.ts'
import type { BulkDeps } from './deps.ts'
import { writeFileOf } from './file.ts'
import { BULK_WORK } from './work.ts'

/**
 * Safe to repeat: what became of a due is written in the transaction that does it, and a file gets its name when it is whole.
 */
export function createBulkActActivities(deps: BulkDeps): BulkActActivities {
  const { db, files } = deps
  return {
    workBulkAct: ({ actId, sliceMs }) =>
      keepAlive(async () => {
        await beginAct(db, actId)
        const act = await findAct(db, actId)
        if (act && act.endedAt === null) {
          if (!(await workFor(deps, act, Date.now() + sliceMs))) return statusOf(db, actId)
          await endAct(db, actId, await writeFileOf(deps, act))
        }
        // A process that dies before this comes here again, because its answer is missing.
        await files.remove(bulkFiles(actId).notices)
        return statusOf(db, actId)
      }),
    async giveUpBulkAct({ actId, code }) {
      await failAct(db, actId, code)
      const { zip, notices } = bulkFiles(actId)
      await removeParts(files, zip)
      for (const key of [zip, notices]) await files.remove(key)
      return statusOf(db, actId)
    },
  }
}

/** Gives dues their turn until `until`. Returns true when none is left, or when the act was stopped. */
async function workFor(deps: BulkDeps, act: BulkAct, until: number): Promise<boolean> {
  const { prepare, perform } = BULK_WORK[act.kind]
  do {
    const ids = await nextDues(deps.db, act.id, BULK_ACTS[act.kind].chunk)
    if (ids.length === 0) return true
    await prepare?.(deps, act, ids)
    if (!(await giveTurn(deps.db, act, ids, perform))) return true
  } while (Date.now() < until)
  return false
}

async function statusOf(db: Knex, actId: string): Promise<BulkStatus> {
  const act = await findAct(db, actId)
  return act ? { isOver: act.endedAt !== null, words: { now: bulkWords(act) } } : { isOver: true }
}
