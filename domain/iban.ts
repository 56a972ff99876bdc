import { electronicFormatIBAN, isValidIBAN } from 'ibantools'
import { ODD_VALUES } from './codice-fiscale.ts'

/** Countries whose IBAN the node accepts for a credit. Italy and San Marino share one layout of 27 characters. */
const COUNTRIES = ['IT', 'SM']

/** Checks check digits, CIN and layout; upper case, without blanks. */
export function isIban(iban: string): boolean {
  return COUNTRIES.includes(iban.slice(0, 2)) && isValidIBAN(iban) && cinOf(iban.slice(5)) === iban[4]
}

/**
 * The letter that checks ABI, CAB and account. The library checks only the digits of the whole IBAN. Source:
 * docs/field/identifiers.md#iban.
 */
function cinOf(account: string): string {
  const sum = [...account].reduce((total, character, at) => {
    const value = parseInt(character, 36)
    const plain = value < 10 ? value : value - 10
    return total + (at % 2 === 0 ? ODD_VALUES[plain]! : plain)
  }, 0)
  return String.fromCharCode('A'.charCodeAt(0) + (sum % 26))
}

/** Accepts what people type: removes blanks and dashes and makes letters upper case. */
export function normalizeIban(text: string): string {
  return electronicFormatIBAN(text) ?? ''
}
