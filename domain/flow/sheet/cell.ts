/**
 * A cell of a spreadsheet, as its reader found it.
 * - `typed`: text that a person typed or that the sheet keeps as text, character by character.
 * - `shown`: text of a CSV that a spreadsheet saved. It is what the cell showed, so a number in it may have lost digits.
 * - `number`: the text of a number as an XLSX stores it, "24.5" or "1.2E+16".
 * - `day`: a cell with the format of a date; 'YYYY-MM-DD' without zone.
 * - `error`: "#N/A" and the like.
 * - `empty_formula`: a formula whose value was never stored.
 */
export type SheetCell =
  | { kind: 'blank' }
  | { kind: 'typed' | 'shown' | 'number'; text: string }
  | { kind: 'day'; day: string }
  | { kind: 'flag'; value: boolean }
  | { kind: 'error'; text: string }
  | { kind: 'empty_formula' }

export const BLANK: SheetCell = { kind: 'blank' }

/** Why a cell cannot be converted without a guess; each has its remedy in the language files. */
export const SHEET_FAULTS = [
  'amount',
  'amountDecimals',
  'amountGroups',
  'day',
  'daySerial',
  'flag',
  'lostDigits',
  'lostZeros',
  'fraction',
  'becameDay',
  'becameFlag',
  'errorCell',
  'emptyFormula',
] as const
export type SheetFault = (typeof SHEET_FAULTS)[number]

/** A value in the form of the documented file, or why there is none. */
export type Converted = { ok: true; value: string } | { ok: false; fault: SheetFault }

export const read = (value: string): Converted => ({ ok: true, value })
export const unread = (fault: SheetFault): Converted => ({ ok: false, fault })
