import type { Knex } from 'knex'
import { iuv17 } from '../../domain/iuv.ts'

export interface CounterKey {
  /** Codice fiscale of the ente. */
  domain: string
  segregationCode: string
  generator: 'iuv17' | 'iuv25'
}

/**
 * Draws the next `count` progressives, none of which an older system has given (`iuv_range`), and returns the first. Nobody else gets them,
 * because the counter's row stays locked until the caller commits.
 */
export async function drawProgressives(db: Knex, key: CounterKey, count = 1): Promise<number> {
  const { domain, segregationCode, generator } = key
  const { rows } = await db.raw<{ rows: { first: number }[] }>(
    `select draw_progressives(?, ?, ?, ?) as first`,
    [domain, segregationCode, generator, count],
  )
  return rows[0]!.first
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
