import { isIuv17, isNoticeNumber, iuvOfNotice } from '../iuv.ts'
import { DASHES } from '../latin.ts'

/** What a person typed, pasted or scanned from a notice. */
export interface NoticeCode {
  iuv: string
  /** Fiscal code of the ente, if the text contains it: the QR does, a number does not. */
  domain?: string
  /** True when the check digits are wrong. Software of enti may have given such a number all the same. */
  isMistyped: boolean
}

/** Why a text is not the code of a notice. `digits` is their number, when the text has nothing else. */
export type NoticeCodeProblem = { kind: 'malformed' } | { kind: 'length' | 'start'; digits: number }

/** "PAGOPA|002|<number>|<ente>|<cents>", the text of the QR of a notice. Source: docs/field/identifiers.md#qr-code. */
const QR = /^PAGOPA\|002\|(\d{18})\|(\d{11})\|\d{1,12}$/i

/**
 * Reads the code of a notice; blanks, dots and dashes between the digits are allowed. Undefined when no notice of
 * pagoPA can have such a code.
 */
export function readNoticeCode(text: string): NoticeCode | undefined {
  const typed = plain(text)
  const qr = QR.exec(typed)
  const number = qr ? qr[1]! : digitsOf(typed)
  const iuv = number === undefined ? undefined : iuvOfNotice(number)
  if (number === undefined || iuv === undefined) return undefined
  return { iuv, ...(qr ? { domain: qr[2]! } : {}), isMistyped: isMistyped(number) }
}

/** The problem of a text that `readNoticeCode` does not read. */
export function noticeCodeProblem(text: string): NoticeCodeProblem {
  const digits = digitsOf(plain(text))?.length ?? 0
  if (digits === 0) return { kind: 'malformed' }
  return { kind: digits === 18 ? 'start' : 'length', digits }
}

/**
 * Digits copied from a page or a PDF may come with invisible marks, dashes of any kind, and double-width characters.
 */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(DASHES, '-')
    .trim()

const digitsOf = (typed: string): string | undefined =>
  /^[\d\s.-]+$/.test(typed) ? typed.replace(/[\s.-]/g, '') : undefined

/** A number of 15 digits cannot be checked, because its application code is not known. */
function isMistyped(number: string): boolean {
  if (number.length === 18) return !isNoticeNumber(number)
  return number.length === 17 && !isIuv17(number)
}
