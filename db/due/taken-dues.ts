import type { Knex } from 'knex'
import type { Debt } from '../../domain/flow/same-debt.ts'
import type { SheetNumbers } from '../../domain/flow/sheet/numbers.ts'
import { readable, type DueReader } from './dues.ts'

/** A due that has an IUD, and the row of a file from which it came. */
export interface TakenDue extends Debt {
  iud: string
  flowId: string | null
  flowName: string | null
  flowRow: number | null
  sheetRows: SheetNumbers | null
}

/** The dues that are not cancelled and have these IUDs, if this reader may see them. */
export async function duesWithIuds(
  db: Knex,
  reader: DueReader,
  iuds: readonly string[],
): Promise<Map<string, TakenDue>> {
  if (iuds.length === 0) return new Map()
  const conditions = readable(reader)
  const { rows } = await db.raw<{ rows: TakenDue[] }>(
    `select d.iud, d.pagatore_codice as codice, d.importo_cents as cents, t.code as "dueTypeCode", d.causale, d.due_on as "dueOn",
       d.flow_id as "flowId", f.base_name as "flowName", d.flow_row as "flowRow", f.sheet_rows as "sheetRows"
     from due d join ente_due_type t on t.id = d.ente_due_type_id left join flow f on f.id = d.flow_id
     where ${conditions.map(([sql]) => sql).join(' and ')} and d.iud = any (?) and d.state <> 'cancelled'`,
    [...conditions.flatMap(([, bindings]) => bindings), [...iuds]],
  )
  return new Map(rows.map((row) => [row.iud, row]))
}
