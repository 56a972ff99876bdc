import { read, unread, type Converted } from './cell.ts'

/** The form of amounts in files of dues. Source: docs/field/files.md#amounts. */
const DOCUMENTED = /^\d{1,10}(\.\d{1,2})?$/

/** Whole part without groups or in groups of three, and after a comma one or two digits: "1234,5", "1.234,50". */
const ITALIAN = /^(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?$/

/** One dot before three digits is 1234 in Italy and 1,234 elsewhere, so nobody may guess. */
const ONE_GROUP = /^\d{1,3}\.\d{3}$/

/** The sign of the euro, before or after, and blanks around it, as a cell with the format of a currency shows them. */
const EURO = /^\s*(?:€\s*)?(.*?)(?:\s*€)?\s*$/s

/** An amount as a person types it in a sheet: "24", "24,5", "24.50", "1.234,50 €". */
export function amountOfText(text: string): Converted {
  const bare = EURO.exec(text)![1]!
  if (DOCUMENTED.test(bare)) return read(bare)
  if (ONE_GROUP.test(bare)) return unread('amountGroups')
  const match = ITALIAN.exec(bare)
  if (!match) return unread(/^[\d.]+,\d{3,}$/.test(bare) ? 'amountDecimals' : 'amount')
  const whole = match[1]!.replaceAll('.', '')
  const value = match[2] === undefined ? whole : `${whole}.${match[2]}`
  return DOCUMENTED.test(value) ? read(value) : unread('amount')
}

/** Digits of a number that a spreadsheet keeps and shows; more of them are noise of its arithmetic. */
const KEPT_DIGITS = 15

/**
 * An amount that an XLSX stores as a number. A sheet writes 1.1 as "1.1000000000000001", so noise after the fifteenth digit is dropped, as
 * the sheet drops it on its screen. A third decimal is never dropped, though the screen may hide it.
 */
export function amountOfNumber(text: string): Converted {
  const exact = Number(text)
  if (!Number.isFinite(exact)) return unread('amount')
  const kept = Number(exact.toPrecision(KEPT_DIGITS))
  if (Number(kept.toFixed(2)) !== kept) return unread('amountDecimals')
  const value = String(kept)
  return DOCUMENTED.test(value) ? read(value) : unread('amount')
}
