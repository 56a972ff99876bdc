/** Fiscal identifiers of persons and bodies. Source: decree 23 December 1976, with the omocodia rules of 1977. */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/**
 * Value of a character in an odd position (the first is odd), by letter; a digit has the value of its letter. The CIN
 * of IBANs uses the same table.
 */
export const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]
/** Letters that replace a digit when two persons would have the same code: L is 0, V is 9. */
const OMOCODIA = 'LMNPQRSTUV'
const OMOCODIA_PLACES = [6, 7, 9, 10, 12, 13, 14]
const MONTHS = 'ABCDEHLMPRST'
/**
 * February has 29 days here; isBirthDay makes it 28 by the year. The code has two digits of the year, enough to
 * recognise leap years.
 */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const SHAPE = /^[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPR-T][0-9L-NP-V]{2}[A-ILMZ][0-9L-NP-V]{3}[A-Z]$/

/**
 * Checks a personal code of 16 characters, omocodia included; upper case only. Names and birth data are not compared.
 */
export function isCodiceFiscale(code: string): boolean {
  if (!SHAPE.test(code)) return false
  const plain = withoutOmocodia(code)
  return isBirthDay(plain) && plain.slice(12, 15) !== '000' && checkLetter(code) === code[15]
}

/**
 * The letter that a personal code must end with, by its first 15 characters; undefined when those are no beginning of a code. A wrong
 * letter says that some character is wrong, and not which one.
 */
export function rightLetter(code: string): string | undefined {
  return SHAPE.test(code) && isBirthDay(withoutOmocodia(code)) ? checkLetter(code) : undefined
}

/** What the sentence about a wrong last letter names: the letter that it would be, and the one that was typed. */
export function letterSlip(code: string): { letter: string; last: string } | undefined {
  const letter = rightLetter(code)
  const last = code.slice(-1)
  return letter === undefined || letter === last ? undefined : { letter, last }
}

/**
 * Checks the numeric code of a body or firm: 11 digits with a check digit. Eleven zeros have a right check digit but
 * belong to nobody.
 */
export function isPartitaIva(code: string): boolean {
  if (!/^\d{11}$/.test(code) || code === '00000000000') return false
  const sum = [...code].reduce((total, digit, index) => total + luhnValue(Number(digit), index), 0)
  return sum % 10 === 0
}

/** Kind of person in messages and files: F is a natural person, G is a body. */
export type PersonKind = 'F' | 'G'

/** A person may also have a numeric code (one-person firms, provisional codes). A body never has a personal code. */
export function isFiscalId(kind: PersonKind, code: string): boolean {
  return isPartitaIva(code) || (kind === 'F' && isCodiceFiscale(code))
}

/** Accepts what people type: removes blanks and makes letters upper case. */
export function normalizeFiscalId(text: string): string {
  return text.replace(/\s/g, '').toUpperCase()
}

function withoutOmocodia(code: string): string {
  const characters = [...code]
  for (const place of OMOCODIA_PLACES) {
    const digit = OMOCODIA.indexOf(characters[place]!)
    if (digit >= 0) characters[place] = String(digit)
  }
  return characters.join('')
}

function isBirthDay(plain: string): boolean {
  const year = Number(plain.slice(6, 8))
  const month = MONTHS.indexOf(plain[8]!)
  const written = Number(plain.slice(9, 11))
  const day = written > 40 ? written - 40 : written // women's days start at 41
  const last = month === 1 && year % 4 !== 0 ? 28 : MONTH_DAYS[month]!
  return day >= 1 && day <= last
}

function checkLetter(code: string): string {
  const sum = [...code.slice(0, 15)].reduce((total, character, index) => {
    const value = parseInt(character, 36)
    const rank = value < 10 ? value : value - 10
    return total + (index % 2 === 0 ? ODD_VALUES[rank]! : rank)
  }, 0)
  return LETTERS[sum % 26]!
}

function luhnValue(digit: number, index: number): number {
  if (index % 2 === 0) return digit
  return digit * 2 > 9 ? digit * 2 - 9 : digit * 2
}

/**
 * True for what has the form of a fiscal code, in capitals or not, or of a VAT number. Letters of control are not looked at, because
 * people read codes out with mistakes.
 */
export const hasFiscalForm = (text: string): boolean => /^([A-Z]{6}[0-9A-Z]{10}|\d{11})$/i.test(text)
