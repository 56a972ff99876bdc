/** Fiscal identifiers of persons and bodies. Source: decree 23 December 1976, with the omocodia rules of 1977. */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Value of a character in an odd position (the first is odd), by letter; a digit has the value of its letter. IBANs use it too. */
export const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]
/** Letters that stand for a digit when two persons would have the same code: L is 0, V is 9. */
const OMOCODIA = 'LMNPQRSTUV'
const OMOCODIA_PLACES = [6, 7, 9, 10, 12, 13, 14]
const MONTHS = 'ABCDEHLMPRST'
/** February counts 29 here and is cut by the year: the code keeps two digits of it, enough to tell leap years. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const SHAPE = /^[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPR-T][0-9L-NP-V]{2}[A-ILMZ][0-9L-NP-V]{3}[A-Z]$/

/** Personal code of 16 characters, omocodia included; upper case only. Names and birth data are not compared. */
export function isCodiceFiscale(code: string): boolean {
  if (!SHAPE.test(code)) return false
  const plain = withoutOmocodia(code)
  return isBirthDay(plain) && plain.slice(12, 15) !== '000' && checkLetter(code) === code[15]
}

/** Numeric code of a body or firm: 11 digits with their check digit; all zeros, which would pass, is nobody's. */
export function isPartitaIva(code: string): boolean {
  if (!/^\d{11}$/.test(code) || code === '00000000000') return false
  const sum = [...code].reduce((total, digit, index) => total + luhnValue(Number(digit), index), 0)
  return sum % 10 === 0
}

/** Kind of person in messages and files: F a natural person, G a body. */
export type PersonKind = 'F' | 'G'

/** A person may have a numeric code too (firms of one, provisional codes); a body never has the personal one. */
export function isFiscalId(kind: PersonKind, code: string): boolean {
  return isPartitaIva(code) || (kind === 'F' && isCodiceFiscale(code))
}

/** As people type it: blanks and small letters are forgiven. */
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
