import type { FlowRow } from './flow.ts'

const PLACES = 6
const REVOKED = 3

/** The exact sum of the rows, revoked ones subtracted, with two decimals or more. What is no number counts nothing. */
export function sumOf(rows: Iterable<FlowRow>): string {
  let total = 0n
  for (const { pay, code } of rows) {
    const units = unitsOf(pay)
    total += code === REVOKED ? -absolute(units) : units
  }
  return write(total)
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value)

function unitsOf(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text)
  if (!match) return 0n
  const [, sign = '', whole = '', rest = ''] = match
  return BigInt(`${sign}${whole}${rest.padEnd(PLACES, '0')}`)
}

function write(units: bigint): string {
  const digits = String(absolute(units)).padStart(PLACES + 1, '0')
  const rest = digits.slice(-PLACES).replace(/0{1,4}$/, '')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -PLACES)}.${rest}`
}
