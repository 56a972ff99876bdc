import type { RegionReporting } from '../../db/figures/reporting-weeks.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { cellsOf, COUNT_NAMES, reportingWeeksView, shownWeeks } from '../page/reporting-weeks.ts'

/**
 * The section of the region's figures about reporting.
 * @param today day of Rome
 * @param most enti that the table shows
 */
export function regionReportingView(
  { weeks, enti, wasFetched }: RegionReporting,
  today: string,
  most: number,
) {
  const { from, to } = shownWeeks(today)
  return {
    empty: wasFetched ? null : t('figures.reporting.regionFirst'),
    weeks: reportingWeeksView(weeks, today, {}),
    enti: {
      columns: COUNT_NAMES.map((name) => t(`figures.reporting.${name}.name`)),
      rows: enti.slice(0, most).map(({ codIpa, enteName, ...sums }) => ({
        name: enteName,
        // What has no place yet, because that is what somebody has to ask the ente about.
        href: `/operatore/${codIpa}/riconciliazione?denaro=aperto&prodotto-dal=${from}&prodotto-al=${to}`,
        cells: cellsOf(sums),
      })),
      cut: enti.length > most ? t('figures.reporting.cut', { most: wholeNumber(most) }) : null,
    },
  }
}
