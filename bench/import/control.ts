import type { Knex } from 'knex'
import type { ImportWorld } from './world.ts'

/**
 * The control: COPY of the same final rows into empty tables with the same columns, indexes, checks and foreign keys, but
 * without triggers, in one transaction. Returns seconds.
 */
export async function copySameRows({ db, folder }: ImportWorld): Promise<number> {
  const file = (table: string): string => `${folder}/${table}.copy`
  await patiently(db, async (trx) => {
    await trx.raw('drop table if exists share_twin, due_twin')
    await trx.raw('create table due_twin (like due including all)')
    await trx.raw('create table share_twin (like due_share including all)')
    await trx.raw(`alter table due_twin add foreign key (ente_id) references ente,
      add foreign key (ente_due_type_id) references ente_due_type, add foreign key (flow_id) references flow`)
    await trx.raw(`alter table share_twin add foreign key (due_id) references due_twin,
      add foreign key (ente_id) references ente`)
    await trx.raw(`copy (select * from due order by id) to '${file('due')}'`)
    await trx.raw(`copy (select * from due_share order by due_id) to '${file('share')}'`)
  })
  await patiently(db, (trx) => trx.raw('checkpoint'), false)
  const from = performance.now()
  await patiently(db, async (trx) => {
    await trx.raw(`copy due_twin from '${file('due')}'`)
    await trx.raw(`copy share_twin from '${file('share')}'`)
  })
  return (performance.now() - from) / 1000
}

/** Removes all rows that imports wrote and frees their space. */
export async function emptyTables({ db }: ImportWorld): Promise<void> {
  await patiently(db, async (trx) => {
    await trx.raw('drop table if exists share_twin, due_twin')
    await trx.raw('truncate due, due_share, flow, event cascade')
  })
  await patiently(db, (trx) => trx.raw('checkpoint'), false)
}

/** Runs `work` without the statement timeout of pages. */
async function patiently(
  db: Knex,
  work: (trx: Knex) => PromiseLike<unknown>,
  isAtOnce = true,
): Promise<void> {
  if (!isAtOnce) return void (await work(db))
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    await work(trx)
  })
}
