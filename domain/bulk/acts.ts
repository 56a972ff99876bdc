import type { NoticeDrop } from '../notice/mail.ts'
import { isPlainText } from '../text.ts'

/** The acts on many dues at once. The tables of this name in db/bulk and activities/bulk-act have one entry for each of them. */
export const BULK_KINDS = ['cancel', 'print', 'send', 'export'] as const
export type BulkKind = (typeof BULK_KINDS)[number]

/** Why an act leaves a due as it is. */
export type LeftReason =
  | NoticeDrop
  /** The person who asked may not use its type any more, or does not work there any more. */
  | 'grant'
  /** It has no number that a notice could carry. */
  | 'no_number'
  | 'type_off'
  | 'too_much'
  /** A notice by mail left today, or is about to. */
  | 'today'

interface BulkRule {
  /** The most dues of one act. More need several acts, each of them with a narrower search. */
  most: number
  /** True when nothing brings the dues back to what they were. */
  isFinal: boolean
  /** True when it makes a file. */
  hasFile: boolean
  /** The dues that are done in one transaction. */
  chunk: number
  /** Above this number of dues, who asks for the act types their number. Infinity: never. */
  typedAbove: number
}

/**
 * Whoever cancels more dues than this types their number. It is small because a cancelled due is never payable again: ten can be read one by
 * one on the page that asks, more cannot.
 */
const CANCEL_TYPED_ABOVE = 10

export const BULK_ACTS: Record<BulkKind, BulkRule> = {
  cancel: { most: 100_000, isFinal: true, hasFile: false, chunk: 100, typedAbove: CANCEL_TYPED_ABOVE },
  // A notice takes about 30 ms of a processor, so 5,000 take some minutes.
  print: { most: 5_000, isFinal: false, hasFile: true, chunk: 20, typedAbove: Infinity },
  // Mails leave one after the other at the pace of the installation, for hours when they are many.
  send: { most: 10_000, isFinal: true, hasFile: false, chunk: 100, typedAbove: 100 },
  export: { most: 100_000, isFinal: false, hasFile: true, chunk: 2_000, typedAbove: Infinity },
}

/** True when so many dues are more than somebody reads one by one before an act that cannot be undone. */
export const mustTypeNumber = (kind: BulkKind, dues: number): boolean => dues > BULK_ACTS[kind].typedAbove

/** Who cancels more than one due says why. Of one due it is said if there is something to say. */
export const mustSayWhy = (kind: BulkKind, dues: number): boolean => kind === 'cancel' && dues > 1

/** The longest reason, in characters. The database has both limits too. */
export const MOST_WHY = 200
const LEAST_WHY = 3

export type WhyFault = 'missing' | 'short' | 'long' | 'unseen'

/** Reads the reason for a cancellation as a person typed it. A blank one that is not required is null. */
export function readWhy(text: string, isRequired: boolean): { why: string | null } | { fault: WhyFault } {
  const { length } = [...text]
  if (length === 0) return isRequired ? { fault: 'missing' } : { why: null }
  if (!isPlainText(text)) return { fault: 'unseen' }
  if (length < LEAST_WHY) return { fault: 'short' }
  return length > MOST_WHY ? { fault: 'long' } : { why: text }
}

/** The whole number that a person typed, with or without dots or blanks between thousands; undefined for any other text. */
export function typedNumber(text: string): number | undefined {
  const digits = text.trim().replace(/(?<=\d)[. \u00a0](?=\d{3}(\D|$))/g, '')
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
}

/** What a person saw who confirms an act: the dues that it would do, and their sum. */
export interface Seen {
  count: number
  cents: number
}

/** The same dues when the act begins. `newer` are those that were made after the person looked. */
export interface FoundNow extends Seen {
  newer: number
}

/**
 * True when a selection holds more than the person saw who confirms it. Fewer dues are no surprise: those that were paid meanwhile are left
 * out anyway.
 */
export const hasGrown = (seen: Seen, now: FoundNow): boolean =>
  now.newer > 0 || now.count > seen.count || now.cents > seen.cents
