import { countDues, type DueFilter } from '../../db/due/search.ts'
import type { DueReader } from '../../db/due/dues.ts'
import type { SearchPart } from '../../domain/search-terms.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import { withQuery } from '../list/pages.ts'
import { countText, MOST_COUNTED, partsText, typedText, withoutEach, type Tip } from '../list/search-parts.ts'
import { TABS, textFilter, type FoundBy } from './dues-search.ts'
import type { View } from './dues-query.ts'

const OTHER: Record<View, View> = { online: 'archivio', archivio: 'online' }

interface Asked {
  href: string
  vista: View
  query: Record<string, string>
}

/**
 * What the page says when a search finds nothing: how the text was understood, and the searches near it that do find dues, with their
 * numbers: in the other tab, or without one part of the text.
 */
export async function noneView(
  db: AppDeps['db'],
  reader: DueReader,
  { href, vista, query }: Asked,
  foundBy: FoundBy,
): Promise<{ text: string; tips: Tip[] }> {
  const { parts } = foundBy
  const text = textOf(foundBy, { q: query['q'] ?? '', tab: t(`dues.list.${vista}`) })
  // Both tabs were searched.
  if (foundBy.filter.tab === undefined) return { text, tips: [] }
  const near = nearSearches(foundBy, { href, vista, query })
  const counts = await countDues(
    db,
    reader,
    near.map(({ filter }) => filter),
    MOST_COUNTED,
  )
  const tips = near.flatMap(({ tip }, n) => (counts[n]! > 0 ? [tip(countText(counts[n]!))] : []))
  const isLost = parts.length > 1 && tips.length === 0
  return { text: isLost ? `${text} ${t('staff.search.noneNear')}` : text, tips }
}

interface Near {
  filter: DueFilter
  tip: (count: string) => Tip
}

/** A state is left out of a search in the other tab, because that has other states. */
function nearSearches({ filter, parts }: FoundBy, { href, vista, query }: Asked): Near[] {
  const { stato: _, ...others } = query
  const inTab = (tab: View, given: DueFilter): DueFilter =>
    tab === vista ? given : { ...given, tab: TABS[tab], state: undefined }
  const queryIn = (tab: View) => ({ ...(tab === vista ? query : others), vista: tab })
  const tabs = [vista, OTHER[vista]]
  return [
    {
      filter: inTab(OTHER[vista], filter),
      tip: (count) => ({
        text: t('dues.none.otherTab', { tab: t(`dues.list.${OTHER[vista]}`), count }),
        href: withQuery(href, queryIn(OTHER[vista])),
      }),
    },
    ...withoutEach(parts).flatMap(({ left, others: rest }) =>
      tabs.map((tab) => ({
        filter: inTab(tab, textFilter(filter, rest)),
        tip: (count: string) => ({
          text: t('dues.none.without', { part: left.part.typed, tab: t(`dues.list.${tab}`), count }),
          href: withQuery(href, {
            ...queryIn(tab),
            q: boxText(
              rest.map(({ part }) => part),
              filter,
            ),
          }),
        }),
      })),
    ),
  ]
}

/** The text of the box with these parts, and with the words that the search leaves out. */
const boxText = (parts: readonly SearchPart[], { without = [] }: DueFilter): string =>
  [typedText(parts), ...without.map((word) => `-${word}`)].join(' ').trim()

const textOf = ({ box, parts }: FoundBy, where: { q: string; tab: string }): string =>
  box === 'text' && parts.length > 1
    ? t('dues.none.parts', { ...where, parts: partsText(parts.map(({ part }) => part)) })
    : t(`dues.none.${box ?? 'filters'}`, where)
