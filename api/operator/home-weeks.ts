import type { EnteAccess } from '../../db/ente/operator.ts'
import type { ReportingFigures } from '../../db/figures/reporting.ts'
import { formatDay } from '../../domain/calendar.ts'
import { FETCH_JITTER_MINUTES, nextFetchHour } from '../../domain/reporting/fetch-hours.ts'
import { t } from '../../templates/language.ts'
import { withQuery } from '../list/pages.ts'
import { cellView, kindNames, TYPE_KINDS, weeksView, type ListOf } from '../page/weeks-view.ts'

/** The lists that the figures of weeks count. */
const listsOf =
  (home: string): ListOf =>
  (kind, { from, to }) => {
    const flows = withQuery(`${home}/rendicontazione`, { 'prodotto-dal': from, 'prodotto-al': to })
    const lists: Record<typeof kind, string> = {
      collected: withQuery(`${home}/dovuti`, { vista: 'archivio', 'pagati-dal': from, 'pagati-al': to }),
      reported: flows,
      // The list of flows says how many payments of each are not explained.
      open: flows,
      credited: withQuery(`${home}/tesoreria/accrediti`, { dal: from, al: to, stato: 'tied' }),
      uncredited: withQuery(`${home}/tesoreria/accrediti`, { dal: from, al: to }),
    }
    return lists[kind]
  }

/** The section of the first page of an ente about what pagoPA and the bank say came in. @param now ISO instant */
export function homeWeeks(access: EnteAccess, { weeks, types }: ReportingFigures, now: string) {
  const home = `/operatore/${access.codIpa}`
  const isReported = weeks.some(
    ({ reported, credited, uncredited }) => reported.items + credited.items + uncredited.items > 0,
  )
  return {
    ...weeksView(weeks, listsOf(home)),
    none: isReported ? null : firstFetch(access, now),
    types: {
      columns: kindNames(TYPE_KINDS),
      rows: types.map((type) => ({
        name: type.name ?? t('figures.weeks.noType'),
        cells: TYPE_KINDS.map((kind) => cellView(kind, type[kind], null)),
      })),
    },
  }
}

/** What the page says while no flow has come: when the next fetch begins, or what must come before. */
function firstFetch({ enteState }: EnteAccess, now: string): string {
  if (enteState === 'INSERITO') return t('figures.weeks.notYet')
  const { day, hour } = nextFetchHour(now)
  return t('figures.weeks.first', {
    day: formatDay(day),
    hour: String(hour),
    until: `${hour}:${FETCH_JITTER_MINUTES}`,
  })
}
