import { parseTypedDay } from '../../calendar.ts'
import { centsOf } from '../../reporting/amount.ts'
import type { Encoding } from './lines.ts'

/** How the amounts of a file are written: "1234.56" or "1.234,56". */
export const AMOUNT_FORMS = ['dot', 'comma'] as const
export type AmountForm = (typeof AMOUNT_FORMS)[number]
/** How the days of a column are written: "2025-07-14" or "14/07/2025". */
export const DAY_FORMS = ['iso', 'italian'] as const
export type DayForm = (typeof DAY_FORMS)[number]

/** The one form that each column has over the whole file. */
export interface CsvForms {
  encoding: Encoding
  amount: AmountForm
  bookedOn: DayForm
  valueOn: DayForm
}

const SIGNED = /^[+-]?\s*/
const DOT = /^\d+(?:\.\d{1,2})?$/
const COMMA = /^(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d{1,2})?$/
const ISO = /^\d{4}-\d{2}-\d{2}$/
const ITALIAN = /^\d{1,2}\/\d{1,2}\/\d{4}$/

const isComma = (text: string): boolean => COMMA.test(text.replace(SIGNED, ''))

/** Cents of an amount in its form, with its sign. */
export function amountIn(form: AmountForm, text: string): number | undefined {
  const isMinus = text.startsWith('-')
  const bare = text.replace(SIGNED, '')
  if (!(form === 'dot' ? DOT : COMMA).test(bare)) return undefined
  const cents = centsOf(form === 'dot' ? bare : bare.replaceAll('.', '').replace(',', '.'))
  return cents === undefined || !isMinus ? cents : -cents
}

export function dayIn(form: DayForm, text: string): string | undefined {
  if (form === 'iso') return ISO.test(text) ? text : undefined
  return ITALIAN.test(text) ? parseTypedDay(text) : undefined
}

/** Which forms a value speaks for. One that reads the same in both speaks for none. */
export const amountFormsOf = (text: string): AmountForm[] => {
  const isDot = DOT.test(text.replace(SIGNED, ''))
  if (isDot && isComma(text)) return []
  return [...(isDot ? ['dot' as const] : []), ...(isComma(text) ? ['comma' as const] : [])]
}
export const dayFormsOf = (text: string): DayForm[] => [
  ...(ISO.test(text) ? ['iso' as const] : []),
  ...(ITALIAN.test(text) ? ['italian' as const] : []),
]
/** "1.234" is a thousand in Italy and one elsewhere. It fits one form only, yet alone it proves nothing. */
export const isOneGroup = (text: string): boolean => /^[+-]?\d{1,3}\.\d{3}$/.test(text)
