import { breakdownOf, type Breakdown, type Part } from '../../db/bulk/breakdown.ts'
import { dueTypesOf, type DueReader, type DueRow } from '../../db/due/dues.ts'
import { searchDues, type DueFilter, type DueOrder } from '../../db/due/search.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { dueChip } from '../../templates/due-words.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import { readFilters } from '../list/filters.ts'
import { chipsOf } from '../list/list-page.ts'
import { withoutPlace, withQuery } from '../list/pages.ts'
import type { Selection } from './bulk-select.ts'
import { boxParts, dueFields, DUES_FILTERS, DUES_SPANS, topFields, viewOf } from './dues-query.ts'

/** The first dues of a whole result; chosen ones are all shown, which are those of one page of the list. */
const FIRST = 5
const CHOSEN = 25
/** The greatest parts; the others are told together. */
const TOP = 5

/** What a selection is, for people who are about to do something to it. */
export interface What {
  words: { label: string; value: string }[]
  breakdown: Breakdown
  first: DueRow[]
}

export async function whatIs(
  db: AppDeps['db'],
  reader: DueReader,
  { kind, ids, query }: Selection,
  { filter, order }: { filter: DueFilter; order: DueOrder },
): Promise<What> {
  const turn = { place: undefined, isBack: false, limit: ids ? CHOSEN : FIRST }
  const [types, breakdown, first] = await Promise.all([
    dueTypesOf(db, reader),
    breakdownOf(db, reader, { kind, filter }),
    searchDues(db, reader, filter, { order, turn }),
  ])
  return { words: ids ? [] : wordsOf(query, types), breakdown, first }
}

/** The search in the words of its fields. */
const wordsOf = (query: Selection['query'], types: Awaited<ReturnType<typeof dueTypesOf>>) =>
  chipsOf(
    {
      t,
      href: '',
      query,
      top: topFields(),
      fields: dueFields(viewOf(query), types),
      settings: ['ordine'],
      split: { q: boxParts },
    },
    readFilters(DUES_FILTERS, query, { t, spans: DUES_SPANS }),
  ).map(({ label, value }) => ({ label, value }))

/** The values with which a page says what a selection is. */
export function whatView(
  { words, breakdown, first }: What,
  { ids, query }: Selection,
  { href, count, tab }: { href: string; count: number; tab: DueFilter['tab'] },
) {
  const where = t(`bulk.what.in.${tab ?? 'both'}`)
  return {
    where: ids ? t('bulk.what.chosen', { count: ids.length }) : where,
    everything: !ids && words.length === 0 ? t(`bulk.what.everything.${tab ?? 'both'}`) : null,
    words,
    parts: [
      { title: t('bulk.what.types'), rows: partsView(breakdown.types) },
      { title: t('bulk.what.flows'), rows: partsView(breakdown.flows) },
    ].filter(({ rows }) => rows.length > 0),
    firstTitle: t(ids ? 'bulk.what.these' : 'bulk.what.first', { count: first.length }),
    first: first.map((row) => ({
      href: `${href}/${row.id}`,
      causale: row.causale,
      anagrafica: row.anagrafica,
      state: dueChip(row),
      importo: euro(row.importoCents),
    })),
    list: ids
      ? null
      : {
          href: withQuery(href, withoutPlace(query)),
          text: t('bulk.what.list', { shown: wholeNumber(count) }),
        },
  }
}

function partsView(parts: readonly Part[]): string[] {
  const others = parts.slice(TOP)
  const rest: Part = {
    name: t('bulk.what.others', { count: others.length }),
    count: others.reduce((sum, { count }) => sum + count, 0),
    cents: others.reduce((sum, { cents }) => sum + cents, 0),
  }
  return [...parts.slice(0, TOP), ...(others.length > 0 ? [rest] : [])].map(({ name, count, cents }) =>
    t('bulk.what.part', {
      name: name ?? t('bulk.what.noFlow'),
      count,
      shown: wholeNumber(count),
      importo: euro(cents),
    }),
  )
}
