/** Characters that make a spreadsheet take a cell for a formula. */
const ACTS = String.raw`=+\-@\t\r＝＋－＠`
const FORMULA = new RegExp(`^'*[${ACTS}]`)
const SHIELDED = new RegExp(`^'+[${ACTS}]`)

/**
 * A value as it stands in a cell that must not act as a formula: with an apostrophe before it. A value that has the apostrophe already gets
 * another, so that `unshielded` gives back every value exactly.
 */
export const shielded = (value: string): string => (FORMULA.test(value) ? `'${value}` : value)

/** The value of a cell that `shielded` made. */
export const unshielded = (cell: string): string => (SHIELDED.test(cell) ? cell.slice(1) : cell)
