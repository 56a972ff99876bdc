import { isCountableDay, romeDay } from '../calendar.ts'
import { centsOf } from './amount.ts'
import { isRevoked, wordOf } from './code.ts'

export { centsOf }

/** What a row lacks or has in a form that cannot be read. */
export type RowFault = 'iuv' | 'iur' | 'transferIndex' | 'importoCents' | 'code' | 'paidOn'

/** One payment as a reporting flow lists it. Source: docs/field/reporting.md#a-row. */
export interface ReportedRow {
  /** Its number in the flow, from 1. */
  position: number
  iuv: string
  /** The PSP's number of the payment. */
  iur: string
  /** Which transfer of the payment it is; null when the row has none. */
  transferIndex: number | null
  /** Never negative. Null when the text is no number of cents. */
  importoCents: number | null
  /** What stands in place of an amount; null when there is one. */
  amountText: string | null
  /** The word of pagoPA. An unknown one is kept as it came. */
  code: string
  /** Day of Rome. */
  paidOn: string | null
  faults: readonly RowFault[]
}

/** The fields of a row, by our names, as texts. */
type Texts = Record<'iuv' | 'iur' | 'transferIndex' | 'amount' | 'code' | 'paidOn', string | undefined>

/**
 * Reads a row of a JSON page. Whatever it is, it becomes a row, because one odd row must not lose the others.
 * @param position its place in the flow, for a row without a number of its own
 */
export function rowOfRest(row: unknown, position: number): ReportedRow {
  const at = fieldsOf(row)
  const texts = {
    iuv: at('iuv'),
    iur: at('iur'),
    transferIndex: at('idTransfer'),
    amount: at('pay'),
    code: at('payStatus'),
    paidOn: at('payDate'),
  }
  return rowOf(texts, integerOf(at('index'), MAX_POSITION) ?? position)
}

/**
 * Reads a payment of the XML form, whose codes are digits.
 * @param fields the texts of its elements by their names
 */
export function rowOfXml(fields: ReadonlyMap<string, string>, position: number): ReportedRow {
  const texts = {
    iuv: fields.get('identificativoUnivocoVersamento'),
    iur: fields.get('identificativoUnivocoRiscossione'),
    transferIndex: fields.get('indiceDatiSingoloPagamento'),
    amount: fields.get('singoloImportoPagato'),
    code: wordOf(plain(fields.get('codiceEsitoSingoloPagamento'))),
    paidOn: fields.get('dataEsitoSingoloPagamento'),
  }
  return rowOf(texts, position)
}

function rowOf(texts: Texts, position: number): ReportedRow {
  const code = plain(texts.code)
  const cents = absolute(centsOf(texts.amount ?? ''), code)
  const row = {
    position,
    iuv: plain(texts.iuv),
    iur: plain(texts.iur),
    transferIndex: integerOf(texts.transferIndex, MAX_INDEX),
    importoCents: cents ?? null,
    amountText: cents === undefined ? plain(texts.amount) : null,
    code,
    paidOn: dayOf(texts.paidOn),
  }
  return { ...row, faults: faultsOf(row, texts) }
}

function faultsOf(row: Omit<ReportedRow, 'faults'>, texts: Texts): RowFault[] {
  const isFaulty: Record<RowFault, boolean> = {
    iuv: !isId(row.iuv),
    iur: !isId(row.iur),
    transferIndex: row.transferIndex === null && texts.transferIndex !== undefined,
    importoCents: row.importoCents === null,
    code: row.code === '',
    paidOn: row.paidOn === null,
  }
  return FAULTS.filter((fault) => isFaulty[fault])
}

const FAULTS: readonly RowFault[] = ['iuv', 'iur', 'transferIndex', 'importoCents', 'code', 'paidOn']
const MAX_INDEX = 32_767
const MAX_POSITION = 2_147_483_647

const isId = (text: string): boolean => text.length >= 1 && text.length <= 35

/** The amount of a revoked payment may have a minus; any other with a minus is no amount. */
function absolute(cents: number | undefined, code: string): number | undefined {
  if (cents === undefined || cents >= 0) return cents
  return isRevoked(code) ? -cents : undefined
}

/** The scalar fields of an object as texts; none for anything else. */
function fieldsOf(row: unknown): (name: string) => string | undefined {
  const fields = new Map(Object.entries(typeof row === 'object' && row !== null ? row : {}))
  return (name) => {
    const value: unknown = fields.get(name)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }
}

/** Without blanks around it, and without the character that the database cannot store. */
const plain = (text: string | undefined): string => (text ?? '').trim().replaceAll('\0', '\u{fffd}')

/** A whole number from 1 to `max`; null for any other text. */
function integerOf(text: string | undefined, max: number): number | null {
  if (text === undefined || !/^\s*\d{1,10}\s*$/.test(text)) return null
  const number = Number(text)
  return number >= 1 && number <= max ? number : null
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** The day of a date, or the day in Rome of an instant. */
function dayOf(text: string | undefined): string | null {
  const day = text?.trim() ?? ''
  if (isCountableDay(day)) return day
  return INSTANT.test(day) && isCountableDay(day.slice(0, 10)) ? dayOfInstant(day) : null
}

const OF_AN_HOUR = /^(\d{4}-\d{2}-\d{2}T\d{2}):[0-5]\d(:[0-5]\d(\.\d+)?)?Z$/
const MOST_HOURS = 1_000
const daysOfHours = new Map<string, string | null>()

/**
 * The day in Rome of an instant. Rome is whole hours away from UTC, so all instants of an hour have one day; it is remembered, because a
 * flow has a hundred thousand instants of a few hours, and finding the day of each takes most of the time of reading it.
 */
function dayOfInstant(instant: string): string | null {
  const hour = OF_AN_HOUR.exec(instant)?.[1]
  if (hour === undefined) return safeRomeDay(instant)
  const known = daysOfHours.get(hour)
  if (known !== undefined) return known
  if (daysOfHours.size === MOST_HOURS) daysOfHours.clear()
  const day = safeRomeDay(instant)
  daysOfHours.set(hour, day)
  return day
}

function safeRomeDay(instant: string): string | null {
  try {
    const day = romeDay(instant)
    return isCountableDay(day) ? day : null
  } catch {
    return null
  }
}
