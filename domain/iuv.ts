/**
 * Payment identifiers and notice numbers. Sources: SACI 1.3.1, table 2 (notice numbers), ISO 11649 (RF).
 * Everything is text: an 18-digit notice number does not fit an exact JavaScript integer.
 */

const MAX_PROGRESSIVE_17 = 99_999_999_999
const MAX_PROGRESSIVE_25 = 9_999_999_999_999

/**
 * IUV of a due with a notice: segregation code, two digits of the software that numbers it, progressive, check digits.
 * `sil` '00' is the range that this platform numbers; an ente's own software uses the others.
 * @throws RangeError when a part does not fit its digits, because a truncated number would be that of another due
 */
export function iuv17(parts: { segregationCode: string; progressive: number; sil?: string }): string {
  const { segregationCode, progressive, sil = '00' } = parts
  const base = twoDigits(segregationCode) + twoDigits(sil) + padded(progressive, 11, MAX_PROGRESSIVE_17)
  return base + mod93(`3${base}`)
}

/**
 * IUV of an RPT without a notice; ISO 11649. `tipoVersamentoId` is the two-digit id of the table of tipi versamento.
 */
export function iuv25(parts: {
  segregationCode: string
  tipoVersamentoId: string
  progressive: number
}): string {
  const { segregationCode, tipoVersamentoId, progressive } = parts
  const counter = padded(progressive, 13, MAX_PROGRESSIVE_25)
  const reference = `${twoDigits(segregationCode)}${twoDigits(tipoVersamentoId)}${counter}0000`
  return `RF${rfCheck(reference)}${reference}`
}

/**
 * The 18 digits printed on the notice.
 * @param applicationCode needed only for the old 15-digit IUV, which does not contain it
 * @throws RangeError for an IUV that cannot have a notice (RF, wrong length)
 */
export function noticeNumber(iuv: string, applicationCode?: string): string {
  if (/^\d{17}$/.test(iuv)) return `3${iuv}`
  if (/^\d{15}$/.test(iuv) && applicationCode !== undefined) return `0${twoDigits(applicationCode)}${iuv}`
  throw new RangeError('this IUV has no notice number')
}

/**
 * The IUV of what a person types or scans: a notice number of 18 digits, or an IUV of 15 or 17. Blanks are allowed,
 * because notices print groups of four. Undefined when this platform cannot have issued the number.
 */
export function iuvOfNotice(text: string): string | undefined {
  const digits = text.replace(/\s/g, '')
  if (/^3\d{17}$/.test(digits)) return digits.slice(1)
  if (/^0\d{17}$/.test(digits)) return digits.slice(3)
  return /^(\d{15}|\d{17})$/.test(digits) ? digits : undefined
}

/** The IUVs that a typed text may stand for: as typed, in capitals, and the one in a notice number. */
export const iuvsIn = (text: string): string[] => [
  ...new Set([text.toUpperCase(), text, iuvOfNotice(text)].filter((iuv) => iuv !== undefined)),
]

/** "301000000000123468" becomes "3010 0000 0000 1234 68", as notices print it. */
export function groupNoticeNumber(number: string): string {
  return number.replace(/(\d{4})(?=\d)/g, '$1 ')
}

export function isIuv17(iuv: string): boolean {
  return /^\d{17}$/.test(iuv) && mod93(`3${iuv.slice(0, 15)}`) === iuv.slice(15)
}

/** Checks an IUV of the old generation: its check digits depend on the application code of the ente. */
export function isIuv15(iuv: string, applicationCode: string): boolean {
  return /^\d{15}$/.test(iuv) && mod93(`0${twoDigits(applicationCode)}${iuv.slice(0, 13)}`) === iuv.slice(13)
}

/** Checks any ISO 11649 reference, ours or of an ente's software: RF, two check digits, 1 to 21 letters and digits. */
export function isRfIuv(iuv: string): boolean {
  return /^RF\d{2}[0-9A-Z]{1,21}$/.test(iuv) && rfCheck(iuv.slice(4)) === iuv.slice(2, 4)
}

/** Checks an 18-digit notice number. Numbers with aux digit 1 have no check digits. */
export function isNoticeNumber(number: string): boolean {
  if (!/^[0-3]\d{17}$/.test(number)) return false
  return number.startsWith('1') || mod93(number.slice(0, 16)) === number.slice(16)
}

/**
 * Payment context code: with ente and IUV it names one attempt. An RF IUV is used by one attempt only.
 * @param attempt from 1; each new attempt to pay the same notice takes the next number
 */
export function attemptCode(payment: {
  domain: string
  iuv: string
  attempt: number
  applicationCode?: string
}): string {
  if (payment.iuv.startsWith('RF')) return 'n/a'
  const number = noticeNumber(payment.iuv, payment.applicationCode)
  return `${payment.domain}${number}-${padded(payment.attempt, 5, 99_999)}`
}

function mod93(digits: string): string {
  return String(BigInt(digits) % 93n).padStart(2, '0')
}

function rfCheck(reference: string): string {
  const digits = [...`${reference}RF00`].map((character) => parseInt(character, 36)).join('')
  return String(98n - (BigInt(digits) % 97n)).padStart(2, '0')
}

function twoDigits(text: string): string {
  if (!/^\d{2}$/.test(text)) throw new RangeError('a code of two digits is needed')
  return text
}

function padded(n: number, width: number, max: number): string {
  if (!Number.isSafeInteger(n) || n < 1 || n > max) throw new RangeError(`not between 1 and ${max}: ${n}`)
  return String(n).padStart(width, '0')
}
