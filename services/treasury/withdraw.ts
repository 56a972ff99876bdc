import type { Knex } from 'knex'
import { withdrawFile, type TreasuryFile } from '../../db/treasury/file.ts'
import type { Actor } from '../../db/journal/event.ts'
import { lockTreasury } from '../../db/treasury/lock.ts'
import { countAgain } from './count.ts'

/**
 * Takes a statement back whole: what no other loaded file has is not counted any more, and its ties go. False when it was taken back before.
 * The caller wakes the process that ties anew what is left.
 */
export const withdrawStatement = (
  db: Knex,
  { id, enteId }: Pick<TreasuryFile, 'id' | 'enteId'>,
  by: Actor,
): Promise<boolean> =>
  db.transaction(async (trx) => {
    await lockTreasury(trx, enteId)
    if (!(await withdrawFile(trx, id, by))) return false
    await countAgain(trx, enteId, id)
    return true
  })
