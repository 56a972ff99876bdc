import type { Knex } from 'knex'
import { iuvFacts, reportedEnte } from '../../db/reporting/iuv-facts.ts'
import { daysToCheck, iuvsPaid, noteChecked, raiseUnreported } from '../../db/reporting/unreported.ts'
import { unreportedPayments } from '../../domain/reporting/unreported.ts'
import { lastOverdueDay } from '../../domain/working-days.ts'

const IUVS = 1_000

/**
 * Looks for the payments of receipts whose time to be in a flow is over, and raises an anomaly for each that is in none. Each day of payment
 * is looked at once; the anomaly ends when the row comes. Safe to repeat and to run twice at once.
 * @param today a day of Rome
 */
export const findUnreported = (db: Knex, today: string, workingDays: number): Promise<void> =>
  db.transaction(async (trx) => {
    const lastDay = lastOverdueDay(today, workingDays)
    const days = await daysToCheck(trx, lastDay)
    if (!days) return
    for (const { enteId, iuvs } of await iuvsPaid(trx, days)) {
      const ente = await reportedEnte(trx, enteId)
      for (let at = 0; at < iuvs.length; at += IUVS) {
        const facts = await iuvFacts(trx, ente, iuvs.slice(at, at + IUVS))
        const found = facts.flatMap((one) => unreportedPayments(one, lastDay))
        await raiseUnreported(trx, found)
      }
    }
    await noteChecked(trx, lastDay)
  })
