import { FLOW_COLUMNS, type FlowFormat } from '../../domain/flow/columns.ts'
import {
  judgeHeader,
  NUMBERED_COLUMNS,
  REJECT_COLUMNS,
  REMEDY_COLUMNS,
  type HeaderTail,
} from '../../domain/flow/header.ts'
import { firstFields, readCsvLine, writeCsvLine } from '../../domain/wire/csv-line.ts'
import { unshielded } from '../../domain/wire/formula.ts'
import type { RawLine } from './read-chunk.ts'

interface Shape {
  format: FlowFormat
  header: string
}

/** A function that cuts off the fields after the columns of the version, if the header has columns after those. */
export function ownColumns(flow: Shape): (line: RawLine) => RawLine {
  const tail = tailOf(flow)
  if (tail === 'none') return (line) => line
  return (line) => {
    if (line.text === undefined) return line
    const own = cut(line.text, flow.format, tail)
    const text = tail === 'remedies' || tail === 'numbered' ? plain(own) : own
    return { ...line, text, raw: () => Buffer.from(text) }
  }
}

/** The header of outcome files: the header of the file without the columns that are not of the version. */
export const ownHeader = (flow: Shape): string => cut(flow.header, flow.format, tailOf(flow))

function tailOf({ format, header }: Shape): HeaderTail {
  const line = readCsvLine(header)
  const judged = line.kind === 'fields' ? judgeHeader(format, line.fields) : undefined
  return judged?.kind === 'ok' ? judged.tail : 'none'
}

function cut(line: string, format: FlowFormat, tail: HeaderTail): string {
  if (tail === 'none') return line
  const code = tail === 'blank' ? null : CODE.exec(line)
  // The text before the code is the row as it was rejected, even with a field too many or too few if that was the reason.
  if (code) return line.slice(0, code.index)
  const own = firstFields(line, FLOW_COLUMNS[format].length)
  // A line whose own fields cannot be read stays complete and is rejected for that.
  return own !== undefined && isIgnored(line.slice(own.length), tail) ? own : line
}

/** The field `cod_rifiuto` as our outcome files have it, or with quotes that another program added. */
const CODE = /;\s*"?\|?PAA_IMPORT_[A-Z_|]+"?\s*;/

/** The row without the apostrophes that keep its cells from acting as formulas. */
function plain(row: string): string {
  const line = row.includes("'") ? readCsvLine(row) : undefined
  if (line?.kind !== 'fields') return row
  const fields = line.fields.map(unshielded)
  return fields.some((field, at) => field !== line.fields[at]) ? writeCsvLine(fields) : row
}

/** True when the fields after the own ones may be cut off. A field without a column in the header is a field too many and stays. */
function isIgnored(beyond: string, tail: Exclude<HeaderTail, 'none'>): boolean {
  const [, ...fields] = beyond.split(';')
  return tail === 'blank' ? fields.every((field) => BLANK.test(field)) : fields.length <= MOST_EXTRA[tail]
}

const MOST_EXTRA = {
  reasons: REJECT_COLUMNS.length,
  remedies: REMEDY_COLUMNS.length,
  numbered: NUMBERED_COLUMNS.length,
}

const BLANK = /^\s*(?:"\s*"\s*)?$/
