import type { Knex } from 'knex'
import type { Fault, Movement } from '../../domain/treasury/movement.ts'
import { rowsOf } from '../ground/rows.ts'
import { lockReading } from './file.ts'

/** A movement with the digests that make it one of its ente. */
export interface KeyedMovement extends Movement {
  /** Digests in hexadecimal: of the movement, and of its bill. */
  digest: string
  bill: string
  /** Its text in the form in which ids are looked for. */
  plain: string
}

const MOVEMENTS = `json_to_recordset(?) as m (digest text, bill text, source text, act text, cents bigint, "bookedOn" date, "valueOn" date,
  series text, account text, year int, number text, bolletta text, reversale text, "stornoOf" text, sospesi jsonb, trn text, "endToEndId" text, sender text, text text,
  plain text, "madeAt" timestamp, place jsonb)`

/**
 * Stores movements of a statement that is being read. One that is known stays as it is; that this file has it is stored too. Safe to repeat.
 * False when the reading has ended meanwhile.
 */
export function saveMovements(
  db: Knex,
  fileId: string,
  movements: readonly KeyedMovement[],
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const file = await lockReading(trx, fileId)
    if (!file) return false
    const given = JSON.stringify(movements)
    // In one order, so that two files that have the same movements do not wait for each other in a circle.
    await trx.raw(
      `insert into treasury_movement (ente_id, source, key, bill, act, cents, booked_on, value_on, series, account, year, number, bolletta, reversale, storno_of,
         sospesi, trn, end_to_end_id, sender, text, plain)
       select distinct on (m.digest) ?::uuid, m.source, decode(m.digest, 'hex'), decode(m.bill, 'hex'), m.act, m.cents, m."bookedOn",
         m."valueOn", m.series, m.account, m.year, m.number, m.bolletta, m.reversale, m."stornoOf", m.sospesi, m.trn, m."endToEndId", m.sender, m.text, m.plain
       from ${MOVEMENTS} order by m.digest on conflict on constraint treasury_movement_key do nothing`,
      [file.enteId, given],
    )
    await trx.raw(
      `insert into treasury_sighting (file_id, movement_id, made_at, place)
       select distinct on (k.id) ?::uuid, k.id, m."madeAt", m.place
       from ${MOVEMENTS} join treasury_movement k on k.ente_id = ? and k.key = decode(m.digest, 'hex') order by k.id
       on conflict do nothing`,
      [fileId, given, file.enteId],
    )
    return true
  })
}

/** Stores faults of a statement, numbered from `first`. Safe to repeat. */
export async function saveFaults(
  db: Knex,
  fileId: string,
  faults: readonly Fault[],
  first: number,
): Promise<void> {
  if (faults.length === 0) return
  await db('treasury_fault')
    .insert(
      faults.map(({ place, code, field, value }, at) => ({
        file_id: fileId,
        number: first + at,
        place: JSON.stringify(place),
        code,
        field,
        value,
      })),
    )
    .onConflict()
    .ignore()
}

/** The first faults of a statement, in their order. */
export const faultsOf = (db: Knex, fileId: string, limit: number): Promise<Fault[]> =>
  rowsOf<Fault>(
    db('treasury_fault')
      .select('place', 'code', 'field', 'value')
      .where({ file_id: fileId })
      .orderBy('number')
      .limit(limit),
  )
