import { FLOW_COLUMNS, type FlowFormat } from './columns.ts'

/** Columns that the file of rejected rows has more; who corrects it sends it back with them. */
export const REJECT_COLUMNS = ['cod_rifiuto', 'de_rifiuto'] as const

/**
 * What rows hold beyond the columns of their version, as the header says. `blank`: it ends with a `;`, and so may they; `reasons`: a
 * file of rejected rows comes back, and what stands there is not read.
 */
export type HeaderTail = 'none' | 'blank' | 'reasons'

export interface WrongColumn {
  position: number
  expected: string
  found: string
}

/**
 * Judges the names of a header line; of a wrong one it tells the first column that is not the one of the version. Capital letters do
 * not matter. Source: docs/field/files.md#header.
 */
export function judgeHeader(
  format: FlowFormat,
  names: readonly string[],
): { kind: 'ok'; tail: HeaderTail } | ({ kind: 'wrong' } & WrongColumn) {
  const given = names.at(-1) === '' ? names.slice(0, -1) : names
  const own = FLOW_COLUMNS[format].map(({ header }) => header)
  if (isSame(given, own)) return { kind: 'ok', tail: given === names ? 'none' : 'blank' }
  if (isSame(given, [...own, ...REJECT_COLUMNS])) return { kind: 'ok', tail: 'reasons' }
  return { kind: 'wrong', ...firstWrong(own, given) }
}

const isName = (found: string | undefined, expected: string): boolean =>
  found?.toLowerCase() === expected.toLowerCase()

const isSame = (found: readonly string[], expected: readonly string[]): boolean =>
  found.length === expected.length && expected.every((name, at) => isName(found[at], name))

/** Called when there is one. */
function firstWrong(expected: readonly string[], found: readonly string[]): WrongColumn {
  const at = expected.findIndex((name, index) => !isName(found[index], name))
  const position = at < 0 ? expected.length : at
  return { position: position + 1, expected: expected[position] ?? '', found: found[position] ?? '' }
}
