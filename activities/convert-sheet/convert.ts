import { setImmediate } from 'node:timers/promises'
import type { FlowFormat } from '../../domain/flow/columns.ts'
import { faultsField } from '../../domain/flow/sheet/faults-field.ts'
import { planSheet, type SheetPlan } from '../../domain/flow/sheet/header.ts'
import { NumberKeeper, type SheetNumbers } from '../../domain/flow/sheet/numbers.ts'
import type { SheetPreview } from '../../domain/flow/sheet/preview.ts'
import { columnLetters, type SheetProblem } from '../../domain/flow/sheet/problem.ts'
import { convertRow } from '../../domain/flow/sheet/row.ts'
import { shownCell } from '../../domain/flow/sheet/convert.ts'
import type { SheetCell } from '../../domain/flow/sheet/cell.ts'
import { writeCsvLine } from '../../domain/wire/csv-line.ts'
import { unshielded } from '../../domain/wire/formula.ts'
import { firstBytes } from '../../services/zip.ts'
import { PreviewMaker } from './preview.ts'
import { readSheetCsv } from './read-csv.ts'
import { readXlsx } from './read-xlsx.ts'
import type { SheetRow, SheetRows } from './sheet-rows.ts'

export type Conversion =
  | {
      kind: 'converted'
      csv: string
      format: FlowFormat
      preview: SheetPreview
      numbers: SheetNumbers
    }
  | SheetProblem

/** Rows that are converted without a pause; they take a few milliseconds. */
const STRETCH = 200

/** Turns a spreadsheet into the documented file. Its content says what it is: a name may be wrong. @param today the day of Rome */
export async function convertFile(
  path: string,
  format: FlowFormat | undefined,
  today: string,
): Promise<Conversion> {
  const read = await readSheetFile(path)
  return read.kind === 'rows' ? convertRows(read.rows, format, today) : read
}

const ZIP = Buffer.from('PK')
/** The first bytes of the old formats of Office, and of an XLSX with a password. */
const COMPOUND = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])

async function readSheetFile(path: string): Promise<SheetRows> {
  const start = await firstBytes(path, COMPOUND.length)
  if (start.length === 0) return { kind: 'empty' }
  if (start.subarray(0, 2).equals(ZIP)) return readXlsx(path)
  return start.equals(COMPOUND) ? { kind: 'old_format' } : readSheetCsv(path)
}

async function convertRows(
  rows: Iterable<SheetRow>,
  format: FlowFormat | undefined,
  today: string,
): Promise<Conversion> {
  let plan: SheetPlan | undefined
  let maker: PreviewMaker | undefined
  const keeper = new NumberKeeper()
  const lines: string[] = []
  for (const { number, cells } of rows) {
    if (!plan || !maker) {
      const planned = planSheet(cells.map(shownCell), format)
      if (planned.kind !== 'ok') return planned
      plan = planned.plan
      maker = new PreviewMaker(plan, today)
      lines.push(plan.columns.map(({ column }) => column.header).join(';'))
      continue
    }
    const lost = cells.findIndex((cell, at) => isOutside(plan!, at) && shownCell(cell) !== '')
    if (lost >= 0) return { kind: 'unnamed_column', name: columnLetters(lost) }
    const row = convertRow(plan, plan.isShielded ? cells.map(plainCell) : cells)
    maker.take(number, row)
    keeper.take(number)
    const { fields, faults } = row
    lines.push(writeCsvLine(faults.length === 0 ? fields : [...fields, faultsField(faults)]))
    if (lines.length % STRETCH === 0) await setImmediate()
  }
  if (!plan || !maker) return { kind: 'empty' }
  if (maker.preview.rows === 0) return { kind: 'no_rows' }
  const { preview } = maker
  return {
    kind: 'converted',
    csv: `${lines.join('\n')}\n`,
    format: plan.format,
    preview,
    numbers: keeper.numbers,
  }
}

/** A cell without the apostrophe that kept it from acting as a formula. */
const plainCell = (cell: SheetCell): SheetCell =>
  cell.kind === 'typed' || cell.kind === 'shown' ? { ...cell, text: unshielded(cell.text) } : cell

const isOutside = ({ unnamed, width }: SheetPlan, at: number): boolean => at >= width || unnamed.includes(at)
