import type { Knex } from 'knex'
import { uuidv7 } from '../../db/ground/uuid.ts'
import type { Actor } from '../../db/journal/event.ts'

/** An operator who may use every due. */
export async function anOperator(db: Knex): Promise<Actor> {
  const by = { id: uuidv7(), name: 'Elena Conti' }
  await db('operator').insert({ ...by, codice_fiscale: 'CNTLNE80A41H501X', platform_admin: true })
  return by
}

/** Replaces all dues by so many payable ones of an ente. */
export async function fillPayable(db: Knex, enteId: string, count: number): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    // No triggers, because writing the events of so many births is not measured.
    await trx.raw('set local session_replication_role = replica')
    await trx.raw('truncate due, due_share, bulk_act, bulk_act_row cascade')
    await trx.raw(
      `insert into due (ente_id, ente_due_type_id, iud, iuv, importo_cents, causale, pagatore_codice, pagatore, due_on)
       select ?, (select id from ente_due_type limit 1), 'P-' || i, '12' || lpad(i::text, 15, '0'), 2450, 'Canone ' || i, 'P' || i,
         jsonb_build_object('tipo', 'F', 'codice', 'P' || i, 'anagrafica', 'Mario Rossi ' || i), current_date + 30
       from generate_series(1, ?) i`,
      [enteId, count],
    )
  })
  await db.raw('vacuum analyze')
}
