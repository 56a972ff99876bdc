import type { SheetHeaderProblem } from './header.ts'

/**
 * Why a whole spreadsheet is refused, before any row of it counts. Each kind has its words in the language files.
 * - `not_sheet`: neither an XLSX nor text. `archive`: a zip of something else. `old_format`: XLS, or an XLSX with a password.
 * - `unnamed_column`: a column without a name holds values. `name` is its letter.
 * - `technical`: the conversion failed again and again.
 */
export type SheetProblem =
  | {
      kind:
        | 'empty'
        | 'not_sheet'
        | 'archive'
        | 'old_format'
        | 'broken'
        | 'too_big'
        | 'too_wide'
        | 'bad_quotes'
        | 'no_rows'
        | 'technical'
    }
  | { kind: 'too_many_rows'; rows: number }
  | { kind: 'unnamed_column'; name: string }
  | SheetHeaderProblem

/** The most rows of a sheet, without its header: an XLSX is held in memory as a whole, a CSV is not. */
export const MOST_ROWS = { xlsx: 10_000, csv: 100_000 } as const

/** "A" to "ZZZ", the letters of a column in a spreadsheet. @param at from 0 */
export function columnLetters(at: number): string {
  const rest = Math.floor(at / 26)
  return (rest === 0 ? '' : columnLetters(rest - 1)) + String.fromCharCode(65 + (at % 26))
}
