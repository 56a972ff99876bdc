import type { Knex } from 'knex'
import {
  sameDayAndAmount,
  touchedBy,
  writeCredits,
  writeLoaded,
  writeTwins,
  type GroupedCredit,
  type Twin,
} from '../../db/treasury/count.ts'
import { lockReading, type TreasuryFile } from '../../db/treasury/file.ts'
import { lockTreasury } from '../../db/treasury/lock.ts'
import { judgeBills } from '../../domain/treasury/bill.ts'
import type { Source } from '../../domain/treasury/movement.ts'
import { groupsBy } from '../../domain/table.ts'
import { sameMoney } from '../../domain/treasury/same-money.ts'

/** Makes a statement loaded whose movements are stored, and counts its credits, in one transaction. False when it was done before. */
export const countStatement = (
  db: Knex,
  { id, enteId }: Pick<TreasuryFile, 'id' | 'enteId'>,
  source: Source,
): Promise<boolean> =>
  db.transaction(async (trx) => {
    await lockTreasury(trx, enteId)
    if (!(await lockReading(trx, id))) return false
    await writeLoaded(trx, id, source)
    await countAgain(trx, enteId, id)
    return true
  })

/** Counts the credits again that a file touches. Call it in a transaction that holds `lockTreasury`, after the file came or went. */
export async function countAgain(trx: Knex, enteId: string, fileId: string): Promise<void> {
  const { bills, movements } = await touchedBy(trx, enteId, fileId)
  const judged = judgeBills(movements)
  const credits = judged.bills.map(({ key, current, cents }) => ({
    bill: key,
    movementId: current.id,
    cents,
    reversedCents: current.cents - cents,
  }))
  const changed = await writeCredits(trx, enteId, { bills, credits })
  await writeTwins(trx, twinsAmong(await sameDayAndAmount(trx, enteId, changed)))
}

/** The credits that are, or are not any more, the same money as another. */
function twinsAmong(credits: readonly GroupedCredit[]): Twin[] {
  const groups = groupsBy(
    credits.filter(({ cents }) => cents > 0),
    ({ bookedOn, cents }) => `${bookedOn} ${cents}`,
  )
  const twins = new Map([...groups.values()].flatMap((group) => [...sameMoney(group)]))
  return credits
    .map(({ id, twinId }) => ({ id, before: twinId, twinId: twins.get(id) ?? null }))
    .filter(({ before, twinId }) => before !== twinId)
    .map(({ id, twinId }) => ({ id, twinId }))
}
