import type { GivenAddress } from '../domain/address.ts'
import { cents, formatEuro, grouped, wireImporto } from '../domain/money.ts'
import { formatDay, formatInstant, isDay } from '../domain/calendar.ts'

/** Formats that documents, mails and pages share. */

/** "Via Roma 24/A, 31050 Pieve Sant'Elmo (TV), IT". Missing parts leave no comma; a country alone is no address. */
export function addressLine(address: GivenAddress): string {
  const { indirizzo, civico, cap, localita, provincia, nazione } = address
  const place = joined([cap, localita, provincia && `(${provincia})`], ' ')
  const street = joined([indirizzo, civico], ' ')
  return street === '' && place === '' ? '' : joined([street, place, nazione], ', ')
}

/**
 * Replaces control characters, especially line ends, by blanks, so that a value stays on one line of a mail or its
 * header.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/**
 * Formats a day of an RT. It may have an offset or not exist in the calendar; then it is printed as it is, because a
 * receipt must always be printable.
 */
export function dayText(day: string): string {
  const plain = day.slice(0, 10)
  return isDay(plain) ? formatDay(plain) : oneLine(day)
}

/**
 * Formats an instant of an RT; without an offset it is Rome time. The schema allows years that calendars do not
 * support.
 */
export function instantText(instant: string): string {
  return isDay(instant.slice(0, 10)) ? formatInstant(instant) : oneLine(instant)
}

export function receiptFileName(receipt: { domain: string; iuv: string }): string {
  return `MYPAY_RT_${receipt.domain}_${receipt.iuv}.pdf`
}

/** The end of the id, which distinguishes operators with the same name. */
export const operatorCode = (id: string): string => id.slice(-8).toUpperCase()

/** The name at that time of the person who did what an event records, for pages of one ente; null when no person did it. */
export const actorName = ({ by }: Readonly<Record<string, unknown>>): string | null =>
  typeof by === 'string' ? by : null

/**
 * The person who did what an event records: the name at that time, with the operator's code. Null when no person did
 * it.
 */
export function actorText({ by, byId }: Readonly<Record<string, unknown>>): string | null {
  if (typeof by !== 'string') return null
  return typeof byId === 'string' ? `${by} (${operatorCode(byId)})` : by
}

const joined = (parts: (string | null | undefined)[], by: string) => parts.filter(Boolean).join(by)

/** Cents of a row as an amount: 2175 → "21,75 €". @throws when they are no whole number */
export const euro = (amount: number): string => formatEuro(cents(amount))

/** The same of a sum that may be below zero: −310 → "−3,10 €". */
export const signedEuro = (amount: number): string => (amount < 0 ? `−${euro(-amount)}` : euro(amount))

/** Cents as a person types them into a field: 123450 → "1234,50". */
export const typedEuro = (amount: number): string => wireImporto(cents(amount)).replace('.', ',')

/** 1234567 → "1.234.567". */
export const wholeNumber = (n: number): string => grouped(String(n))

/** "12 KB", "3,4 MB"; at least one KB. */
export const fileSize = (bytes: number): string =>
  bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toFixed(1).replace('.', ',')} MB`
