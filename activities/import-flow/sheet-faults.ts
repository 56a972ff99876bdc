import type { FlowFormat } from '../../domain/flow/columns.ts'
import { readFaults } from '../../domain/flow/sheet/faults-field.ts'
import { readCsvLine, writeCsvLine } from '../../domain/wire/csv-line.ts'
import type { RawLine } from './read-chunk.ts'

/**
 * A line whose row has a cell that the conversion of its spreadsheet did not read: the reasons come from the last field, which is taken off,
 * so that the row among the rejected ones has the columns of its version. Lines of other files stay as they are.
 */
export function withSheetFaults(flow: { format: FlowFormat; source: string }): (line: RawLine) => RawLine {
  if (flow.source !== 'sheet') return (line) => line
  return (line) => {
    const read = line.text === undefined ? undefined : readCsvLine(line.text)
    const faults = read?.kind === 'fields' ? readFaults(flow.format, read.fields) : undefined
    if (read?.kind !== 'fields' || !faults) return line
    const own = writeCsvLine(read.fields.slice(0, -1))
    return {
      ...line,
      text: own,
      raw: () => Buffer.from(own),
      reasons: faults.map((fault) => ({ kind: 'sheet', ...fault })),
    }
  }
}
