import { MOST_NAME, type SavedSearch } from '../../db/due/saved-searches.ts'
import { t } from '../../templates/language.ts'
import { fieldView, type Sent, type Typed } from '../form/field-view.ts'
import { readFilters } from '../list/filters.ts'
import { DUES_FILTERS, DUES_SPANS, queryText, searchIn } from './dues-query.ts'

/** A search that may be saved; nothing when a filter of it cannot be read. */
export function savableSearch(query: Typed): Record<string, string> {
  const { problems } = readFilters(DUES_FILTERS, query, { t, spans: DUES_SPANS })
  return Object.keys(problems).length > 0 ? {} : searchIn(query)
}

/** The saved searches as the list of dues shows them, and the form that saves the present search; null when there is none to save. */
export function savedView(
  {
    query: given,
    href,
    searches,
    isSearched,
  }: { query: Typed; href: string; searches: readonly SavedSearch[]; isSearched: boolean },
  { typed, problems }: Sent,
) {
  const query = queryText(savableSearch(given))
  const isWrong = Object.keys(problems).length > 0
  return {
    action: `${href}/ricerche`,
    isOpen: isWrong,
    // A search that cannot be saved has its reason beside the field.
    form:
      isWrong || (isSearched && query !== '')
        ? {
            query,
            name: fieldView(
              { id: 'nome', label: t('dues.saved.name'), maxLength: MOST_NAME },
              typed,
              problems,
            ),
          }
        : null,
    count: String(searches.length),
    searches: searches.map(({ id, name, query: saved }) => ({
      name,
      href: `${href}?${saved}`,
      deleteHref: `${href}/ricerche/${id}/elimina`,
    })),
  }
}
