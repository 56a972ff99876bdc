import { StringDecoder } from 'node:string_decoder'
import { SaxesParser } from 'saxes'
import type { SheetCell } from '../../domain/flow/sheet/cell.ts'
import { MOST_ROWS } from '../../domain/flow/sheet/problem.ts'
import { forEachXml, SheetRefusal } from './xlsx-zip.ts'

/** Cells that the library gives as blank: errors, and formulas without a stored value. By row and column, both from 1. */
export type HiddenCells = ReadonlyMap<number, ReadonlyMap<number, SheetCell>>

/** The most columns of a sheet; a value further right would make the library fill every row up to there. */
const MOST_COLUMNS = 100
/** How far below the last allowed row a value may be, with blank rows between, because the library fills those too. */
const MOST_BLANK_ROWS = 2_000

interface Scanned {
  hidden: Map<number, Map<number, SheetCell>>
  rows: number
  lastRow: number
  lastColumn: number
}

/**
 * Looks through an XLSX before the library does, in small parts: its limits, and the cells of the first sheet that the library would give as
 * blank, because a blank is a value too.
 * @throws SheetRefusal; any other error means that the archive or its XML is broken
 */
export async function scanXlsx(path: string): Promise<HiddenCells> {
  const sheets = new Map<string, Scanned>()
  const texts = new Map<string, { firstSheet?: string; targets: Map<string, string> }>()
  await forEachXml(path, async (name, parts) => {
    if (/^xl\/worksheets\/[^/]+\.xml$/.test(name)) sheets.set(name, await scanSheet(parts))
    else if (/^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels)$/.test(name))
      texts.set(name, await scanWorkbook(parts))
    else for await (const part of parts) void part
  })
  const first = texts.get('xl/workbook.xml')?.firstSheet ?? ''
  const target = texts.get('xl/_rels/workbook.xml.rels')?.targets.get(first)
  const sheet = target === undefined ? undefined : sheets.get(pathOf(target))
  if (!sheet) throw new SheetRefusal({ kind: 'broken' })
  if (sheet.rows - 1 > MOST_ROWS.xlsx || sheet.lastRow > MOST_ROWS.xlsx + MOST_BLANK_ROWS)
    throw new SheetRefusal({ kind: 'too_many_rows', rows: MOST_ROWS.xlsx })
  if (sheet.lastColumn > MOST_COLUMNS) throw new SheetRefusal({ kind: 'too_wide' })
  return sheet.hidden
}

/** A target is relative to the folder of the workbook, or begins at the root of the archive. */
const pathOf = (target: string): string => (target.startsWith('/') ? target.slice(1) : `xl/${target}`)

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

async function scanWorkbook(
  parts: AsyncIterable<Buffer>,
): Promise<{ firstSheet?: string; targets: Map<string, string> }> {
  const found: { firstSheet?: string; targets: Map<string, string> } = { targets: new Map() }
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const given = Object.entries(attributes)
    if (localName(name) === 'sheet')
      found.firstSheet ??= given.find(([key]) => key.endsWith(':id'))?.[1] ?? ''
    if (localName(name) === 'Relationship')
      found.targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '')
  })
  await feed(parser, parts)
  return found
}

interface OpenCell {
  row: number
  column: number
  type: string
  hasFormula: boolean
  value: string
}

async function scanSheet(parts: AsyncIterable<Buffer>): Promise<Scanned> {
  const scanned: Scanned = { hidden: new Map(), rows: 0, lastRow: 0, lastColumn: 0 }
  const parser = new SaxesParser()
  let cell: OpenCell | undefined
  let isValue = false
  parser.on('opentag', ({ name, attributes }) => {
    const local = localName(name)
    if (local === 'c') cell = openCell(attributes)
    if (cell && local === 'f') cell.hasFormula = true
    if (cell && (local === 'v' || local === 't')) isValue = true
  })
  parser.on('text', (text) => {
    if (cell && isValue) cell.value += text
  })
  parser.on('closetag', ({ name }) => {
    const local = localName(name)
    if (local === 'v' || local === 't') isValue = false
    if (local !== 'c' || !cell) return
    note(scanned, cell)
    cell = undefined
  })
  await feed(parser, parts)
  return scanned
}

function openCell(attributes: Record<string, string>): OpenCell {
  const place = /^([A-Z]{1,3})(\d{1,7})$/.exec(attributes['r'] ?? '')
  if (!place) throw new SheetRefusal({ kind: 'broken' })
  const column = [...place[1]!].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
  return { row: Number(place[2]), column, type: attributes['t'] ?? 'n', hasFormula: false, value: '' }
}

function note(scanned: Scanned, { row, column, type, hasFormula, value }: OpenCell): void {
  // A formula of a text may have an empty one, which is a value; without a type it was never worked out.
  const isUnknown = hasFormula && value === '' && type !== 'str'
  if (value === '' && !isUnknown) return
  if (row > scanned.lastRow) {
    scanned.rows++
    scanned.lastRow = row
  }
  scanned.lastColumn = Math.max(scanned.lastColumn, column)
  if (type !== 'e' && !isUnknown) return
  const cells = scanned.hidden.get(row) ?? new Map<number, SheetCell>()
  cells.set(column, type === 'e' ? { kind: 'error', text: value } : { kind: 'empty_formula' })
  scanned.hidden.set(row, cells)
}

async function feed(parser: SaxesParser, parts: AsyncIterable<Buffer>): Promise<void> {
  const decoder = new StringDecoder('utf8')
  for await (const part of parts) parser.write(decoder.write(part))
  parser.write(decoder.end()).close()
}
