import type { Knex } from 'knex'
import type { ImportWorld } from './world.ts'

/**
 * The control: the same final rows by COPY into empty tables with the same columns, indexes, checks and foreign keys, in one
 * transaction. Triggers are not part of it. Answers seconds.
 */
export async function copySameRows({ db, folder }: ImportWorld): Promise<number> {
  const file = (table: string): string => `${folder}/${table}.copy`
  await patiently(db, async (trx) => {
    await trx.raw('drop table if exists share_twin, dovuto_twin')
    await trx.raw('create table dovuto_twin (like dovuto including all)')
    await trx.raw('create table share_twin (like dovuto_share including all)')
    await trx.raw(`alter table dovuto_twin add foreign key (ente_id) references ente,
      add foreign key (ente_tipo_dovuto_id) references ente_tipo_dovuto, add foreign key (flow_id) references flow`)
    await trx.raw(`alter table share_twin add foreign key (dovuto_id) references dovuto_twin,
      add foreign key (ente_id) references ente`)
    await trx.raw(`copy (select * from dovuto order by id) to '${file('dovuto')}'`)
    await trx.raw(`copy (select * from dovuto_share order by dovuto_id) to '${file('share')}'`)
  })
  await patiently(db, (trx) => trx.raw('checkpoint'), false)
  const from = performance.now()
  await patiently(db, async (trx) => {
    await trx.raw(`copy dovuto_twin from '${file('dovuto')}'`)
    await trx.raw(`copy share_twin from '${file('share')}'`)
  })
  return (performance.now() - from) / 1000
}

/** Everything that imports wrote is gone, and the space with it. */
export async function emptyTables({ db }: ImportWorld): Promise<void> {
  await patiently(db, async (trx) => {
    await trx.raw('drop table if exists share_twin, dovuto_twin')
    await trx.raw('truncate dovuto, dovuto_share, flow, event cascade')
  })
  await patiently(db, (trx) => trx.raw('checkpoint'), false)
}

/** Without the limits of pages. */
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
