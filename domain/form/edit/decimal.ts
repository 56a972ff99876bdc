/** Digits with a comma, or whole thousands with dots, as amounts are typed in Italy. */
const TYPED = /^(0|[1-9]\d{0,8}|[1-9]\d{0,2}(?:\.\d{3}){1,2})(?:,(\d{1,6}))?$/

/**
 * A price that a person typed, with a comma before its decimals and without the sign of euro. A single dot before the last one or two
 * digits is such a comma: "6.70 €" → "6,70". Before three digits it stays, because "1.234" is more than a thousand.
 */
export const withComma = (text: string): string =>
  text
    .trim()
    .replace(/^€\s*|\s*€$/, '')
    .replace(/^(\d+)\.(\d{1,2})$/, '$1,$2')

/** Reads a number that a person typed: "1.234,50" → "1234.50". Undefined when it is none, or has more than six decimals. */
export function readDecimal(text: string): string | undefined {
  const match = TYPED.exec(withComma(text))
  if (!match) return undefined
  const whole = match[1]!.replaceAll('.', '')
  return match[2] === undefined ? whole : `${whole}.${match[2]}`
}

/** A number of a form as people read it: "18.5" → "18,5". */
export const shownDecimal = (value: string): string => value.replace('.', ',')

/** Digits after the dot of a number of a form, without zeros at the end: "6.7050" has 3. */
export const decimalsOf = (value: string): number => (value.split('.')[1] ?? '').replace(/0+$/, '').length

/** How much more one number of a form is than another, as people read it: "+10,50", "-2,00"; exact, because both are digits. */
export function differenceOf(from: string, to: string): string {
  const places = Math.max(decimalsOf(from), decimalsOf(to), 2)
  const whole = (value: string): bigint => {
    const [units = '0', fraction = ''] = value.split('.')
    return BigInt(units + fraction.slice(0, places).padEnd(places, '0'))
  }
  const more = whole(to) - whole(from)
  const digits = String(more < 0n ? -more : more).padStart(places + 1, '0')
  return `${more < 0n ? '-' : '+'}${digits.slice(0, -places)},${digits.slice(-places)}`
}

/** A price as people read it, with its cents: "25" → "25,00"; more than two decimals stay. */
export function shownPrice(value: string): string {
  if (value === '') return ''
  const [whole = '', fraction = ''] = value.split('.')
  return `${whole},${fraction.padEnd(2, '0')}`
}
