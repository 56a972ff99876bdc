import type { Knex } from 'knex'

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
