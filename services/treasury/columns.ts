import type { Knex } from 'knex'
import { saveColumns } from '../../db/treasury/columns.ts'
import { readAgain, type TreasuryFile } from '../../db/treasury/file.ts'
import { noteEvent, signedBy, type Actor } from '../../db/journal/event.ts'
import { isOneOf } from '../../domain/table.ts'
import type { CsvAnswers } from '../../domain/treasury/problem.ts'
import { CSV_FIELDS, type CsvColumns, type CsvField } from '../../domain/wire/treasury/csv-columns.ts'
import { AMOUNT_FORMS, DAY_FORMS } from '../../domain/wire/treasury/csv-forms.ts'

/** `over`: the statement asks nothing any more. `wrong`: a field has no answer, or two fields have one column. */
export type NamedColumns =
  { kind: 'named' | 'over' } | { kind: 'wrong'; field: CsvField | keyof CsvAnswers; why: 'missing' | 'twice' }

const FORMS = { amount: AMOUNT_FORMS, bookedOn: DAY_FORMS, valueOn: DAY_FORMS } as const

/**
 * Takes what a person says of the columns of a statement, and lets it be read again. The columns are kept for the next files of the ente; how
 * they are written is kept for this file only, because another file may show it.
 * @param typed the column of each field by its number from 0, and the forms under `forma-<field>`
 */
export async function nameColumns(
  db: Knex,
  file: TreasuryFile,
  typed: Readonly<Record<string, string>>,
  by: Actor,
): Promise<NamedColumns> {
  if (file.problem?.kind !== 'columns') return { kind: 'over' }
  const { asked, header } = file.problem
  const columns = asked.includes('columns') ? columnsIn(typed, header.length) : undefined
  if (columns !== undefined && 'why' in columns) return columns
  const answers: Record<string, string> = { ...file.answers }
  for (const name of ['amount', 'bookedOn', 'valueOn'] as const) {
    const form = typed[`forma-${name}`]
    if (isOneOf<string>(FORMS[name], form)) answers[name] = form
    else if (asked.includes(name)) return { kind: 'wrong', field: name, why: 'missing' }
  }
  return db.transaction(async (trx) => {
    if (!(await readAgain(trx, file.id, answers as CsvAnswers))) return { kind: 'over' as const }
    if (columns) await saveColumns(trx, file.enteId, { columns, operatorId: by.id })
    await noteEvent(trx, {
      entity: 'treasury_file',
      entityId: file.id,
      kind: 'columns_named',
      data: { ...signedBy(by), columns, answers },
    })
    return { kind: 'named' as const }
  })
}

function columnsIn(
  typed: Readonly<Record<string, string>>,
  width: number,
): CsvColumns | Extract<NamedColumns, { kind: 'wrong' }> {
  const found: Partial<Record<CsvField, number>> = {}
  for (const field of CSV_FIELDS) {
    const text = typed[field] ?? ''
    if (!/^\d{1,3}$/.test(text) || Number(text) >= width) return { kind: 'wrong', field, why: 'missing' }
    // The day of the money may be that of the accounts.
    if (field !== 'valueOn' && Object.values(found).includes(Number(text)))
      return { kind: 'wrong', field, why: 'twice' }
    found[field] = Number(text)
  }
  return found as CsvColumns
}
