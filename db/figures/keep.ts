import type { Knex } from 'knex'

/**
 * One process at a time writes the folded figures. Pages read on meanwhile, and so do payments and imports, which only add deltas.
 * It must be the first statement of its transaction: it takes no snapshot, so that the next one sees what the last holder wrote.
 */
const LOCK = 'lock table figure in share row exclusive mode'

/** Adds the deltas of the committed transactions to the folded figures and removes them. Called by the sweep; safe to repeat. */
export async function foldFigures(db: Knex): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw(LOCK)
    await trx.raw(
      `with gone as (delete from figure_delta returning kind, ente_due_type_id, day, items, cents),
         change as (select kind, ente_due_type_id, day, sum(items)::bigint as items, sum(cents)::bigint as cents from gone group by 1, 2, 3)
       merge into figure f using change c
         on f.ente_due_type_id = c.ente_due_type_id and f.kind = c.kind and f.day is not distinct from c.day
       when matched and f.items + c.items = 0 and f.cents + c.cents = 0 then delete
       when matched then update set items = f.items + c.items, cents = f.cents + c.cents
       when not matched and (c.items <> 0 or c.cents <> 0) then
         insert (kind, ente_due_type_id, day, items, cents) values (c.kind, c.ente_due_type_id, c.day, c.items, c.cents)`,
    )
  })
}

/**
 * Builds the figures again from the rows, while payments and imports go on: all statements see one moment, and the deltas of that moment
 * are replaced, not those of transactions that commit later. Reads every due once.
 */
export async function rebuildFigures(db: Knex): Promise<void> {
  await db.transaction(
    async (trx) => {
      await trx.raw(LOCK)
      await trx.raw('set local statement_timeout = 0')
      await trx.raw('delete from figure_delta')
      await trx.raw('delete from figure')
      await trx.raw(
        `insert into figure (kind, ente_due_type_id, day, items, cents)
         select kind, ente_due_type_id, day, items, cents from figure_of_rows`,
      )
    },
    { isolationLevel: 'repeatable read' },
  )
}
