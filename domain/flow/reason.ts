import type { ColumnHeader } from './columns.ts'
import type { SheetFault } from './sheet/cell.ts'

/**
 * Why a row of a file is rejected, by names. The codes and texts of the old platform are made only where they leave the platform
 * (domain/wire/flow-reject.ts).
 */
export type Reason = FormReason | { kind: 'value'; error: ValueError } | StateReason | SheetReason

/** A cell of a spreadsheet that was not converted, with what it showed. */
export interface SheetReason {
  kind: 'sheet'
  fault: SheetFault
  header: ColumnHeader
  value: string
}

/** The form of the line or of one of its fields is wrong. */
export type FormReason =
  | { kind: 'form'; fault: LineFault }
  /** `value` is there for an amount, because the text quotes it. */
  | { kind: 'form'; fault: FieldFault; header: ColumnHeader; value?: string }

export type StateReason =
  | { kind: 'state'; error: StateError; first?: FirstRow }
  /** The due that a row changes or cancels does not exist. */
  | { kind: 'state'; error: 'notFound'; iud: string; codIpa: string }

/** The earlier row of the file that has the IUD of a row. `isSame`: both have the same payer, amount, type, reason and day. */
export interface FirstRow {
  row: number
  cents: number
  isSame: boolean
}

export type LineFault =
  /** Bad quotes, too few columns, or too long. */
  | 'unreadable'
  /** Not UTF-8, or with a NUL. */
  | 'notUtf8'
  | 'tooManyColumns'

/** `unseen`: the text contains characters that nobody sees. */
export type FieldFault = 'missing' | 'tooLong' | 'day' | 'flag' | 'amount' | 'unseen'

/** Errors of values, in the order in which a row is checked. Source: docs/field/files.md#stage-c. */
export const VALUE_ERRORS = [
  'iud',
  'iuv',
  'dueTypeUnknown',
  'stampDuty',
  'codiceFiscale',
  'partitaIva',
  'kindOfPerson',
  'indirizzo',
  'civico',
  'nazione',
  'provincia',
  'cap',
  'email',
  'dueOnMissing',
  'importoZero',
  'importoTooBig',
  'commissione',
  'tipoVersamento',
  'datiSpecifici',
  'bilancio',
  'secondaryCodiceFiscale',
  'secondaryIban',
  'secondaryIndirizzo',
  'secondaryCivico',
  'secondaryNazione',
  'secondaryProvincia',
  'secondaryCap',
  'secondaryDatiSpecifici',
  'secondaryImporto',
] as const
export type ValueError = (typeof VALUE_ERRORS)[number]

/**
 * Errors that depend on the state of the dues; only the first one of a row is reported. Source:
 * docs/field/files.md#stage-b, docs/field/files.md#stage-d.
 */
export const STATE_ERRORS = [
  'iudTwiceInFlow',
  'azione',
  'notAllowed',
  'dueOnRequired',
  'dueOnPast',
  'iudTaken',
  'iuvTaken',
  'notPayable',
  'dueTypeChanged',
  'iuvChanged',
  'iuvDropped',
] as const
export type StateError = (typeof STATE_ERRORS)[number]
