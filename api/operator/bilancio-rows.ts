import type { BilancioShare } from '../../domain/form/check.ts'
import type { BilancioLine } from '../../domain/form/fields.ts'
import { cents, MAX_IMPORTO, parseTypedImporto, type Cents } from '../../domain/money.ts'
import { isPlainText } from '../../domain/text.ts'
import { euro, typedEuro } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import type { Problems } from '../form/field-view.ts'
import { trimmedText, type Typed } from '../form/read-request.ts'

/** The columns of the table of a bilancio, with the longest text of each. Source: docs/field/files.md#bilancio. */
const CELLS = { capitolo: 12, ufficio: 16, accertamento: 32, importo: 20 } as const
type Cell = keyof typeof CELLS
const NAMES = Object.keys(CELLS) as Cell[]

/** One line of the table as a person typed it. */
export type BilancioCells = Record<Cell, string>

const MOST_ROWS = 20
const COUNT = 'bilancio-righe'
const nameOf = (row: number, cell: Cell): string => `bilancio-${row}-${cell}`

const BLANK: BilancioCells = { capitolo: '', ufficio: '', accertamento: '', importo: '' }
const isBlank = (cells: BilancioCells): boolean => NAMES.every((name) => cells[name] === '')

/** The lines that a form carries; lines without any text count as well. */
export function rowsIn(typed: Typed): BilancioCells[] {
  const said = Number(/^\d{1,2}$/.exec(trimmedText(typed, COUNT))?.[0] ?? 0)
  return Array.from({ length: Math.min(said, MOST_ROWS) }, (_, row) => ({
    capitolo: trimmedText(typed, nameOf(row, 'capitolo')),
    ufficio: trimmedText(typed, nameOf(row, 'ufficio')),
    accertamento: trimmedText(typed, nameOf(row, 'accertamento')),
    importo: trimmedText(typed, nameOf(row, 'importo')),
  }))
}

/** The fields of a form with these lines. */
export const typedRows = (rows: readonly BilancioCells[]): Typed => ({
  [COUNT]: String(rows.length),
  ...Object.fromEntries(rows.flatMap((cells, row) => NAMES.map((name) => [nameOf(row, name), cells[name]]))),
})

/** The line of a bilancio as people write it; without an amount, it takes the rest. */
export const cellsOf = (
  { capitolo, ufficio = '', accertamento = '' }: Omit<BilancioLine, 'importo'>,
  importo?: Cents,
): BilancioCells => ({
  capitolo,
  ufficio,
  accertamento,
  importo: importo === undefined ? '' : typedEuro(importo),
})

/** What a button of the table does; undefined when another button was pressed. */
export function afterRowButton(typed: Typed): Typed | undefined {
  const [verb, row] = trimmedText(typed, 'azione').split(':')
  const rows = rowsIn(typed)
  if (verb === 'riga') return { ...typed, ...typedRows([...rows, BLANK].slice(0, MOST_ROWS)) }
  if (verb === 'togli-riga') return { ...typed, ...typedRows(rows.filter((_, at) => at !== Number(row))) }
  return undefined
}

export type ReadRows = { kind: 'shares'; shares: BilancioShare[] } | { kind: 'problems'; problems: Problems }

/**
 * Reads the lines of a table. One line may have no amount: it takes the rest.
 * @param importo the amount that the lines must add up to; undefined when it cannot be read, so that only the lines are checked
 * @param isDemanded the type demands a bilancio
 */
export function readRows(typed: Typed, importo: Cents | undefined, isDemanded = false): ReadRows {
  const rows = rowsIn(typed)
  const problems = Object.fromEntries(rows.flatMap(cellProblems))
  const filled = rows.filter((cells) => !isBlank(cells))
  if (filled.length === 0)
    return isDemanded
      ? { kind: 'problems', problems: { bilancio: t('dues.bilancio.problem.demanded') } }
      : { kind: 'shares', shares: [] }
  const open = rows.findLastIndex((cells) => !isBlank(cells) && cells.importo === '')
  if (filled.filter((cells) => cells.importo === '').length > 1)
    problems[nameOf(open, 'importo')] ??= t('dues.bilancio.problem.importo', { row: open + 1 })
  if (Object.keys(problems).length > 0) return { kind: 'problems', problems }
  return importo === undefined ? { kind: 'shares', shares: [] } : shared(filled, importo)
}

function shared(rows: readonly BilancioCells[], importo: Cents): ReadRows {
  const said = sumOf(rows)
  const takesRest = rows.some((cells) => cells.importo === '')
  const rest = importo - said
  if (takesRest ? rest <= 0 : rest !== 0)
    return {
      kind: 'problems',
      problems: {
        bilancio: t(`dues.bilancio.problem.${takesRest ? 'noRest' : 'sum'}`, {
          sum: euro(said),
          importo: euro(importo),
        }),
      },
    }
  const shares = rows.map(({ capitolo, ufficio, accertamento, importo: text }) => ({
    capitolo,
    ufficio: ufficio || undefined,
    accertamento: accertamento || undefined,
    importo: text === '' ? cents(rest) : amountIn(text)!,
  }))
  return { kind: 'shares', shares }
}

function cellProblems(cells: BilancioCells, row: number): [id: string, text: string][] {
  if (isBlank(cells)) return []
  return NAMES.flatMap((name): [string, string][] => {
    const fault = faultOf(name, cells[name])
    return fault === undefined
      ? []
      : [[nameOf(row, name), t(`dues.bilancio.problem.${fault}`, { ...words(name, row), max: CELLS[name] })]]
  })
}

function faultOf(name: Cell, text: string): string | undefined {
  if (name === 'importo') return text === '' || amountIn(text) !== undefined ? undefined : 'importo'
  if (name === 'capitolo' && text === '') return 'capitolo'
  if ([...text].length > CELLS[name]) return 'tooLong'
  return isPlainText(text) ? undefined : 'unseen'
}

const words = (name: Cell, row: number) => ({ row: row + 1, the: t(`dues.bilancio.the.${name}`) })

function amountIn(text: string): Cents | undefined {
  const amount = parseTypedImporto(text, MAX_IMPORTO)
  return amount.ok ? amount.importo : undefined
}

const sumOf = (rows: readonly BilancioCells[]): number =>
  rows.reduce((sum, { importo }) => sum + (amountIn(importo) ?? 0), 0)

/**
 * What templates/partials/bilancio-table.hbs shows.
 * @param atLeast lines that are shown even when nobody filled them
 */
export function bilancioView(typed: Typed, problems: Problems, importo: Cents | undefined, atLeast: 0 | 1) {
  const given = rowsIn(typed)
  const rows = given.length < atLeast ? [BLANK] : given
  const rest = (importo ?? 0) - sumOf(rows)
  return {
    countName: COUNT,
    count: rows.length,
    error: problems['bilancio'] ?? null,
    rows: rows.map((cells, row) => ({
      cells: NAMES.map((name) => ({
        id: nameOf(row, name),
        name: t(`dues.bilancio.${name}`),
        label: t('dues.bilancio.cell', { name: t(`dues.bilancio.${name}`), row: row + 1 }),
        value: cells[name],
        maxLength: CELLS[name],
        isAmount: name === 'importo',
        error: problems[nameOf(row, name)] ?? null,
      })),
      remove: { value: `togli-riga:${row}`, text: t('dues.bilancio.remove', { row: row + 1 }) },
    })),
    canAdd: rows.length < MOST_ROWS,
    total: rows.length === 0 ? null : t('dues.bilancio.total', { sum: euro(sumOf(rows)) }),
    compared: rows.length === 0 || importo === undefined ? null : comparison(rows, importo, rest),
  }
}

function comparison(rows: readonly BilancioCells[], importo: Cents, rest: number): string {
  const values = { importo: euro(importo), rest: euro(Math.abs(rest)) }
  if (rest === 0) return t('dues.bilancio.equal', values)
  if (rest < 0) return t('dues.bilancio.over', values)
  const isTaken = rows.some((cells) => !isBlank(cells) && cells.importo === '')
  return t(`dues.bilancio.${isTaken ? 'taken' : 'short'}`, values)
}
