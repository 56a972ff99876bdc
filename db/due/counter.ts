import type { Knex } from 'knex'
import { iuv17 } from '../../domain/iuv.ts'

export interface CounterKey {
  /** Codice fiscale of the ente. */
  domain: string
  segregationCode: string
  generator: 'iuv17' | 'iuv25'
}

/**
 * Draws the next `count` progressives and returns the first. Never one twice: they are the caller's once it commits, and
 * the counter's row is locked until then.
 */
export async function drawProgressives(db: Knex, key: CounterKey, count = 1): Promise<number> {
  const { domain, segregationCode, generator } = key
  const result = await db.raw<{ rows: { last_value: number }[] }>(
    `insert into iuv_counter (domain, segregation_code, generator, last_value) values (?, ?, ?, ?)
     on conflict (domain, segregation_code, generator)
       do update set last_value = iuv_counter.last_value + excluded.last_value
     returning last_value`,
    [domain, segregationCode, generator, count],
  )
  return result.rows[0]!.last_value - count + 1
}

/** The next IUVs of an ente's notices, in order. */
export async function drawIuvs(
  db: Knex,
  ente: { domain: string; segregationCode: string },
  count: number,
): Promise<string[]> {
  const { domain, segregationCode } = ente
  const first = await drawProgressives(db, { domain, segregationCode, generator: 'iuv17' }, count)
  return Array.from({ length: count }, (_, at) => iuv17({ segregationCode, progressive: first + at }))
}
