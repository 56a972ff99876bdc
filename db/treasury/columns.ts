import type { Knex } from 'knex'
import type { CsvColumns } from '../../domain/wire/treasury/csv-columns.ts'
import { rowOf } from '../ground/rows.ts'

/** In which columns the CSV of an ente has what is read; undefined until a person has said so. */
export const columnsOfEnte = async (db: Knex, enteId: string): Promise<CsvColumns | undefined> =>
  (await rowOf<{ columns: CsvColumns }>(db('treasury_columns').first('columns').where({ ente_id: enteId })))
    ?.columns

/** Keeps the choice of an ente for its next files. */
export async function saveColumns(
  trx: Knex,
  enteId: string,
  { columns, operatorId }: { columns: CsvColumns; operatorId: string },
): Promise<void> {
  await trx('treasury_columns')
    .insert({
      ente_id: enteId,
      columns: JSON.stringify(columns),
      chosen_by: operatorId,
      chosen_at: trx.fn.now(),
    })
    .onConflict('ente_id')
    .merge()
}
