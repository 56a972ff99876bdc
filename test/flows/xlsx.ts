import { zipOf } from './zip.ts'

/**
 * A cell as the XML of a workbook has it, so that tests can write what spreadsheets write and libraries do not: a text, or its parts.
 * @property s 1 for the format of a date
 */
export type RawCell = string | null | { t?: string; s?: number; v?: string; f?: string }

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const lettersOf = (at: number): string =>
  (at < 26 ? '' : lettersOf(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26))

function cellXml(cell: RawCell, row: number, at: number): string {
  if (cell === null) return ''
  const r = `${lettersOf(at)}${row}`
  if (typeof cell === 'string')
    return `<c r="${r}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
  const { t, s, v, f } = cell
  const type = t === undefined ? '' : ` t="${t}"`
  const style = s === undefined ? '' : ` s="${s}"`
  const formula = f === undefined ? '' : `<f>${escaped(f)}</f>`
  const value = v === undefined ? '' : `<v>${escaped(v)}</v>`
  return `<c r="${r}"${style}${type}>${formula}${value}</c>`
}

const rowXml = (cells: readonly RawCell[], row: number): string =>
  `<row r="${row}">${cells.map((cell, at) => cellXml(cell, row, at)).join('')}</row>`

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

export const sheetXml = (rows: readonly (readonly RawCell[])[], after = ''): string =>
  `${HEAD}<worksheet ${MAIN}><sheetData>${rows.map((cells, at) => rowXml(cells, at + 1)).join('')}</sheetData>${after}</worksheet>`

/** A workbook with one sheet of this XML. @param more further entries of the archive, or replacements */
export const xlsxOf = (sheet: string, more: Record<string, string> = {}): Promise<Buffer> =>
  zipOf({
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook ${MAIN} xmlns:r="${RELATIONS}"><sheets><sheet name="Foglio1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${HEAD}<styleSheet ${MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': sheet,
    ...more,
  })

export const xlsx = (rows: readonly (readonly RawCell[])[]): Promise<Buffer> => xlsxOf(sheetXml(rows))
