import type { Knex } from 'knex'
import { rowOf } from '../ground/rows.ts'

/**
 * Locks the dues of a cart, in the order of their ids, so that two carts with the same dues cannot deadlock. The caller reads them by
 * another statement, because a statement that waits for a lock still sees other tables as they were before the wait.
 */
export async function lockDuesOf(trx: Knex, cartId: string): Promise<void> {
  await trx.raw(
    `select id from due where id in (select due_id from cart_item where cart_id = ?) order by id for no key update`,
    [cartId],
  )
}

/** Locks a due, which must exist, and returns the instant of its last change. */
export async function lockDue(trx: Knex, id: string): Promise<string> {
  const query = trx('due').first('changed_at').where({ id }).forNoKeyUpdate()
  const row = await rowOf<{ changed_at: string }>(query)
  return row!.changed_at
}

/** Locks dues in the order of their ids, so that two transactions with the same dues cannot deadlock. */
export async function lockDues(trx: Knex, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx.raw('select id from due where id = any (?::uuid[]) order by id for no key update', [[...ids]])
}
