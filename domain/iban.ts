import { electronicFormatIBAN, extractIBAN, isValidIBAN } from 'ibantools'

/** Countries whose IBAN the nodo accepts for a credit: Italy and San Marino share one layout of 27 characters. */
const COUNTRIES = ['IT', 'SM']
/** ABI of Poste Italiane: such an account also has a postal account number. */
const POSTE_ABI = '07601'

/** Check digits, CIN and layout; upper case, without blanks. */
export function isIban(iban: string): boolean {
  return COUNTRIES.includes(iban.slice(0, 2)) && isValidIBAN(iban)
}

/** As people type it: blanks, dashes and small letters are forgiven. */
export function normalizeIban(text: string): string {
  return electronicFormatIBAN(text) ?? ''
}

export function isPostalIban(iban: string): boolean {
  return isIban(iban) && extractIBAN(iban).bankIdentifier === POSTE_ABI
}

/** The 12-digit account printed on postal forms; `undefined` for an account at a bank. */
export function contoCorrentePostale(iban: string): string | undefined {
  return isPostalIban(iban) ? iban.slice(-12) : undefined
}
