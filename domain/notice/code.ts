import { isIuv17, isNoticeNumber, iuvOfNotice } from '../iuv.ts'

/** What a person typed, pasted or scanned from a notice. */
export interface NoticeCode {
  iuv: string
  /** Fiscal code of the ente, when the text names it: the QR does, a number does not. */
  domain?: string
  /** Its last digits do not fit the others. Software of enti may have given such a number all the same. */
  isMistyped: boolean
}

/** Why a text is no code of a notice; `digits`: how many it has, when it has nothing else. */
export type NoticeCodeProblem = { kind: 'malformed' } | { kind: 'length' | 'start'; digits: number }

/** "PAGOPA|002|<number>|<ente>|<cents>", as the QR of a notice says. Source: docs/field/identifiers.md#qr-code. */
const QR = /^PAGOPA\|002\|(\d{18})\|(\d{11})\|\d{1,12}$/i

/** Blanks, dots and dashes between the digits are forgiven. `undefined`: no notice of pagoPA has such a code. */
export function readNoticeCode(text: string): NoticeCode | undefined {
  const typed = plain(text)
  const qr = QR.exec(typed)
  const number = qr ? qr[1]! : digitsOf(typed)
  const iuv = number === undefined ? undefined : iuvOfNotice(number)
  if (number === undefined || iuv === undefined) return undefined
  return { iuv, ...(qr ? { domain: qr[2]! } : {}), isMistyped: isMistyped(number) }
}

/** What to tell about a text that `readNoticeCode` does not read. */
export function noticeCodeProblem(text: string): NoticeCodeProblem {
  const digits = digitsOf(plain(text))?.length ?? 0
  if (digits === 0) return { kind: 'malformed' }
  return { kind: digits === 18 ? 'start' : 'length', digits }
}

/** Copied from a page or a PDF, digits come with marks that nobody sees, dashes of any kind, and letters twice as wide. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .trim()

const digitsOf = (typed: string): string | undefined =>
  /^[\d\s.-]+$/.test(typed) ? typed.replace(/[\s.-]/g, '') : undefined

/** A number of 15 digits does not say whose check digits it has. */
function isMistyped(number: string): boolean {
  if (number.length === 18) return !isNoticeNumber(number)
  return number.length === 17 && !isIuv17(number)
}
