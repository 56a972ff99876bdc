import type { RegionReporting } from '../../db/figures/reporting.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { cellView, KINDS, weeksView } from '../page/weeks-view.ts'

/** The section of the region's figures about what pagoPA and the banks say came in. @param most enti that the table shows */
export function regionWeeks({ weeks, enti }: RegionReporting, most: number) {
  const isReported = weeks.some(
    ({ reported, credited, uncredited }) => reported.items + credited.items + uncredited.items > 0,
  )
  return {
    // No list has the payments of all enti.
    ...weeksView(weeks, () => null),
    none: isReported ? null : t('figures.weeks.regionNone'),
    enti: enti.slice(0, most).map((ente) => ({
      name: ente.enteName,
      href: `/operatore/${ente.codIpa}/rendicontazione`,
      cells: KINDS.map((kind) => cellView(kind, ente[kind], null)),
    })),
    cut: enti.length > most ? t('figures.weeks.cut', { most: wholeNumber(most) }) : null,
  }
}
