/** Rows with something that a person should look at: how many, and the first of them. */
export interface Found {
  count: number
  rows: number[]
}

/** A row whose amount is the lowest or the highest. */
interface Extreme {
  row: number
  cents: number
}

/** What can be wrong with a row that no rule refuses. */
export const ODDITIES = ['alike', 'pastDue', 'cap'] as const
/**
 * - `alike`: another due, or another row, has the same payer, amount, type and day, under another IUD.
 * - `pastDue`: the day on which it is due is over.
 * - `cap`: an Italian CAP that is not five digits.
 */
export type Oddity = (typeof ODDITIES)[number]

/** What the rows of a file show that is no reason to reject them. It has numbers of rows and amounts, and nothing of persons. */
export interface FlowFindings extends Record<Oddity, Found> {
  /** The rows whose amounts make the sum. */
  rows: number
  totalCents: number
  lowest: Extreme | null
  highest: Extreme | null
}

/** The values of a row that are looked at. */
export interface LookedAt {
  row: number
  cents: number
  dueOn: string | undefined
  cap: string | undefined
  nazione: string | undefined
}

/** Bytes of a file that is compared with other dues while it loads: about 15,000 rows. */
export const MOST_COMPARED = 4 * 1024 ** 2

/** True when doubles of other dues are looked for. A check compares every file, because nobody waits for it. */
export const isCompared = ({ isCheck, csvBytes }: { isCheck: boolean; csvBytes: number }): boolean =>
  isCheck || csvBytes <= MOST_COMPARED

/** The most rows that are named. */
export const MOST_NAMED = 20

export const noFindings = (): FlowFindings => ({
  rows: 0,
  totalCents: 0,
  lowest: null,
  highest: null,
  alike: { count: 0, rows: [] },
  pastDue: { count: 0, rows: [] },
  cap: { count: 0, rows: [] },
})

const isOddCap = ({ cap = '', nazione = '' }: LookedAt): boolean =>
  cap !== '' && (nazione === '' || nazione.toUpperCase() === 'IT') && !/^\d{5}$/.test(cap)

export function noteFound(found: Found, row: number): void {
  found.count++
  if (found.rows.length < MOST_NAMED) found.rows.push(row)
}

/** Adds a row to what is known. @param today the day of Rome on which the file is read */
export function lookAt(findings: FlowFindings, row: LookedAt, today: string): void {
  const { cents } = row
  const here = { row: row.row, cents }
  findings.rows++
  findings.totalCents += cents
  if (!findings.lowest || cents < findings.lowest.cents) findings.lowest = here
  if (!findings.highest || cents > findings.highest.cents) findings.highest = here
  if (row.dueOn !== undefined && row.dueOn !== '' && row.dueOn < today) noteFound(findings.pastDue, row.row)
  if (isOddCap(row)) noteFound(findings.cap, row.row)
}
