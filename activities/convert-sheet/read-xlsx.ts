import { readSheet } from 'read-excel-file/node'
import { BLANK, type SheetCell } from '../../domain/flow/sheet/cell.ts'
import { isBlankRow } from '../../domain/flow/sheet/row.ts'
import { scanXlsx, type HiddenCells } from './scan-xlsx.ts'
import type { SheetRow, SheetRows } from './sheet-rows.ts'
import { SheetRefusal } from './xlsx-zip.ts'

/** The text of a number as the file has it. A class of its own, because a text cell is a string too. */
class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** The reading that goes on now. An XLSX takes a hundred megabytes, so a process reads one at a time. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * The rows of the first sheet of an XLSX. No other module reads workbooks. A formula has the value that was stored with it; nothing is worked
 * out. A merged cell has its value in its first cell, and its other cells are blank.
 */
export function readXlsx(path: string): Promise<SheetRows> {
  const reading = turn.then(() => readNow(path))
  turn = reading.catch(() => undefined)
  return reading
}

async function readNow(path: string): Promise<SheetRows> {
  try {
    const hidden = await scanXlsx(path)
    // Without a function of ours the library makes doubles of numbers, and the digits that a sheet has lost cannot be told any more.
    const data = await readSheet(path, 1, { parseNumber: (text) => new NumberText(text), trim: false })
    return { kind: 'rows', rows: rowsOf(data as unknown as unknown[][], hidden) }
  } catch (error) {
    if (error instanceof SheetRefusal) return error.problem
    if (isOfMachine(error)) throw error
    return { kind: 'broken' }
  }
}

/** True for an error of our machine, such as a full disk, which is no fault of the file. */
const isOfMachine = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOENT', 'ENOSPC', 'EIO', 'EMFILE', 'EACCES'].includes(String(error.code))

function* rowsOf(data: readonly unknown[][], hidden: HiddenCells): Generator<SheetRow> {
  const last = Math.max(data.length, ...hidden.keys())
  for (let number = 1; number <= last; number++) {
    const cells = (data[number - 1] ?? []).map(cellOf)
    for (const [column, cell] of hidden.get(number) ?? []) {
      while (cells.length < column) cells.push(BLANK)
      cells[column - 1] = cell
    }
    if (!isBlankRow(cells)) yield { number, cells }
  }
}

function cellOf(value: unknown): SheetCell {
  if (value instanceof NumberText) return { kind: 'number', text: value.text }
  if (value instanceof Date) return dayCell(value)
  if (typeof value === 'boolean') return { kind: 'flag', value }
  return typeof value === 'string' ? { kind: 'typed', text: value } : BLANK
}

/** The library puts the day of a cell at midnight UTC, so the parts of UTC are those of the sheet. */
const dayCell = (at: Date): SheetCell =>
  Number.isNaN(at.getTime())
    ? { kind: 'error', text: '#' }
    : { kind: 'day', day: at.toISOString().slice(0, 10) }
