import { isOneOf, keysOf } from '../table.ts'

/**
 * What became of a payment, in the words of pagoPA, and the digit that the XML form has for it. `comes`: a receipt exists or will come.
 * `absent`: the payment has no request at the node, so no receipt will come by itself. `taken_back`: the money left again.
 * Source: docs/field/reporting.md#codes.
 */
const CODES = {
  EXECUTED: { digit: '0', receipt: 'comes' },
  REVOKED: { digit: '3', receipt: 'taken_back' },
  STAND_IN: { digit: '4', receipt: 'comes' },
  STAND_IN_NO_RPT: { digit: '8', receipt: 'absent' },
  NO_RPT: { digit: '9', receipt: 'absent' },
} as const satisfies Record<string, { digit: string; receipt: 'comes' | 'absent' | 'taken_back' }>

export type Code = keyof typeof CODES

const KNOWN = keysOf(CODES)

export const isKnownCode = (code: string): code is Code => isOneOf(KNOWN, code)

const receiptOf = (code: string): string | undefined => (isKnownCode(code) ? CODES[code].receipt : undefined)

export const isRevoked = (code: string): boolean => receiptOf(code) === 'taken_back'

/** Its payment has no request at the node, so that no receipt comes by itself. */
export const comesWithoutReceipt = (code: string): boolean => receiptOf(code) === 'absent'

/** The digit of the XML form for a word. An unknown word stays as it is. */
export const digitOf = (code: string): string => (isKnownCode(code) ? CODES[code].digit : code)

/** The word for a digit of the XML form. An unknown digit stays as it is. */
export const wordOf = (digit: string): string => KNOWN.find((code) => CODES[code].digit === digit) ?? digit
