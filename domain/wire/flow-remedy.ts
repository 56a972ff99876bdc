import { FLOW_COLUMNS, type ColumnHeader, type FlowFormat } from '../flow/columns.ts'
import type { Reason } from '../flow/reason.ts'
import { readCsvLine } from './csv-line.ts'
import { shielded } from './formula.ts'

/**
 * The cells of a rejected row for people, who correct them in a spreadsheet and load them again. Read back, a row without changes has the
 * same fields, so it is rejected again; a row with too many fields keeps them all. A row that cannot be read is split at each `;` and gets
 * no `azione` (`isBlanked`), so that it is not loaded before a person has looked at it. Bytes that are not UTF-8 are read as Windows-1252,
 * which is what spreadsheets write.
 */
export function rejectedCells(
  format: FlowFormat,
  { raw, reasons }: { raw: Uint8Array; reasons: readonly Reason[] },
): { cells: string[]; isBlanked: boolean } {
  const cells = cellsOf(textOf(raw))
  const missing = FLOW_COLUMNS[format].length - cells.length
  const isBlanked = missing > 0 || (missing === 0 && (isUnreadable(reasons) || raw.includes(0)))
  if (missing > 0) cells.push(...Array.from({ length: missing }, () => ''))
  else if (isBlanked) cells[cells.length - 1] = ''
  return { cells: cells.map(shielded), isBlanked }
}

/** The values of a rejected row by their columns, as far as the line can be read. */
export function rejectedValues(format: FlowFormat, raw: Uint8Array): Partial<Record<ColumnHeader, string>> {
  const cells = cellsOf(textOf(raw))
  return Object.fromEntries(FLOW_COLUMNS[format].map(({ header }, at) => [header, cells[at] ?? '']))
}

const isUnreadable = (reasons: readonly Reason[]): boolean =>
  reasons.some((reason) => reason.kind === 'form' && reason.fault === 'unreadable')

function cellsOf(text: string): string[] {
  const line = readCsvLine(text)
  return line.kind === 'fields' ? line.fields : text.split(';').map((field) => field.trim())
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const WINDOWS = new TextDecoder('windows-1252')

/** A NUL ends the cell in some spreadsheets, so it is shown as a sign. */
const textOf = (raw: Uint8Array): string => decoded(raw).replaceAll('\0', '␀')

function decoded(raw: Uint8Array): string {
  try {
    return UTF8.decode(raw)
  } catch {
    return WINDOWS.decode(raw)
  }
}
