import { isStoredDay } from '../calendar.ts'
import { isPlainText } from '../text.ts'
import { FLOW_COLUMNS, type Column, type ColumnHeader, type FlowFormat } from './columns.ts'
import { structureReject, unreadableLine, type Reject } from './reject.ts'

/** A row with a valid structure: each value by its header, trimmed. Columns that the version does not have are ''. */
export type RowFields = Readonly<Record<ColumnHeader, string>>

/** Reads a flag in any case; a blank one is false. */
export const isTrue = (flag: string): boolean => flag.toLowerCase() === 'true'

const ABSENT: RowFields = Object.fromEntries(
  FLOW_COLUMNS['1_4'].map(({ header }) => [header, '']),
) as unknown as RowFields

/** What is wrong with the form of one field. */
export interface FieldFault {
  header: ColumnHeader
  kind: 'missing' | 'too_long' | 'malformed' | 'unseen'
  /** The text for the outcome file. */
  text: string
}

/**
 * Stage A: checks the number of columns, lengths, mandatory values, and the form of days, flags and amounts. It reports
 * all faults of a row, one per field. Source: docs/field/files.md#stage-a.
 */
export function checkStructure(
  format: FlowFormat,
  values: readonly string[],
): { kind: 'row'; row: RowFields } | { kind: 'reject'; reject: Reject } {
  const columns = FLOW_COLUMNS[format]
  if (values.length < columns.length) return { kind: 'reject', reject: unreadableLine() }
  const { row, faults } = readFields(format, (_, at) => values[at]!)
  const text = faults.map((fault) => fault.text).join('')
  const tooMany = values.length > columns.length ? '|Too many columns' : ''
  return tooMany + text === ''
    ? { kind: 'row', row }
    : { kind: 'reject', reject: structureReject(tooMany + text) }
}

/** Reads the fields of a row from any source, with the fault of each. */
export function readFields(
  format: FlowFormat,
  valueOf: (header: ColumnHeader, at: number) => string,
): { row: RowFields; faults: FieldFault[] } {
  const row: Record<ColumnHeader, string> = { ...ABSENT }
  const faults: FieldFault[] = []
  const columns = FLOW_COLUMNS[format]
  let hasSecondary = false
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]!
    if (column.isSecondary && !hasSecondary) continue
    const value = valueOf(column.header, at)
    row[column.header] = value
    const fault = faultOf(column, value)
    if (fault) faults.push({ header: column.header, ...fault })
    if (column.header === 'flagMultiBeneficiario') hasSecondary = isTrue(value)
  }
  return { row, faults }
}

/** The first fault of a field: missing, then too long, then of the wrong form. */
function faultOf(column: Column, value: string): Omit<FieldFault, 'header'> | undefined {
  const { label, missingLabel = label, max, kind } = column
  if (value === '')
    return column.isMandatory ? { kind: 'missing', text: `|${missingLabel} NON PRESENTE` } : undefined
  if (kind === 'day')
    return isStoredDay(value)
      ? undefined
      : { kind: 'malformed', text: '|dataScadenzaPagamento:wrong DATE pattern or wrong DATE data' }
  if (isLongerThan(value, max)) return { kind: 'too_long', text: `|${label} TROPPO GRANDE` }
  if (kind === 'flag' && !/^(true|false)$/i.test(value))
    return { kind: 'malformed', text: `|${label} NON CONFORME` }
  if (kind === 'words' && !isPlainText(value)) return { kind: 'unseen', text: `|${label} NON CONFORME` }
  // The spelling is that of the old platform, because software of enti may read it.
  if (kind === 'amount' && !AMOUNT.test(value))
    return { kind: 'malformed', text: `|${label} NON CONFROME: ${value}` }
  return undefined
}

const AMOUNT = /^\d{1,10}(\.\d{1,2})?$/

/** Counts characters as the database does. `length` counts UTF-16 units, which are enough to decide most cases. */
function isLongerThan(value: string, max: number): boolean {
  if (value.length <= max) return false
  return value.length > max * 2 || [...value].length > max
}
