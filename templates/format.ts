import type { Person } from '../domain/person.ts'

/** Values that several documents, mails and pages print alike. */

const KINDS: Record<Person['tipo'], string> = { F: 'Persona fisica', G: 'Persona giuridica' }

export const personKind = (tipo: Person['tipo']): string => KINDS[tipo]

export interface Address {
  indirizzo?: string | undefined
  civico?: string | undefined
  cap?: string | undefined
  localita?: string | undefined
  provincia?: string | undefined
  nazione?: string | undefined
}

/** "Via Roma 24/A, 31050 Pieve Sant'Elmo (TV), IT"; parts that are missing leave no comma behind. */
export function addressLine(address: Address): string {
  const { indirizzo, civico, cap, localita, provincia, nazione } = address
  const place = joined([cap, localita, provincia && `(${provincia})`], ' ')
  return joined([joined([indirizzo, civico], ' '), place, nazione], ', ')
}

/** Control characters, line ends above all, become blanks: one value is one line of a mail or of its header. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

export function receiptFileName(receipt: { domain: string; iuv: string }): string {
  return `MYPAY_RT_${receipt.domain}_${receipt.iuv}.pdf`
}

const joined = (parts: (string | undefined)[], by: string) =>
  parts.filter((part) => part !== undefined && part !== '').join(by)
