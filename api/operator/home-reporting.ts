import type { EnteReporting, ReportingWeek } from '../../db/figures/reporting-weeks.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { signedEuro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { reportingWeeksView, shownWeeks, weekName } from '../page/reporting-weeks.ts'

/**
 * The section of reporting on the first page of an ente.
 * @param home the address of that page
 * @param nextAt when the next fetch begins; null when nobody knows
 */
export function homeReporting(
  home: string,
  { weeks, proposals, wasFetched }: EnteReporting,
  { today, nextAt }: { today: string; nextAt: string | null },
) {
  return {
    empty: wasFetched ? null : firstFetch(nextAt),
    proposals:
      proposals === 0
        ? null
        : {
            href: `${home}/tesoreria/proposte`,
            text: t('treasury.proposals.waiting', { count: proposals, shown: wholeNumber(proposals) }),
          },
    weeks: reportingWeeksView(weeks, today, linksOf(home, shownWeeks(today))),
    types: {
      columns: TYPE_COLUMNS.map((name) => t(`figures.reporting.${name}.name`)),
      rows: typeRows(weeks),
    },
  }
}

const firstFetch = (nextAt: string | null): string =>
  nextAt === null ? t('figures.reporting.never') : t('figures.reporting.first', { at: formatInstant(nextAt) })

/** The lists that the numbers count. Days need no escaping in an address. */
const linksOf = (home: string, { from, to }: { from: string; to: string }) => ({
  collected: `${home}/dovuti?vista=archivio&pagati-dal=${from}&pagati-al=${to}`,
  reported: `${home}/rendicontazione?prodotto-dal=${from}&prodotto-al=${to}`,
  credited: `${home}/tesoreria/accrediti?dal=${from}&al=${to}`,
  open: `${home}/riconciliazione?denaro=aperto&prodotto-dal=${from}&prodotto-al=${to}`,
  untied: `${home}/tesoreria/accrediti?stato=open&dal=${from}&al=${to}`,
})

/** What is known by type of due: a credit has none. */
const TYPE_COLUMNS = ['collected', 'reported', 'open'] as const

/** What came in by week and type, without rows of nothing. */
const typeRows = (weeks: readonly ReportingWeek[]) =>
  weeks
    .filter((week) => TYPE_COLUMNS.some((name) => week[name] !== 0))
    .map((week) => ({
      week: weekName(week.week),
      type: week.dueType ?? t('figures.reporting.noType'),
      cells: TYPE_COLUMNS.map((name) => ({
        label: t(`figures.reporting.${name}.name`),
        text: signedEuro(week[name]),
      })),
    }))
