/** Cents of an amount written as the XSDs want it ("10.50"). Undefined when it is not one. */
export function readCents(text: string | undefined): number | undefined {
  const match = /^(\d{1,9})\.(\d{2})$/.exec(text ?? '')
  return match ? Number(`${match[1]}${match[2]}`) : undefined
}

/** "10.50" of 1050 cents. */
export function writeCents(cents: number): string {
  const digits = String(cents).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** "1.234,50 €" of 123450 cents, for people. */
export function showCents(cents: number): string {
  const whole = Math.trunc(cents / 100)
  const rest = String(cents % 100).padStart(2, '0')
  return `${whole.toLocaleString('it-IT', { useGrouping: 'always' })},${rest} €`
}
