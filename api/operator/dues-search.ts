import { hasDueCode, type DueCodes, type DueFilter, type DueTab } from '../../db/due/search.ts'
import type { DueReader } from '../../db/due/dues.ts'
import { romeDay } from '../../domain/calendar.ts'
import { leftOut } from '../../domain/left-out.ts'
import { personIn as personOf, readTerms, type SearchPart } from '../../domain/search-terms.ts'
import { searchedPerson } from '../access/trace.ts'
import { now, type AppDeps } from '../deps.ts'
import { codesIn, dueFilter, type DuesSearch, type View } from './dues-query.ts'

/** What the text of the box is: a code that some due has, another text, or null when the box is blank. */
export type BoxKind = 'code' | 'text' | null

export interface FoundBy {
  filter: DueFilter
  box: BoxKind
  /** The text of the box in parts, with the codes of a part that some due has; empty unless the box is a text. */
  parts: readonly BoxPart[]
}

export interface BoxPart {
  part: SearchPart
  codes: DueCodes | undefined
}

export const TABS: Record<View, DueTab> = { online: 'open', archivio: 'closed' }

/**
 * The filter of a search of this reader, without the words that the box leaves out. A text that is the code of a due as a whole leaves
 * nothing out, whatever it begins with.
 */
export async function readSearch(
  deps: Pick<AppDeps, 'db' | 'config'>,
  reader: DueReader,
  search: DuesSearch,
  view: View,
): Promise<FoundBy> {
  const { text, without } = leftOut(search.q ?? '')
  const whole = await readBox(deps, reader, search, view)
  if (without.length === 0 || whole.box === 'code') return whole
  const found = await readBox(deps, reader, { ...search, q: text === '' ? undefined : text }, view)
  return { ...found, filter: { ...found.filter, without } }
}

/**
 * The filter of a search of this reader. A text of the box is a code when a due that the reader may see has it; then both tabs are
 * searched. Otherwise all its parts must fit (domain/search-terms.ts), and the tab of the address is searched.
 */
async function readBox(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  reader: DueReader,
  search: DuesSearch,
  view: View,
): Promise<FoundBy> {
  const { q } = search
  if (q === undefined) return { filter: dueFilter(search, TABS[view]), box: null, parts: [] }
  const codes = codesIn(q)
  if (await hasDueCode(db, reader, codes))
    return { filter: { ...dueFilter(search, undefined), codes }, box: 'code', parts: [] }
  const read = readTerms(q, romeDay(now(config)))
  const code = read.length > 1 ? read.find(({ kind }) => kind === 'code') : undefined
  const ofCode = code && codesIn(code.typed)
  const known = ofCode && (await hasDueCode(db, reader, ofCode)) ? ofCode : undefined
  const parts = read.map((part) => ({ part, codes: part === code ? known : undefined }))
  return { filter: textFilter(dueFilter(search, TABS[view]), parts), box: 'text', parts }
}

/** A filter with the parts of a text. */
export const textFilter = (filter: DueFilter, parts: readonly BoxPart[]): DueFilter => ({
  ...filter,
  codes: parts.find(({ codes }) => codes)?.codes,
  text: parts.flatMap(({ part, codes }) => (codes ? [] : [part])),
})

/**
 * The hash of the person whom a search is for, or undefined. Words of the box may be a name, so they count as one; a code in it counts only
 * if it is the fiscal code of a person.
 */
export function personIn(
  config: AppDeps['config'],
  { q = '', debitore = '', iuv = '', iud = '', causale = '', flusso = '' }: DuesSearch,
  { parts, filter }: FoundBy,
): string | undefined {
  return searchedPerson(config, {
    person: debitore === '' ? (personOf(parts.map(({ part }) => part)) ?? '') : debitore,
    others: [q, filter.codes?.codice ?? '', iuv, iud, causale, flusso],
  })
}
