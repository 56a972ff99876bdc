import { cents, type Cents } from '../money.ts'

/** "24", "24.5" and "24.50" are 2450. The form was checked before. Source: flows.md §7.9, §11.6. */
export function flowAmount(text: string): Cents {
  const [whole = '', fraction = ''] = text.split('.')
  return cents(Number(whole + fraction.padEnd(2, '0')))
}
