/** Kinds of file of a bank, the one that says most first. */
export const SOURCES = ['opi', 'camt', 'postal', 'csv'] as const
export type Source = (typeof SOURCES)[number]

/**
 * What a movement does. `credit` brings money, `storno` takes it back. `settled` says that a reversale has put it into the books, and
 * `released` takes that back: both move no money.
 */
export const ACTS = ['credit', 'storno', 'settled', 'released'] as const
export type Act = (typeof ACTS)[number]

/** Where a movement stands: its line, the page of a journal of several files, and its number in the file. From 1; 0 is the file itself. */
export interface Place {
  line: number
  page: number | null
  number: number
}

/** One line of a bank about money that comes in. Source: docs/field/treasury.md#a-movement. */
export interface Movement {
  source: Source
  place: Place
  act: Act
  /**
   * What makes it one piece of money within its ente: the movements of one bill have the same. It may hold the text of a transfer, and so
   * names of persons: keep a digest of it.
   */
  key: string
  /**
   * True when the key is made of what the movement says, because the bank gave no number. Then its ordinal among the equal ones of its file
   * belongs to the key.
   */
  isKeyedByContent: boolean
  /** Within what its numbers count: treasurer, number of the ente there and year. A storno and what it takes back have the same. */
  series: string
  /** IBAN, or the account of the treasurer. '' when the file has none. */
  account: string
  /** Year of the bill. Null without a bill. */
  year: number | null
  /** Number of the bill: the sospeso, or what the row of a CSV has; without zeros before it. Null: none. */
  number: string | null
  /** Number of the reversale that settles or releases; null where a sospeso says it by itself. */
  reversale: string | null
  /** Number of the bolletta, and of the one that a storno takes back; null when the file has 0 or nothing. */
  bolletta: string | null
  stornoOf: string | null
  /** Which sospesi a reversale settles. One that releases without naming any means all of its own. */
  sospesi: readonly Sospeso[]
  /** Never negative: `act` says which way the money goes. */
  cents: number
  /** Day of the accounts, and the day from which the money counts. Days of Rome. */
  bookedOn: string
  valueOn: string
  /** Reference of the bank (TRN, or that of camt.053), and of who sent the money. */
  trn: string | null
  endToEndId: string | null
  sender: string
  text: string
  /** When the bank made the file, wall clock of Rome to the second; null when the file does not say. The newest one holds. */
  madeAt: string | null
}

/** What a statement says that knows neither numbers of reversali nor storni of bills. */
export const WITHOUT_BOOKS = { reversale: null, bolletta: null, stornoOf: null, sospesi: [] } as const

export interface Sospeso {
  number: string
  cents: number | null
}

/**
 * What is wrong in a file that is loaded all the same; each has its remedy in the language files. A row with a fault is not loaded.
 * - `bad_quotes`, `not_text`, `too_long`, `columns`: the line as such.
 * - `missing`, `day`, `amount`, `negative`, `number`, `currency`: one field. `kind`: a word that is not in the list of the format.
 * - `unsigned`: nobody has signed the journal. It concerns the file, not a row.
 */
export const FAULTS = [
  'bad_quotes',
  'not_text',
  'too_long',
  'columns',
  'missing',
  'day',
  'amount',
  'negative',
  'number',
  'currency',
  'kind',
  'unsigned',
] as const
export type FaultCode = (typeof FAULTS)[number]

/** `field` is the name that the file has for it, '' for the line as such; `value` is what stands there, cut. */
export interface Fault {
  place: Place
  code: FaultCode
  field: string
  value: string
}

/** What a reader says, in the order of the file. A `passed` movement is none of ours: money that goes out, an advance, a pending entry. */
export type Item =
  | { kind: 'page'; page: Page }
  | { kind: 'movement'; movement: Movement }
  | { kind: 'fault'; fault: Fault }
  | { kind: 'passed'; place: Place }

/** Which part of a journal a file is; a journal in one file may leave it out. */
export interface Page {
  page: number | null
  pages: number | null
}

/**
 * Why a whole file is refused.
 * - `unreadable`: no XML, or broken in the line. `doctype`: it brings definitions of its own. `too_deep`, `too_long`: no bank writes so.
 * - `not_known`: XML of something else. `other_ente`: of another ente, or of none. `pages`: pages are missing, doubled or of two journals.
 * - `no_account`: a postal statement without an IBAN in its first line. `empty`: nothing but a header.
 */
export type Refusal =
  | { kind: 'unreadable'; line: number }
  | { kind: 'doctype' | 'encoding' | 'too_deep' | 'too_long' | 'not_known' | 'no_account' | 'empty' }
  | { kind: 'other_ente'; found: string }
  | { kind: 'pages'; missing: readonly number[]; doubled: readonly number[] }

export class FileRefusal extends Error {
  override readonly name = 'FileRefusal'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.kind)
    this.refusal = refusal
  }
}
