import { DateTime } from 'luxon'
import { isDay, romeDateTime } from '../calendar.ts'
import { parseImporto, type Cents } from '../money.ts'
import { optionalText, textOf, type XmlTree } from './xml-tree.ts'

/*
 * Values in the types of the schemas. White space around numbers, dates, booleans and base64 does not belong to the
 * value (XML Schema part 2, §4.3.6, whiteSpace collapse). In texts (xsd:string) every blank counts, so read those with
 * `textOf`. Each reader throws a RangeError or IMPORTO_MALFORMED for a value it cannot read.
 */

const collapsed = (text: string): string => text.replace(/[ \t\r\n]+/g, ' ').trim()

/** An amount: a decimal with two places and any number of leading zeros. */
export const centsOf = (of: XmlTree, name: string): Cents => amount(textOf(of, name))

export function optionalCents(of: XmlTree, name: string): Cents | null {
  const text = optionalText(of, name)
  return text === null ? null : amount(text)
}

const amount = (text: string): Cents => parseImporto(collapsed(text).replace(/^0+(?=\d)/, ''))

/** `xsd:date` as a day. Its time zone, if there is one, is ignored, because it does not change which day is meant. */
export function dayOf(of: XmlTree, name: string): string {
  const day = collapsed(textOf(of, name)).replace(/(?:Z|[+-]\d\d:\d\d)$/, '')
  if (!isDay(day)) throw new RangeError(`not a day: ${name}`)
  return day
}

const HAS_ZONE = /(?:Z|[+-]\d\d:\d\d)$/

/**
 * `xsd:dateTime` as Rome wall-clock time to the second. With an offset it is an instant; without one it is already Rome
 * time.
 */
export const romeTimeOf = (of: XmlTree, name: string): string => romeTime(textOf(of, name), name)

/** The same of a text. */
export function romeTime(written: string, name = ''): string {
  const text = collapsed(written)
  const time = DateTime.fromISO(text, { zone: 'utc' })
  if (!time.isValid || time.year < 1 || time.year > 9999) throw new RangeError(`not an instant: ${name}`)
  return HAS_ZONE.test(text) ? romeDateTime(time.toISO()) : time.toFormat("yyyy-MM-dd'T'HH:mm:ss")
}

export const bytesOf = (of: XmlTree, name: string): Uint8Array =>
  Buffer.from(textOf(of, name).replace(/[ \t\r\n]/g, ''), 'base64')

/** `xsd:boolean`; false when absent. */
export const isTrue = (of: XmlTree, name: string): boolean =>
  ['true', '1'].includes(collapsed(optionalText(of, name) ?? ''))

/** The address of a page for the browser; null when it is absent or not an http(s) address. */
export function pageUrlOf(of: XmlTree, name: string): string | null {
  const text = collapsed(optionalText(of, name) ?? '')
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null
}
