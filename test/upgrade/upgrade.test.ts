import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createDb } from '../../db/ground/connection.ts'
import { migrate } from '../../db/ground/migrate.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { postgresUrl, withClient } from '../../tools/embedded/postgres-client.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { enterAsElena } from '../setup/operators.ts'
import type { Visitor } from '../setup/visitor.ts'
import { catalogOf } from './catalog.ts'
import { loadRows, migrateAs, readRelease, readRows, releaseNames } from './release.ts'

it('there is a release to upgrade', () => {
  expect(releaseNames()).toContain('0.1.0')
})

describe.each(releaseNames())('a database of release %s', (name) => {
  const release = readRelease(name)
  const database = `upgrade_${name.replaceAll('.', '_')}`
  let db: Knex
  let site: Site

  beforeAll(async () => {
    const port = inject('postgresPort')
    await withClient(postgresUrl(port, 'postgres'), (client) => client.query(`create database ${database}`))
    db = createDb({ url: postgresUrl(port, database), pool: 4, name: 'upgrade' })
    await migrateAs(db, release)
  })
  afterAll(async () => {
    await site?.close()
    await db.destroy()
    await withClient(postgresUrl(inject('postgresPort'), 'postgres'), (client) =>
      client.query(`drop database ${database} with (force)`),
    )
  })

  it('is made by migrations that have not changed since', async () => {
    expect(await catalogOf(db)).toBe(release.catalog)
  })

  it('has at least one row in every table that the release had', async () => {
    await loadRows(db, release)
    const kept = new Set(release.rows.map(({ table }) => table))
    const tables = [...release.catalog.matchAll(/^column (\w+)\./gm)].map((match) => match[1]!)
    const empty = [...new Set(tables)].filter((table) => !kept.has(table))
    expect(empty).toEqual([
      'knex_migrations',
      'knex_migrations_lock',
      'rate_limit',
      'session',
      'state_move',
      'taxonomy',
    ])
    expect((await readRows(db)).length).toBe(release.rows.length)
  })

  it('is upgraded by the migrations of today, which lose no row and break no rule of money', async () => {
    await migrate(db)
    const before = countsOf(release.rows)
    const after = countsOf(await readRows(db))
    // The history of anomalies begins with an event for each that there was, that of the flow of a reported row with two.
    const added: Record<string, number> = {
      event: (before.get('anomaly') ?? 0) + 2 * (before.get('reported_row') ?? 0),
    }
    for (const [table, count] of before)
      expect([table, after.get(table)]).toEqual([table, count + (added[table] ?? 0)])
    const findings = await checkMoney({ db })
    expect(findings.flatMap(({ violations }) => violations)).toEqual([])
  })

  it('shows its payments, dues, files and exports on the pages of today', async () => {
    site = await startSite({}, () => db)
    const elena = await enterAsElena(db, site.visitor())
    const carts = (await db('cart').whereNotNull('begun_at').pluck('id')) as string[]
    expect(carts.length).toBeGreaterThan(5)
    for (const id of carts) await expectPage(elena, `/supporto/pagamenti/${id}`)
    for (const page of ['dovuti', 'flussi', 'esportazioni'])
      await expectPage(elena, `/operatore/C_Q999/${page}`)
    for (const page of ['', '/tipi/LUCE_VOTIVA', '/operatori'])
      await expectPage(elena, `/admin/enti/C_Q999${page}`)
  })
})

const countsOf = (rows: readonly { table: string }[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const { table } of rows) counts.set(table, (counts.get(table) ?? 0) + 1)
  return counts
}

async function expectPage(visitor: Visitor, path: string): Promise<void> {
  expect([path, (await visitor.get(path)).status]).toEqual([path, 200])
}
