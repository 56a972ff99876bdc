import type { Knex } from 'knex'

/** SQL: today in Rome by the clock of the database. */
export const TODAY = `(now() at time zone 'Europe/Rome')::date`

/** Today in Rome by the clock of the database. */
export async function todayInRome(db: Knex): Promise<string> {
  const { rows } = await db.raw<{ rows: { today: string }[] }>(`select ${TODAY} as today`)
  return rows[0]!.today
}

/** SQL: what follows an instant that is not before a day of Rome, or not after it. The binding is the day. */
export const FROM_DAY = `>= (?::date)::timestamp at time zone 'Europe/Rome'`
export const UP_TO_DAY = `< (?::date + 1)::timestamp at time zone 'Europe/Rome'`
