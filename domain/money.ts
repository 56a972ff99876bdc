import { AppError } from './errors.ts'

/** Whole euro cents: 1050 is 10,50 €. Never a fraction, never negative. */
export type Cents = number & { readonly __unit: 'cents' }

/** The largest amount that a message of the node can have: 999999999.99. Source: PagInf_RPT_RT_6_2_0.xsd, stImporto. */
export const MAX_IMPORTO = cents(99_999_999_999)

/**
 * The largest amount that a printed notice can have: its codes have ten places for cents. Source:
 * docs/field/identifiers.md#qr-code.
 */
export const MAX_NOTICE_AMOUNT = cents(9_999_999_999)

/**
 * @throws RangeError for a fraction, a negative number or one beyond exact integers: a programming error, not a typing
 * error
 */
export function cents(n: number): Cents {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not a cent amount: ${n}`)
  return n as Cents
}

export function sumCents(amounts: readonly Cents[]): Cents {
  return cents(amounts.reduce<number>((total, amount) => total + amount, 0))
}

/**
 * Reads an amount in the form of the XSDs, "10.50"; refuses "10.5" and "10,50".
 * @throws IMPORTO_MALFORMED
 * Source: PagInf_RPT_RT_6_2_0.xsd, stImporto.
 */
export function parseImporto(text: string): Cents {
  const match = /^(\d{1,9})\.(\d{2})$/.exec(text)
  // The text comes from outside, so only its beginning goes into a log.
  if (!match) throw new AppError('IMPORTO_MALFORMED', { text: text.slice(0, 20) })
  return cents(Number(match[1]! + match[2]!))
}

/** 1050 → "10.50", the only form of amounts in messages and in the causale of an RPT. */
export function wireImporto(amount: Cents): string {
  return `${wholeEuro(amount)}.${centPart(amount)}`
}

/** 123450 → "1.234,50 €". */
export function formatEuro(amount: Cents): string {
  return `${grouped(wholeEuro(amount))},${centPart(amount)} €`
}

/** "1234567" → "1.234.567". Written by hand because Intl's grouping depends on the ICU data of the machine. */
export const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, '.')

export type TypedImporto =
  { ok: true; importo: Cents } | { ok: false; reason: 'malformed' | 'zero' | 'too_big' }

/** `10`, `10,5`, `10,50`, `1.234,50`: dots only between groups of three, so that "10.5" is never read as 105. */
const TYPED = /^(0|[1-9]\d*|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d{1,2}))?$/

/**
 * Reads an amount as a person types it. Only blanks around it are ignored, because a wrong guess would be a wrong
 * payment.
 * @param max the largest amount accepted, itself included
 */
export function parseTypedImporto(text: string, max: Cents): TypedImporto {
  const match = TYPED.exec(text.trim())
  if (!match) return { ok: false, reason: 'malformed' }
  const digits = match[1]!.replaceAll('.', '') + (match[2] ?? '').padEnd(2, '0')
  // Above any limit; converting more digits to a number would lose some.
  if (digits.length > 15) return { ok: false, reason: 'too_big' }
  const importo = cents(Number(digits))
  if (importo === 0) return { ok: false, reason: 'zero' }
  return importo > max ? { ok: false, reason: 'too_big' } : { ok: true, importo }
}

const wholeEuro = (amount: Cents) => String(Math.trunc(amount / 100))
const centPart = (amount: Cents) => String(amount % 100).padStart(2, '0')
