import type { Knex } from 'knex'
import { lockDues } from '../../db/due/lock.ts'
import { iuvFacts, reportedEnte, type ReportedEnte } from '../../db/reporting/iuv-facts.ts'
import { isAboutMoney, writeActs, writeClasses } from '../../db/reporting/judged.ts'
import {
  beginJudging,
  enteOfFlow,
  entiToJudge,
  flowsToJudge,
  noteJudged,
  rowsToJudge,
  takeIuvs,
} from '../../db/reporting/to-judge.ts'
import { closeReported } from '../../db/reporting/unreported.ts'
import { reconcile } from '../../domain/reporting/reconcile.ts'
import type { IuvFacts } from '../../domain/reporting/iuv-facts.ts'
import type { ReconciledIuv } from '../../domain/reporting/reconciled.ts'
import { groupsBy } from '../../domain/table.ts'

/** Rows that one transaction judges: about a second of work. */
const ROWS = 5_000

/** Judges the next rows of a stored flow and does what follows. True while there are more. Safe to repeat and to run twice at once. */
export async function reconcileRows(db: Knex, flowId: string): Promise<boolean> {
  const enteId = await enteOfFlow(db, flowId)
  if (enteId === undefined) return false
  return db.transaction(async (trx) => {
    await beginJudging(trx, enteId)
    const next = await rowsToJudge(trx, flowId, ROWS)
    if (!next) return false
    await reconcileIuvs(trx, enteId, next.iuvs)
    await noteJudged(trx, flowId, next)
    return !next.isLast
  })
}

/** Judges again what something new is known of. True while there is more. */
export const reconcileNews = (db: Knex, enteId: string): Promise<boolean> =>
  db.transaction(async (trx) => {
    await beginJudging(trx, enteId)
    const iuvs = await takeIuvs(trx, enteId, ROWS)
    await reconcileIuvs(trx, enteId, iuvs)
    return iuvs.length > 0
  })

/** Judges everything of an ente that waits. @param isAlive called between transactions; false ends it */
export async function reconcileEnte(
  db: Knex,
  enteId: string,
  isAlive: () => boolean = () => true,
): Promise<void> {
  for (const flowId of await flowsToJudge(db, enteId)) while (isAlive() && (await reconcileRows(db, flowId)));
  while (isAlive() && (await reconcileNews(db, enteId)));
}

const ENTI = 50
/** Transactions of one call, so that whoever calls it is not kept for long. */
const TURNS = 50

/** Judges what waits anywhere, a bounded part of it: what no process judged, or what came after one. */
export async function reconcileWaiting(db: Knex): Promise<void> {
  let turns = TURNS
  for (const enteId of await entiToJudge(db, ENTI))
    if (turns > 0) await reconcileEnte(db, enteId, () => turns-- > 0)
}

/**
 * Judges the rows of these IUVs and does what follows, in the caller's transaction after `beginJudging`. Dues are locked only where their
 * money changes; their facts are then read again, because a payment may have changed them until the lock was there.
 */
export async function reconcileIuvs(trx: Knex, enteId: string, iuvs: readonly string[]): Promise<void> {
  if (iuvs.length === 0) return
  const ente = await reportedEnte(trx, enteId)
  const judge = (some: readonly string[]) => judgeParts(trx, ente, some)
  const judged = groupsBy(await judge(iuvs), ({ acts }) => acts.some(isAboutMoney))
  const moving = judged.get(true) ?? []
  await lockDues(trx, moving.flatMap(duesOf))
  const again = moving.length === 0 ? [] : await judge(moving.map(({ iuv }) => iuv))
  const sure = [...(judged.get(false) ?? []), ...again]
  await writeClasses(
    trx,
    sure.flatMap(({ rows }) => rows),
  )
  if (ente.isMissing) await closeReported(trx, sure.flatMap(receiptsOf))
  await writeActs(
    trx,
    sure.flatMap(({ acts }) => acts),
  )
}

/** IUVs whose facts one statement reads: while the rules judge them, PostgreSQL reads those of the next. */
const PART = 1_000

async function judgeParts(trx: Knex, ente: ReportedEnte, iuvs: readonly string[]): Promise<ReconciledIuv[]> {
  const judged: ReconciledIuv[] = []
  const read = (from: number): Promise<IuvFacts[]> | undefined =>
    from < iuvs.length ? iuvFacts(trx, ente, iuvs.slice(from, from + PART)) : undefined
  let next = read(0)
  try {
    for (let from = PART; next; from += PART) {
      const facts = await next
      next = read(from)
      judged.push(...reconcile(facts))
    }
  } finally {
    // The connection must be free for whatever comes now.
    await next
  }
  return judged
}

const receiptsOf = ({ rows }: ReconciledIuv): string[] =>
  rows.flatMap((row) => (row.receiptId === null || row.class === 'superseded' ? [] : [row.receiptId]))

const duesOf = ({ acts }: ReconciledIuv): string[] =>
  acts.flatMap((act) => (isAboutMoney(act) ? [act.dueId] : []))
