import type { Refusal } from './movement.ts'

/** What a person must say before a CSV can be read. */
export type AskedOfCsv = 'columns' | 'amount' | 'bookedOn' | 'valueOn'

/** Why a statement is not loaded: it is refused, or its columns are to be named (`columns`, with the names of its first line). */
export type TreasuryProblem =
  | Refusal
  | ArchiveRefusal
  | { kind: 'technical' | 'kind_unknown' }
  | {
      kind: 'columns'
      header: readonly string[]
      examples: readonly (readonly string[])[]
      asked: readonly AskedOfCsv[]
    }

/** What is wrong with the archive or the size of a statement. */
export interface ArchiveRefusal {
  kind:
    'not_zip' | 'too_many_entries' | 'broken' | 'too_big' | 'bomb' | 'encrypted' | 'several_kinds' | 'nothing'
}

/** How a person says that the columns of a CSV are written. */
export interface CsvAnswers {
  amount?: 'dot' | 'comma'
  bookedOn?: 'iso' | 'italian'
  valueOn?: 'iso' | 'italian'
}
