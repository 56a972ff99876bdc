import { compare } from './order.ts'
import type { Places } from './reconciled.ts'

/** One line of a bilancio; a code that is left out is ''. */
interface Chapter {
  capitolo: string
  ufficio: string
  accertamento: string
  importo: number
}

/** A row of a flow with the due that it pays. */
export interface AccountedRow {
  places: Pick<Places, 'placed' | 'revoked'>
  /** Null where no due is known. */
  dueType: string | null
  /** The lines of the bilancio of its due; none where it has no bilancio. */
  chapters: readonly Chapter[]
}

/** What an accountant books. Without a due type it is what no payment explains. Cents are negative where more left than came. */
export interface AccountingLine {
  dueType: string | null
  ufficio: string
  capitolo: string
  accertamento: string
  cents: number
}

/** Sums by due type and codes. */
export type Account = Map<string, AccountingLine>

/** Adds what a row explains. A revocation is subtracted where its payment was added. */
export function addTo(account: Account, { places, dueType, chapters }: AccountedRow): void {
  const cents = places.placed - places.revoked
  if (dueType === null) return
  for (const line of chaptersOf(cents, chapters)) add(account, { ...line, dueType })
}

/** A bilancio with another sum does not say where the money goes, and nothing is guessed. */
function chaptersOf(cents: number, chapters: readonly Chapter[]): Omit<AccountingLine, 'dueType'>[] {
  const sum = chapters.reduce((total, { importo }) => total + importo, 0)
  if (chapters.length === 0 || sum !== Math.abs(cents)) return [{ ...NO_CODES, cents }]
  return chapters.map(({ importo, ...codes }) => ({ ...codes, cents: Math.sign(cents) * importo }))
}

const NO_CODES = { ufficio: '', capitolo: '', accertamento: '' }

function add(account: Account, line: AccountingLine): void {
  const key = JSON.stringify([line.dueType, line.ufficio, line.capitolo, line.accertamento])
  const before = account.get(key)
  account.set(key, { ...line, cents: line.cents + (before?.cents ?? 0) })
}

/**
 * The lines in order, and last what no payment explains, so that they sum up to the total that the flow declares.
 * Source: docs/field/reporting.md#accounting.
 */
export function linesOf(account: Account, declaredCents: number): AccountingLine[] {
  const lines = [...account.values()].filter(({ cents }) => cents !== 0).sort(inOrder)
  const rest = declaredCents - lines.reduce((total, { cents }) => total + cents, 0)
  return rest === 0 ? lines : [...lines, { dueType: null, ...NO_CODES, cents: rest }]
}

const inOrder = (a: AccountingLine, b: AccountingLine): number =>
  compare(a.dueType ?? '', b.dueType ?? '') ||
  compare(a.ufficio, b.ufficio) ||
  compare(a.capitolo, b.capitolo) ||
  compare(a.accertamento, b.accertamento)
