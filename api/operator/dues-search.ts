import { hasDueCode, type DueFilter, type DueTab } from '../../db/due/search.ts'
import type { DueReader } from '../../db/due/dues.ts'
import { leftOut } from '../../domain/left-out.ts'
import { searchedPerson } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { codesIn, dueFilter, textIn, type DuesSearch, type View } from './dues-query.ts'

/** What the text of the box is: a code that some due has, another text, or null when the box is blank. */
export type BoxKind = 'code' | 'text' | null

export interface FoundBy {
  filter: DueFilter
  box: BoxKind
}

const TABS: Record<View, DueTab> = { online: 'open', archivio: 'closed' }

/**
 * The filter of a search of this reader, without the words that the box leaves out. A text that is the code of a due as a whole leaves
 * nothing out, whatever it begins with.
 */
export async function readSearch(
  db: AppDeps['db'],
  reader: DueReader,
  search: DuesSearch,
  view: View,
): Promise<FoundBy> {
  const { text, without } = leftOut(search.q ?? '')
  const whole = await readBox(db, reader, search, view)
  if (without.length === 0 || whole.box === 'code') return whole
  const found = await readBox(db, reader, { ...search, q: text === '' ? undefined : text }, view)
  return { ...found, filter: { ...found.filter, without } }
}

/**
 * The filter of a search of this reader. A text of the box is a code when a due that the reader may see has it; then both tabs are
 * searched. Otherwise it is an amount or words, and the tab of the address is searched.
 */
async function readBox(
  db: AppDeps['db'],
  reader: DueReader,
  search: DuesSearch,
  view: View,
): Promise<FoundBy> {
  const { q } = search
  if (q === undefined) return { filter: dueFilter(search, TABS[view]), box: null }
  const codes = codesIn(q)
  return (await hasDueCode(db, reader, codes))
    ? { filter: { ...dueFilter(search, undefined), codes }, box: 'code' }
    : { filter: { ...dueFilter(search, TABS[view]), text: textIn(q) }, box: 'text' }
}

/**
 * The hash of the person whom a search is for, or undefined. Words of the box may be a name, so they count as one; a code in it counts only
 * if it is the fiscal code of a person.
 */
export function personIn(
  config: AppDeps['config'],
  { q = '', debitore = '', iuv = '', iud = '', causale = '', flusso = '' }: DuesSearch,
  { box, filter }: FoundBy,
): string | undefined {
  const isName = box === 'text' && filter.text?.words !== undefined && /\p{L}/u.test(q)
  return searchedPerson(config, {
    person: debitore === '' && isName ? leftOut(q).text : debitore,
    others: [q, filter.codes?.codice ?? '', iuv, iud, causale, flusso],
  })
}
