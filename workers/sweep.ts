import type { Knex } from 'knex'
import type { Logger } from 'pino'
import { removeOrphans } from './orphans.ts'
import { tellAnomalies } from '../db/anomaly/tell.ts'
import { elapsedApprovals } from '../db/ente/approval.ts'
import type { Post } from '../db/mail/change-mail.ts'
import { releaseNotices } from '../db/mail/notice-release.ts'
import { bookReminders } from '../db/mail/reminders.ts'
import { settleApproval } from '../db/ente/settle-approval.ts'
import { takeOutdatedActs } from '../db/bulk/act.ts'
import { takeOutdated } from '../db/export/export.ts'
import { todayInRome } from '../db/ground/rome.ts'
import { findUnreported } from '../services/reporting/unreported.ts'
import { reconcileWaiting } from '../services/reporting/reconcile.ts'
import { countJourneys } from '../db/figures/journeys.ts'
import { foldFigures } from '../db/figures/keep.ts'
import { countReportingWeeks } from '../db/figures/reporting-weeks.ts'
import { expireDrafts, overdueDrafts } from '../db/flow/draft.ts'
import { noteMissedFetches } from '../db/reporting/missed.ts'
import { overdueTreasury } from '../db/treasury/file.ts'
import { forgetSchedules, noteSchedules, schedulesToKeep } from '../db/reporting/schedule.ts'
import { bulkFiles, draftFiles, exportFile, type FileStore } from '../services/file-store.ts'
import { expireCarts } from '../db/payment/cart.ts'
import { noteQuiet } from '../db/worklist/queues.ts'
import {
  ensureJournalMonths,
  findOverdue,
  withSweepLock,
  type Grace,
  type Overdue,
  type OverdueFlow,
} from '../db/payment/sweep.ts'
import {
  bulkSummary,
  cancelSummary,
  exportSummary,
  flowSummary,
  mailSummary,
  paymentSummary,
  sheetSummary,
  treasurySummary,
} from '../templates/process-words.ts'
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
  /** Notices by mail that may leave in a minute. */
  noticesPerMinute: number
  /** Reporting flows are fetched, so that each ente has a schedule. */
  isReporting?: boolean
  /** Working days within which a payment with a receipt must be in a flow. */
  reportedWithinDays?: number
  log: Logger
}

/** Sweeps every 15 s. `grace`: seconds after which a process that did not act on a stored fact is signalled again. */
export const SWEEP: SweepPace = { everyMs: 15_000, grace: { receipt: 15, check: 120, mail: 15 } }

const REPORTED_WITHIN_DAYS = 5
const CLEAN_EVERY_MS = 60 * 60_000
/** Days until the file of an export or of an act on many dues is removed. */
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
        // A new server of Temporal knows no schedule.
        if (deps.isReporting) await forgetSchedules(deps.db, await deps.processes.scheduledEnti())
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
  noticesPerMinute,
  isReporting,
  reportedWithinDays,
  log,
  grace,
}: Omit<SweepDeps, 'everyMs'>): Promise<void> {
  await withSweepLock(db, async (trx) => {
    await ensureJournalMonths(trx)
    const overdue = await findOverdue(trx, grace)
    const { carts, mails, flows, exports, acts } = overdue
    const tasks = wakesOf(processes, overdue)
    for (const task of tasks) await task()
    if (tasks.length > 0)
      log.info(
        {
          payments: carts.length,
          mails: mails.length,
          flows: flows.length,
          exports: exports.length,
          acts: acts.length,
        },
        'swept',
      )
  })
  await expireCarts(db)
  await tellAnomalies(db, post)
  await sendNotices({ db, processes, post, noticesPerMinute, log })
  await noteQuiet(db)
  await applyElapsed({ db, post, log })
  for (const { enteName, ...draft } of await overdueDrafts(db))
    await processes.wakeConversion({ ...draft, summary: sheetSummary(enteName) })
  for (const { enteName, ...file } of await overdueTreasury(db))
    await processes.wakeTreasury({ ...file, summary: treasurySummary(enteName) })
  for (const id of await expireDrafts(db)) await files.remove(draftFiles(id).folder)
  for (const id of await takeOutdated(db, EXPORT_DAYS)) await files.remove(exportFile(id))
  for (const id of await takeOutdatedActs(db, EXPORT_DAYS)) await files.remove(bulkFiles(id).zip)
  if (isReporting) {
    // Before the schedules, because it is about their failure.
    await noteMissedFetches(db)
    await keepSchedules({ db, processes }).catch((error: unknown) =>
      log.warn({ err: error }, 'schedules of reporting not in step'),
    )
  }
  await reconcileLate({ db, isReporting, reportedWithinDays }).catch((error: unknown) =>
    log.warn({ err: error }, 'reported payments not judged'),
  )
  await countJourneys(db)
  // The last steps, because they wait while somebody builds the figures again.
  await foldFigures(db)
  await countReportingWeeks(db)
}

/** The calls that wake what is overdue, or start it anew with its summary. */
function wakesOf(
  processes: Processes,
  { carts, mails, flows, exports, acts }: Overdue,
): (() => Promise<void>)[] {
  return [
    ...carts.map((cart) => () => processes.wakePayment(cart.id, { summary: paymentSummary(cart) })),
    ...mails.map(
      ({ id, kind, enteId }) =>
        () =>
          processes.wakeMail(id, {
            summary: mailSummary(kind),
            behind: kind === 'notice' ? { enteId: enteId! } : undefined,
          }),
    ),
    ...flows.map((flow) => () => wakeFlow(processes, flow)),
    ...exports.map(
      (booked) => () =>
        processes.wakeExport({
          exportId: booked.exportId,
          enteId: booked.enteId,
          summary: exportSummary(booked),
        }),
    ),
    ...acts.map(
      ({ actId, enteId, enteName, ...act }) =>
        () =>
          processes.wakeBulkAct({ actId, enteId, summary: bulkSummary(act, enteName) }),
    ),
  ]
}

const wakeFlow = (processes: Processes, { flowId, enteId, isCancelling, ...names }: OverdueFlow) =>
  isCancelling
    ? processes.cancelImport({ flowId, enteId, summary: cancelSummary(names) })
    : processes.wakeImport({ flowId, enteId, summary: flowSummary(names) })

/** Judges what no fetch judged, and what came after it; looks for receipts that no flow has. */
async function reconcileLate({
  db,
  isReporting,
  reportedWithinDays = REPORTED_WITHIN_DAYS,
}: {
  db: Knex
  isReporting: boolean | undefined
  reportedWithinDays: number | undefined
}): Promise<void> {
  await reconcileWaiting(db)
  if (isReporting) await findUnreported(db, await todayInRome(db), reportedWithinDays)
}

/** Applies the changes that waited for a second person until their time passed. One that fails does not stop the others. */
async function applyElapsed({ db, post, log }: Pick<SweepDeps, 'db' | 'post' | 'log'>): Promise<void> {
  for (const id of await elapsedApprovals(db))
    await settleApproval(db, { id, wanted: 'elapsed', by: undefined, post }).catch((error: unknown) => {
      log.warn({ err: error, approvalId: id }, 'request not applied')
    })
}

/**
 * Books the reminders of today and starts the mails of the notices whose turn has come, behind all other mails. One that cannot be started
 * is pending, and a later sweep starts it.
 */
async function sendNotices({
  db,
  processes,
  post,
  noticesPerMinute,
  log,
}: Pick<SweepDeps, 'db' | 'processes' | 'post' | 'noticesPerMinute' | 'log'>): Promise<void> {
  await bookReminders(db)
  const released = await releaseNotices(db, { perMinute: noticesPerMinute, mailHost: post.mailHost })
  for (const { mailId, enteId, enteName } of released)
    await processes
      .wakeMail(mailId, { summary: mailSummary('notice', enteName), behind: { enteId } })
      .catch((error: unknown) => log.warn({ err: error, mailId }, 'notice not started'))
}

/** Enti whose schedule is brought into step in one sweep, and how many at once. */
const SCHEDULES = 2_000
const AT_ONCE = 10

/** Makes, pauses and resumes the schedules of enti that came, left or came back. What fails is done by a later sweep. */
async function keepSchedules({ db, processes }: Pick<SweepDeps, 'db' | 'processes'>): Promise<void> {
  const wanted = await schedulesToKeep(db, SCHEDULES)
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const some = wanted.slice(at, at + AT_ONCE)
    await Promise.all(some.map((one) => processes.keepSchedule(one)))
    await noteSchedules(db, some)
  }
}
