import { isStoredDay } from '../calendar.ts'
import { tableOf } from '../table.ts'
import { isPlainText } from '../text.ts'
import { FLOW_COLUMNS, type Column, type ColumnHeader, type FlowFormat } from './columns.ts'
import type { FieldFault, FormReason } from './reason.ts'

/** A row with a valid structure: each value by its header, trimmed. Columns that the version does not have are ''. */
export type RowFields = Readonly<Record<ColumnHeader, string>>

/** Reads a flag in any case; a blank one is false. */
export const isTrue = (flag: string): boolean => flag.toLowerCase() === 'true'

const ABSENT: RowFields = tableOf(
  FLOW_COLUMNS['1_4'].map(({ header }) => header),
  () => '',
)

/**
 * Stage A: checks the number of columns, lengths, mandatory values, and the form of days, flags and amounts. It reports
 * all faults of a row, one per field. Source: docs/field/files.md#stage-a.
 */
export function checkStructure(
  format: FlowFormat,
  values: readonly string[],
): { kind: 'row'; row: RowFields } | { kind: 'reject'; reasons: FormReason[] } {
  const columns = FLOW_COLUMNS[format]
  if (values.length < columns.length)
    return { kind: 'reject', reasons: [{ kind: 'form', fault: 'unreadable' }] }
  const { row, faults } = readFields(format, (_, at) => values[at]!)
  const reasons = faults.map((fault): FormReason => ({ kind: 'form', ...fault }))
  if (values.length > columns.length) reasons.unshift({ kind: 'form', fault: 'tooManyColumns' })
  return reasons.length === 0 ? { kind: 'row', row } : { kind: 'reject', reasons }
}

/** A field whose form is wrong; `value` is there for an amount. */
export interface FieldWithFault {
  header: ColumnHeader
  fault: FieldFault
  value?: string
}

/** Reads the fields of a row from any source, with the fault of each. */
export function readFields(
  format: FlowFormat,
  valueOf: (header: ColumnHeader, at: number) => string,
): { row: RowFields; faults: FieldWithFault[] } {
  const row: Record<ColumnHeader, string> = { ...ABSENT }
  const faults: FieldWithFault[] = []
  const columns = FLOW_COLUMNS[format]
  let hasSecondary = false
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]!
    if (column.isSecondary && !hasSecondary) continue
    const value = valueOf(column.header, at)
    row[column.header] = value
    const fault = faultOf(column, value)
    if (fault) faults.push({ header: column.header, fault, ...(fault === 'amount' ? { value } : {}) })
    if (column.header === 'flagMultiBeneficiario') hasSecondary = isTrue(value)
  }
  return { row, faults }
}

/** The first fault of a field: missing, then too long, then of the wrong form. */
function faultOf({ max, kind, isMandatory }: Column, value: string): FieldFault | undefined {
  if (value === '') return isMandatory ? 'missing' : undefined
  if (kind === 'day') return isStoredDay(value) ? undefined : 'day'
  if (isLongerThan(value, max)) return 'tooLong'
  if (kind === 'flag' && !/^(true|false)$/i.test(value)) return 'flag'
  if (kind === 'words' && !isPlainText(value)) return 'unseen'
  return kind === 'amount' && !AMOUNT.test(value) ? 'amount' : undefined
}

const AMOUNT = /^\d{1,10}(\.\d{1,2})?$/

/** Counts characters as the database does. `length` counts UTF-16 units, which are enough to decide most cases. */
function isLongerThan(value: string, max: number): boolean {
  if (value.length <= max) return false
  return value.length > max * 2 || [...value].length > max
}
