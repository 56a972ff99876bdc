import { FLOW_COLUMNS, type FlowFormat } from '../../domain/flow/columns.ts'
import { judgeHeader, REJECT_COLUMNS, type HeaderTail } from '../../domain/flow/header.ts'
import { firstFields, readCsvLine } from '../../domain/wire/csv-line.ts'
import type { RawLine } from './read-chunk.ts'

interface Shape {
  format: FlowFormat
  header: string
}

/** Takes from lines what stands beyond the columns of the version, where the header says that something does. */
export function ownColumns(flow: Shape): (line: RawLine) => RawLine {
  const tail = tailOf(flow)
  if (tail === 'none') return (line) => line
  return (line) => {
    if (line.text === undefined) return line
    const text = cut(line.text, flow.format, tail)
    return { ...line, text, raw: () => Buffer.from(text) }
  }
}

/** The header of outcome files: as it came, without what is not of the version. */
export const ownHeader = (flow: Shape): string => cut(flow.header, flow.format, tailOf(flow))

function tailOf({ format, header }: Shape): HeaderTail {
  const line = readCsvLine(header)
  const judged = line.kind === 'fields' ? judgeHeader(format, line.fields) : undefined
  return judged?.kind === 'ok' ? judged.tail : 'none'
}

function cut(line: string, format: FlowFormat, tail: HeaderTail): string {
  if (tail === 'none') return line
  const code = tail === 'reasons' ? CODE.exec(line) : null
  // Before it stands the row as it was rejected, with a column too many or too few when that was the reason.
  if (code) return line.slice(0, code.index)
  const own = firstFields(line, FLOW_COLUMNS[format].length)
  // Whose own fields cannot be read stays whole, and is rejected as such.
  return own !== undefined && isIgnored(line.slice(own.length), tail) ? own : line
}

/** `cod_rifiuto` as outcome files write it, and as a program that put it in quotes. */
const CODE = /;\s*"?\|?PAA_IMPORT_[A-Z_|]+"?\s*;/

/** One that stands under no name is a column too many. */
function isIgnored(beyond: string, tail: HeaderTail): boolean {
  const [, ...fields] = beyond.split(';')
  return tail === 'blank'
    ? fields.every((field) => BLANK.test(field))
    : fields.length <= REJECT_COLUMNS.length
}

const BLANK = /^\s*(?:"\s*"\s*)?$/
