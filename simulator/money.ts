/** Cents of an amount in the form of the XSDs ("10.50"); undefined when it is not one. */
export function readCents(text: string | undefined): number | undefined {
  const match = /^(\d{1,9})\.(\d{2})$/.exec(text ?? '')
  return match ? Number(`${match[1]}${match[2]}`) : undefined
}

/** 1050 → "10.50". */
export function writeCents(cents: number): string {
  const digits = String(cents).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** 123450 → "1.234,50 €", for people. */
export function showCents(cents: number): string {
  const whole = Math.trunc(cents / 100)
  const rest = String(cents % 100).padStart(2, '0')
  return `${whole.toLocaleString('it-IT', { useGrouping: 'always' })},${rest} €`
}
