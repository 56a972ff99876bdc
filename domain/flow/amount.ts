import { cents, type Cents } from '../money.ts'

/**
 * "24", "24.5" and "24.50" are 2450. `text` must have passed the check of its form. Source:
 * docs/field/files.md#amounts.
 */
export function flowAmount(text: string): Cents {
  const [whole = '', fraction = ''] = text.split('.')
  return cents(Number(whole + fraction.padEnd(2, '0')))
}
