import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import type { FlowDue } from '../../domain/flow/values.ts'
import { ANONYMOUS } from '../../domain/person.ts'

/** A row that would make a new due, by what makes two dues alike. */
export interface AlikeKey {
  row: number
  due: FlowDue
  twin: Buffer
}

/** A hash of what makes two dues alike; undefined for a payer who is nobody. */
export function twinOf({ pagatore, importo, dueType, dueOn = '' }: FlowDue): Buffer | undefined {
  if (pagatore.codice === ANONYMOUS) return undefined
  return createHash('sha256').update([pagatore.codice, importo, dueType.id, dueOn].join('|')).digest()
}

/**
 * The rows for which there is a due with the same payer, amount, type and day, or an earlier row of the same check. One statement, which
 * reads the index of payers once per row.
 */
export async function alikeRows(
  trx: Knex,
  { enteId, flowId }: { enteId: string; flowId: string },
  keys: readonly AlikeKey[],
): Promise<number[]> {
  if (keys.length === 0) return []
  const { rows } = await trx.raw<{ rows: { row: number }[] }>(
    `select k.row from unnest(?::int[], ?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::bytea[])
         as k (row, codice, cents, type, day, twin)
     where exists (select from due d where d.pagatore_codice = k.codice and d.due_on = nullif(k.day, '')::date
           and d.ente_id = ? and d.ente_due_type_id = k.type and d.importo_cents = k.cents and d.state <> 'cancelled')
       or (k.day = '' and exists (select from due d where d.pagatore_codice = k.codice and d.due_on is null
           and d.ente_id = ? and d.ente_due_type_id = k.type and d.importo_cents = k.cents and d.state <> 'cancelled'))
       or exists (select from flow_unchanged u where u.flow_id = ? and u.twin = k.twin)`,
    [
      keys.map(({ row }) => row),
      keys.map(({ due }) => due.pagatore.codice),
      keys.map(({ due }) => due.importo),
      keys.map(({ due }) => due.dueType.id),
      keys.map(({ due }) => due.dueOn ?? ''),
      keys.map(({ twin }) => twin),
      enteId,
      enteId,
      flowId,
    ],
  )
  return rows.map(({ row }) => row)
}
