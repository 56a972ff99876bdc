import type { Knex } from 'knex'
import type { Logger } from 'pino'
import { removeOrphans } from './orphans.ts'
import { tellAnomalies } from '../db/anomaly/tell.ts'
import { elapsedApprovals } from '../db/ente/approval.ts'
import type { Post } from '../db/mail/change-mail.ts'
import { settleApproval } from '../db/ente/settle-approval.ts'
import { takeOutdated } from '../db/export/export.ts'
import { countJourneys } from '../db/figures/journeys.ts'
import { foldFigures } from '../db/figures/keep.ts'
import { exportFile, type FileStore } from '../services/file-store.ts'
import { expireCarts } from '../db/payment/cart.ts'
import { ensureJournalMonths, findOverdue, withSweepLock, type Grace } from '../db/payment/sweep.ts'
import { noteQuiet } from '../db/worklist/queues.ts'
import type { Processes } from '../workflows/processes.ts'

export interface SweepPace {
  everyMs: number
  grace: Grace
}

export interface SweepDeps extends SweepPace {
  db: Knex
  processes: Processes
  files: FileStore
  /** Used for the mails about changes that take effect by time alone. */
  post: Post
  log: Logger
}

/** Sweeps every 15 s. `grace`: seconds after which a process that did not act on a stored fact is signalled again. */
export const SWEEP: SweepPace = { everyMs: 15_000, grace: { receipt: 15, check: 120, mail: 15 } }

const CLEAN_EVERY_MS = 60 * 60_000
/** Days until the file of an export is removed. */
const EXPORT_DAYS = 30

/**
 * Signals or restarts every process that missed a signal or is gone. It is not a workflow, because it must survive the loss
 * of the workflow engine. Every worker runs it: an advisory lock lets one at a time look for overdue processes, and the
 * other steps need no lock, because each of them may happen twice.
 */
export function startSweep(deps: SweepDeps): () => void {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let cleanedAt = 0
  const round = async (): Promise<void> => {
    try {
      await sweepOnce(deps)
      // Once an hour only, because it looks at every folder.
      if (Date.now() - cleanedAt > CLEAN_EVERY_MS) {
        cleanedAt = Date.now()
        await removeOrphans(deps)
      }
    } catch (error) {
      deps.log.warn({ err: error }, 'sweep not finished')
    }
    if (!isStopped) timer = setTimeout(() => void round(), deps.everyMs)
  }
  void round()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}

export async function sweepOnce({
  db,
  processes,
  files,
  post,
  log,
  grace,
}: Omit<SweepDeps, 'everyMs'>): Promise<void> {
  await withSweepLock(db, async (trx) => {
    await ensureJournalMonths(trx)
    const { cartIds, mailIds, flows, exports } = await findOverdue(trx, grace)
    const tasks = [
      ...cartIds.map((id) => () => processes.wakePayment(id)),
      ...mailIds.map((id) => () => processes.wakeMail(id)),
      ...flows.map(
        ({ isCancelling, ...flow }) =>
          () =>
            isCancelling ? processes.cancelImport(flow) : processes.wakeImport(flow),
      ),
      ...exports.map((booked) => () => processes.wakeExport(booked)),
    ]
    for (const task of tasks) await task()
    if (tasks.length > 0)
      log.info(
        { payments: cartIds.length, mails: mailIds.length, flows: flows.length, exports: exports.length },
        'swept',
      )
  })
  await expireCarts(db)
  await tellAnomalies(db, post)
  await noteQuiet(db)
  await applyElapsed({ db, post, log })
  for (const id of await takeOutdated(db, EXPORT_DAYS)) await files.remove(exportFile(id))
  await countJourneys(db)
  // The last step, because it waits while somebody builds the figures again.
  await foldFigures(db)
}

/** Applies the changes that waited for a second person until their time passed. One that fails does not stop the others. */
async function applyElapsed({ db, post, log }: Pick<SweepDeps, 'db' | 'post' | 'log'>): Promise<void> {
  for (const id of await elapsedApprovals(db))
    await settleApproval(db, { id, wanted: 'elapsed', by: undefined, post }).catch((error: unknown) => {
      log.warn({ err: error, approvalId: id }, 'request not applied')
    })
}
