/** Digits with a comma, or whole thousands with dots, as amounts are typed in Italy. */
const TYPED = /^(0|[1-9]\d{0,8}|[1-9]\d{0,2}(?:\.\d{3}){1,2})(?:,(\d{1,6}))?$/

/** Reads a number that a person typed: "1.234,50" → "1234.50". Undefined when it is none, or has more than six decimals. */
export function readDecimal(text: string): string | undefined {
  const match = TYPED.exec(text.trim())
  if (!match) return undefined
  const whole = match[1]!.replaceAll('.', '')
  return match[2] === undefined ? whole : `${whole}.${match[2]}`
}

/** A number of a form as people read it: "18.5" → "18,5". */
export const shownDecimal = (value: string): string => value.replace('.', ',')

/** A price as people read it, with its cents: "25" → "25,00"; more than two decimals stay. */
export function shownPrice(value: string): string {
  if (value === '') return ''
  const [whole = '', fraction = ''] = value.split('.')
  return `${whole},${fraction.padEnd(2, '0')}`
}
