import type { Knex } from 'knex'
import type { Logger } from 'pino'
import { removeOrphans } from './orphans.ts'
import { elapsedApprovals } from '../db/ente/approval.ts'
import type { Post } from '../db/mail/change-mail.ts'
import { settleApproval } from '../db/ente/settle-approval.ts'
import { takeOutdated } from '../db/export/export.ts'
import { exportFile, type FileStore } from '../services/file-store.ts'
import { expireCarts } from '../db/payment/cart.ts'
import { ensureJournalMonths, findOverdue, withSweepLock, type Grace } from '../db/payment/sweep.ts'
import type { Processes } from '../workflows/processes.ts'

export interface SweepPace {
  everyMs: number
  grace: Grace
}

export interface SweepDeps extends SweepPace {
  db: Knex
  processes: Processes
  files: FileStore
  /** Who is told of what happens by time alone. */
  post: Post
  log: Logger
}

/** Each 15 s; `grace` is the seconds after which a stored fact nobody acted on is told again. */
export const SWEEP: SweepPace = { everyMs: 15_000, grace: { receipt: 15, check: 120, mail: 15 } }

const CLEAN_EVERY_MS = 60 * 60_000
/** Days that the file of an export is kept. */
const EXPORT_DAYS = 30

/**
 * The guard of everything that a signal or a process may have missed. It is no workflow, or it would die with what it
 * guards; every worker runs it, one at a time by an advisory lock. All it does may be done twice.
 */
export function startSweep(deps: SweepDeps): () => void {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let cleanedAt = 0
  const round = async (): Promise<void> => {
    try {
      await sweepOnce(deps)
      // Looks at every folder: not each time.
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
  await applyElapsed({ db, post, log })
  for (const id of await takeOutdated(db, EXPORT_DAYS)) await files.remove(exportFile(id))
}

/** What waited for a second person and whose time has passed; one that fails keeps no other waiting. */
async function applyElapsed({ db, post, log }: Pick<SweepDeps, 'db' | 'post' | 'log'>): Promise<void> {
  for (const id of await elapsedApprovals(db))
    await settleApproval(db, { id, wanted: 'elapsed', by: undefined, post }).catch((error: unknown) => {
      log.warn({ err: error, approvalId: id }, 'request not applied')
    })
}
