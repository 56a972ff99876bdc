import type { ColumnHeader } from '../columns.ts'
import { read, unread, type Converted } from './cell.ts'

/** Codes of digits with their whole lengths. A shorter one of digits alone has lost its first zeros in the sheet. */
const WHOLE_LENGTHS: Partial<Record<ColumnHeader, readonly number[]>> = {
  codIuv: [15, 17],
  codiceIdentificativoUnivoco: [11],
  capPagatore: [5],
  codiceFiscaleEnteSecondario: [11],
  capEnteSecondario: [5],
}

const DIGITS = /^\d+$/

function hasLostZeros(header: ColumnHeader, text: string): boolean {
  const lengths = WHOLE_LENGTHS[header]
  if (!lengths || !DIGITS.test(text)) return false
  return !lengths.includes(text.length) && text.length < Math.max(...lengths)
}

/** The most digits that a number of a spreadsheet has; it replaces further ones by zeros. */
const KEPT_DIGITS = 15

/** A code or a text that an XLSX stores as a number. */
export function textOfNumber(header: ColumnHeader, text: string): Converted {
  const value = Number(text)
  if (!Number.isFinite(value)) return unread('lostDigits')
  if (/e/i.test(text) || Math.abs(value) >= 10 ** KEPT_DIGITS) return unread('lostDigits')
  if (!Number.isInteger(value)) return unread('fraction')
  return hasLostZeros(header, String(value)) ? unread('lostZeros') : read(String(value))
}

/** "1,23457E+16" and "1.2E+16", as a narrow cell shows a long number. */
const EXPONENT = /^-?\d(?:[.,]\d+)?E[+-]?\d{1,3}$/i

/** A number of more than fifteen digits whose further digits are zeros. */
const ROUNDED = new RegExp(`^\\d{${KEPT_DIGITS}}0+$`)

const MONTHS = 'gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic'
/** "03-mag" and "mag-26", as a spreadsheet shows what it took for a date. */
const SHOWN_DAY = new RegExp(`^(?:\\d{1,2}-(?:${MONTHS})(?:-\\d{2,4})?|(?:${MONTHS})-\\d{2})$`, 'i')

/** Columns in which a spreadsheet may have changed what was typed, because it looks like a number or a day there. */
const CHANGEABLE: ReadonlySet<ColumnHeader> = new Set([
  'IUD',
  'codIuv',
  'codiceIdentificativoUnivoco',
  'civicoPagatore',
  'capPagatore',
  'codiceFiscaleEnteSecondario',
  'civicoEnteSecondario',
  'capEnteSecondario',
])

/** A code or a text of a CSV that a spreadsheet saved: it has what the cell showed. */
export function textOfShown(header: ColumnHeader, text: string): Converted {
  if (!CHANGEABLE.has(header)) return read(text)
  if (EXPONENT.test(text) || ROUNDED.test(text)) return unread('lostDigits')
  if (SHOWN_DAY.test(text)) return unread('becameDay')
  return hasLostZeros(header, text) ? unread('lostZeros') : read(text)
}
