import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { inject } from 'vitest'
import { createDb } from '../../db/ground/connection.ts'
import { postgresUrl, withClient } from '../../tools/embedded/postgres-client.ts'
import { TEMPLATE } from './template.ts'

export interface TestDatabase {
  db: Knex
  url: string
  drop(): Promise<void>
}

/** Makes an empty, migrated database for one test file. Call `drop()` in `afterAll`. */
export async function testDatabase(pool = 10): Promise<TestDatabase> {
  const port = inject('postgresPort')
  const name = `t_${randomUUID().replaceAll('-', '')}`
  await onServer(port, `create database ${name} template ${TEMPLATE}`)
  const url = postgresUrl(port, name)
  const db = createDb({ url, pool, name })
  return {
    db,
    url,
    async drop() {
      await db.destroy()
      await onServer(port, `drop database ${name} with (force)`)
    },
  }
}

async function onServer(port: number, sql: string): Promise<void> {
  await withClient(postgresUrl(port, 'postgres'), (client) => client.query(sql))
}
