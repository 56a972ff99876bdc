import { DateTime } from 'luxon'
import { isDay, romeDateTime } from '../calendar.ts'
import { parseImporto, type Cents } from '../money.ts'
import { optionalText, textOf, type XmlTree } from './xml-tree.ts'

/*
 * Values as the schemas read them. White space around numbers, dates, booleans and base64 is no part of them
 * (XML Schema part 2, §4.3.6, whiteSpace collapse); in texts (xsd:string) every blank counts, so those are read with
 * `textOf`. Each reader throws a RangeError or IMPORTO_MALFORMED for what it does not understand.
 */

const collapsed = (text: string): string => text.replace(/[ \t\r\n]+/g, ' ').trim()

/** An amount of the schemas: decimal with two places, any number of leading zeros. */
export const centsOf = (of: XmlTree, name: string): Cents => amount(textOf(of, name))

export function optionalCents(of: XmlTree, name: string): Cents | null {
  const text = optionalText(of, name)
  return text === null ? null : amount(text)
}

const amount = (text: string): Cents => parseImporto(collapsed(text).replace(/^0+(?=\d)/, ''))

/** `xsd:date` as a day; its time zone, when there is one, says where the day was, not which day it was. */
export function dayOf(of: XmlTree, name: string): string {
  const day = collapsed(textOf(of, name)).replace(/(?:Z|[+-]\d\d:\d\d)$/, '')
  if (!isDay(day)) throw new RangeError(`not a day: ${name}`)
  return day
}

const HAS_ZONE = /(?:Z|[+-]\d\d:\d\d)$/

/** `xsd:dateTime` as a Rome wall-clock time to the second: with an offset it is an instant, without it is Rome's already. */
export function romeTimeOf(of: XmlTree, name: string): string {
  const text = collapsed(textOf(of, name))
  const time = DateTime.fromISO(text, { zone: 'utc' })
  if (!time.isValid || time.year < 1 || time.year > 9999) throw new RangeError(`not an instant: ${name}`)
  return HAS_ZONE.test(text) ? romeDateTime(time.toISO()) : time.toFormat("yyyy-MM-dd'T'HH:mm:ss")
}

export const bytesOf = (of: XmlTree, name: string): Uint8Array =>
  Buffer.from(textOf(of, name).replace(/[ \t\r\n]/g, ''), 'base64')

/** `xsd:boolean`; absent is false. */
export const isTrue = (of: XmlTree, name: string): boolean =>
  ['true', '1'].includes(collapsed(optionalText(of, name) ?? ''))

/** The address of a page to send a browser to; null when absent, or when it is none. */
export function pageUrlOf(of: XmlTree, name: string): string | null {
  const text = collapsed(optionalText(of, name) ?? '')
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null
}
