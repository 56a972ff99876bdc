import type { ImportWorld } from '../import/world.ts'

const TABLES = ['reported_row', 'reporting_page'] as const

/**
 * The control: COPY of the same rows and pages into empty tables with the same columns, indexes, checks and foreign keys, but without
 * triggers, in one transaction. Returns seconds.
 */
export async function copySameRows({ db, folder }: ImportWorld): Promise<number> {
  const file = (table: string): string => `${folder}/${table}.copy`
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    for (const table of TABLES) {
      await trx.raw(`drop table if exists ${table}_twin`)
      await trx.raw(`create table ${table}_twin (like ${table} including all)`)
      await trx.raw(`alter table ${table}_twin add foreign key (reporting_flow_id) references reporting_flow`)
      if (table === 'reported_row')
        await trx.raw(
          `alter table ${table}_twin add foreign key (due_id) references due, add foreign key (receipt_id) references receipt`,
        )
      await trx.raw(`copy (select * from ${table} order by ${table}) to '${file(table)}'`)
    }
  })
  await db.raw('checkpoint')
  const from = performance.now()
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    for (const table of TABLES) await trx.raw(`copy ${table}_twin from '${file(table)}'`)
  })
  return (performance.now() - from) / 1000
}

/** Removes all flows and frees their space. */
export async function emptyTables({ db }: ImportWorld): Promise<void> {
  for (const table of TABLES) await db.raw(`drop table if exists ${table}_twin`)
  await db.raw('truncate reporting_flow, reporting_run cascade')
  await db.raw('checkpoint')
}
