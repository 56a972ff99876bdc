import { FLOW_COLUMNS, type ColumnHeader, type FlowFormat } from '../columns.ts'
import { isOneOf } from '../../table.ts'
import { SHEET_FAULTS } from './cell.ts'
import type { CellFault } from './row.ts'

/**
 * A converted file must never load a row with a cell that was not converted, wherever somebody uploads it. So such a row has one field more
 * than its version, which every reader of files of dues refuses. The field names the cells: "importoDovuto=amount|codIuv=lostDigits".
 */
export const faultsField = (faults: readonly Pick<CellFault, 'header' | 'fault'>[]): string =>
  faults.map(({ header, fault }) => `${header}=${fault}`).join('|')

const HEADERS: readonly ColumnHeader[] = FLOW_COLUMNS['1_4'].map(({ header }) => header)

/** The cells of a row that were not converted; undefined for a row that has them all, or that this platform did not convert. */
export function readFaults(format: FlowFormat, fields: readonly string[]): CellFault[] | undefined {
  const columns = FLOW_COLUMNS[format]
  if (fields.length !== columns.length + 1) return undefined
  const found: CellFault[] = []
  for (const part of fields.at(-1)!.split('|')) {
    const [header, fault] = part.split('=')
    if (!isOneOf(HEADERS, header) || !isOneOf(SHEET_FAULTS, fault)) return undefined
    const at = columns.findIndex((column) => column.header === header)
    found.push({ header, fault, value: fields[at] ?? '' })
  }
  return found
}
