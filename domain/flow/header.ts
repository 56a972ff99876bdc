import { FLOW_COLUMNS, type FlowFormat } from './columns.ts'

/** Extra columns of the file of rejected rows. People correct that file and upload it again with these columns. */
export const REJECT_COLUMNS = ['cod_rifiuto', 'de_rifiuto'] as const

/** Extra columns of the rejected rows as people got them at first; their files may still come back. */
export const REMEDY_COLUMNS = [...REJECT_COLUMNS, 'rimedio'] as const

/** The same with the number of the row in the file or the sheet that was sent: so people get them. */
export const NUMBERED_COLUMNS = [...REMEDY_COLUMNS, 'riga'] as const

/**
 * What rows may have after the columns of their version, according to the header. `blank`: the header ends with a `;`,
 * and so may rows. `reasons`, `remedies`, `numbered`: corrected rejected rows; their two to four extra columns are not read.
 */
export type HeaderTail = 'none' | 'blank' | 'reasons' | 'remedies' | 'numbered'

export interface WrongColumn {
  position: number
  expected: string
  found: string
}

/**
 * Compares the names of a header line with those of the version, without regard to case. When they differ, it returns
 * the first wrong column. Source: docs/field/files.md#header.
 */
export function judgeHeader(
  format: FlowFormat,
  names: readonly string[],
): { kind: 'ok'; tail: HeaderTail } | ({ kind: 'wrong' } & WrongColumn) {
  const given = names.at(-1) === '' ? names.slice(0, -1) : names
  const own = FLOW_COLUMNS[format].map(({ header }) => header)
  if (isSame(given, own)) return { kind: 'ok', tail: given === names ? 'none' : 'blank' }
  if (isSame(given, [...own, ...REJECT_COLUMNS])) return { kind: 'ok', tail: 'reasons' }
  if (isSame(given, [...own, ...REMEDY_COLUMNS])) return { kind: 'ok', tail: 'remedies' }
  if (isSame(given, [...own, ...NUMBERED_COLUMNS])) return { kind: 'ok', tail: 'numbered' }
  return { kind: 'wrong', ...firstWrong(own, given) }
}

const isName = (found: string | undefined, expected: string): boolean =>
  found?.toLowerCase() === expected.toLowerCase()

const isSame = (found: readonly string[], expected: readonly string[]): boolean =>
  found.length === expected.length && expected.every((name, at) => isName(found[at], name))

/** Must be called only when a column is wrong. */
function firstWrong(expected: readonly string[], found: readonly string[]): WrongColumn {
  const at = expected.findIndex((name, index) => !isName(found[index], name))
  const position = at < 0 ? expected.length : at
  return { position: position + 1, expected: expected[position] ?? '', found: found[position] ?? '' }
}
