import { setImmediate } from 'node:timers/promises'
import type { FlowFormat } from '../../domain/flow/columns.ts'
import type { Reason } from '../../domain/flow/reason.ts'
import { iudOf } from '../../domain/iud.ts'
import { checkStructure, type RowFields } from '../../domain/flow/structure.ts'
import { checkValues, type FlowAction, type FlowDue, type FlowSettings } from '../../domain/flow/values.ts'
import { contentHash } from '../../db/due/content-hash.ts'
import { readCsvLine } from '../../domain/wire/csv-line.ts'
import { bilancioTotal } from '../../domain/wire/read-bilancio.ts'
import type { RawLine } from './read-chunk.ts'

/**
 * A row after the checks that need no tables.
 * - `rejected`: its form is wrong (stage A).
 * - `refused`: its action or its values are wrong (stage C). It has an IUD, because an IUD that an earlier row of the file loaded is
 *   reported instead of these reasons.
 * - `ready`: it is valid so far.
 */
export type CheckedRow =
  | { kind: 'rejected'; line: RawLine; reasons: readonly Reason[] }
  | { kind: 'refused'; line: RawLine; iud: string; reasons: Reason[] }
  | { kind: 'ready'; line: RawLine; action: FlowAction; fields: RowFields; due: FlowDue; contentHash: string }

/** Number of lines that are checked without a pause; it takes a few milliseconds. */
const STRETCH = 200

/**
 * Checks the lines of a chunk by stages A and C. Pure CPU work. Yields every 200 lines so that the commit of the previous chunk is not
 * delayed.
 */
export async function checkLines(
  format: FlowFormat,
  settings: FlowSettings,
  lines: readonly RawLine[],
): Promise<CheckedRow[]> {
  const rows: CheckedRow[] = []
  for (const line of lines) {
    rows.push(checkLine(format, settings, line))
    if (rows.length % STRETCH === 0) await setImmediate()
  }
  return rows
}

function checkLine(format: FlowFormat, settings: FlowSettings, line: RawLine): CheckedRow {
  const rejected = (fault: 'notUtf8' | 'unreadable'): CheckedRow => ({
    kind: 'rejected',
    line,
    reasons: [{ kind: 'form', fault }],
  })
  if (line.reasons) return { kind: 'rejected', line, reasons: line.reasons }
  if (line.fault === 'not_text') return rejected('notUtf8')
  const read = line.text === undefined ? { kind: 'too_long' as const } : readCsvLine(line.text)
  if (read.kind !== 'fields') return rejected('unreadable')
  const structure = checkStructure(format, read.fields)
  if (structure.kind === 'reject') return { kind: 'rejected', line, reasons: structure.reasons }
  const fields = structure.row
  const iud = iudOf(fields.IUD)
  const action = fields.azione
  if (!isAction(action)) return { kind: 'refused', line, iud, reasons: [{ kind: 'state', error: 'azione' }] }
  const values = checkValues(fields, settings, bilancioTotal)
  if (values.kind === 'errors') {
    const reasons = values.errors.map((error): Reason => ({ kind: 'value', error }))
    return { kind: 'refused', line, iud, reasons }
  }
  const { due } = values
  return {
    kind: 'ready',
    line,
    action,
    fields,
    due,
    contentHash: contentHash(due),
  }
}

const isAction = (text: string): text is FlowAction => /^[IMA]$/.test(text)
