import type { Knex } from 'knex'

/**
 * A statement of its own: one that waits for a lock still reads its other tables as they were before the wait.
 * In id order, so that two carts sharing dues cannot deadlock.
 */
export async function lockDuesOf(trx: Knex, cartId: string): Promise<void> {
  await trx.raw(
    `select id from due where id in (select due_id from cart_item where cart_id = ?) order by id for no key update`,
    [cartId],
  )
}

/** Locks a due and answers when it was last changed. */
export async function lockDue(trx: Knex, id: string): Promise<string> {
  const row = (await trx('due').first('changed_at').where({ id }).forNoKeyUpdate()) as { changed_at: string }
  return row.changed_at
}
