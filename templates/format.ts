import { formatDay, formatInstant, isDay } from '../domain/calendar.ts'
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

/** A day of an RT: it may carry an offset of hours, or be one no calendar knows; a receipt is printed all the same. */
export function dayText(day: string): string {
  const plain = day.slice(0, 10)
  return isDay(plain) ? formatDay(plain) : oneLine(day)
}

/** An instant of an RT, which without an offset is Rome's time; the schema allows years that no calendar knows. */
export function instantText(instant: string): string {
  return isDay(instant.slice(0, 10)) ? formatInstant(instant) : oneLine(instant)
}

export function receiptFileName(receipt: { domain: string; iuv: string }): string {
  return `MYPAY_RT_${receipt.domain}_${receipt.iuv}.pdf`
}

/** An operator among those with the same name: the end of the id. */
export const operatorCode = (id: string): string => id.slice(-8).toUpperCase()

/** Who did what an event tells: the name of that day, with the code of the operator. Null: no person did it. */
export function actorText({ by, byId }: Readonly<Record<string, unknown>>): string | null {
  if (typeof by !== 'string') return null
  return typeof byId === 'string' ? `${by} (${operatorCode(byId)})` : by
}

const joined = (parts: (string | undefined)[], by: string) =>
  parts.filter((part) => part !== undefined && part !== '').join(by)

/** 1234567 → "1.234.567". By hand, because Intl's grouping depends on the ICU data of the machine. */
export const wholeNumber = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, '.')

/** "12 KB", "3,4 MB"; at least one KB. */
export const fileSize = (bytes: number): string =>
  bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toFixed(1).replace('.', ',')} MB`
