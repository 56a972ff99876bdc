import { isDay } from '../calendar.ts'
import { FLOW_COLUMNS, type Column, type ColumnHeader, type FlowFormat } from './columns.ts'
import { structureReject, unreadableLine, type Reject } from './reject.ts'

/** A row whose structure is right: each value by its header, trimmed; columns that the version lacks are ''. */
export type RowFields = Readonly<Record<ColumnHeader, string>>

/** Flags as files carry them, in any case; a blank one says no. */
export const isTrue = (flag: string): boolean => flag.toLowerCase() === 'true'

const ABSENT: RowFields = Object.fromEntries(
  FLOW_COLUMNS['1_4'].map(({ header }) => [header, '']),
) as unknown as RowFields

/**
 * Stage A: number of columns, lengths, what must be there, form of days, flags and amounts. All faults of a row are told, one per
 * field. Source: flows.md §1.9 and §11.5–6.
 */
export function checkStructure(
  format: FlowFormat,
  values: readonly string[],
): { kind: 'row'; row: RowFields } | { kind: 'reject'; reject: Reject } {
  const columns = FLOW_COLUMNS[format]
  if (values.length < columns.length) return { kind: 'reject', reject: unreadableLine() }
  const row: Record<ColumnHeader, string> = { ...ABSENT }
  let faults = values.length > columns.length ? '|Too many columns' : ''
  let hasSecondary = false
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]!
    if (column.isSecondary && !hasSecondary) continue
    const value = values[at]!
    row[column.header] = value
    faults += faultOf(column, value)
    if (column.header === 'flagMultiBeneficiario') hasSecondary = isTrue(value)
  }
  return faults === '' ? { kind: 'row', row } : { kind: 'reject', reject: structureReject(faults) }
}

/** The first fault of a field: missing, then too long, then of the wrong form. */
function faultOf(column: Column, value: string): string {
  if (value === '') return column.isMandatory ? `|${column.missingLabel ?? column.label} NON PRESENTE` : ''
  if (column.kind === 'day')
    return isStoredDay(value) ? '' : '|dataScadenzaPagamento:wrong DATE pattern or wrong DATE data'
  if (isLongerThan(value, column.max)) return `|${column.label} TROPPO GRANDE`
  if (column.kind === 'flag') return /^(true|false)$/i.test(value) ? '' : `|${column.label} NON CONFORME`
  // Spelt as the old platform does: software of enti may read it.
  if (column.kind === 'amount' && !AMOUNT.test(value)) return `|${column.label} NON CONFROME: ${value}`
  return ''
}

const AMOUNT = /^\d{1,10}(\.\d{1,2})?$/

/** The calendar of the database begins later than the one of ISO texts. */
const isStoredDay = (value: string): boolean => isDay(value) && value >= '1000-01-01'

/** In characters, as the database counts them; most texts are short enough in any count. */
function isLongerThan(value: string, max: number): boolean {
  if (value.length <= max) return false
  return value.length > max * 2 || [...value].length > max
}
