/** A JSON number or the text of an XML amount. Large amounts come as "1.23456789E7", the form in which Java writes them. */
const AMOUNT = /^(-?)(\d{1,20})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/

/**
 * Cents of an amount in euro, negative when it has a minus. Digits are only moved and never computed with, so nothing is rounded. Undefined
 * for a fraction of a cent, for more than exact integers can hold, and for a text that is no amount. Source: docs/field/reporting.md#r1.
 */
export function centsOf(text: string): number | undefined {
  const match = AMOUNT.exec(text.trim())
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  // Where the point stands once the amount is in cents.
  const point = whole.length + Number(exponent) + 2
  if (/[1-9]/.test(digits.slice(Math.max(point, 0)))) return undefined
  const significant = digits.slice(0, Math.max(point, 0)).replace(/^0+/, '')
  if (significant === '') return 0
  const zeros = Math.max(point - digits.length, 0)
  if (significant.length + zeros > MAX_DIGITS) return undefined
  const cents = Number(significant + '0'.repeat(zeros))
  return sign === '-' ? -cents : cents
}

/** Any integer of so many digits is exact. A sum of a flow may be larger than the largest single payment. */
const MAX_DIGITS = 15
