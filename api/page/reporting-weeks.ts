import { SHOWN_WEEKS, type ReportingSums, type ReportingWeek } from '../../db/figures/reporting-weeks.ts'
import { addDays, formatDay, startOfWeek } from '../../domain/calendar.ts'
import { signedEuro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'

const NOTHING: ReportingSums = {
  collected: 0,
  reportedItems: 0,
  reported: 0,
  openItems: 0,
  open: 0,
  credited: 0,
  untiedItems: 0,
  untied: 0,
}
const NAMES = Object.keys(NOTHING) as (keyof ReportingSums)[]

export const sumWeeks = (weeks: readonly ReportingSums[]): ReportingSums =>
  Object.fromEntries(
    NAMES.map((name) => [name, weeks.reduce((sum, week) => sum + week[name], 0)]),
  ) as unknown as ReportingSums

/** The first and the last day of the weeks on the page. @param today day of Rome */
export const shownWeeks = (today: string) => ({
  from: addDays(startOfWeek(today), -7 * (SHOWN_WEEKS - 1)),
  to: today,
})

/** "01/12 – 07/12". */
export const weekName = (monday: string): string =>
  `${formatDay(monday).slice(0, 5)} – ${formatDay(addDays(monday, 6)).slice(0, 5)}`

/** The numbers on top, in their order; where one counts things, how many they are. */
const COUNTS = [
  { name: 'collected', items: null },
  { name: 'reported', items: 'reportedItems' },
  { name: 'credited', items: null },
  { name: 'open', items: 'openItems' },
  { name: 'untied', items: 'untiedItems' },
] as const
export type ReportingCount = (typeof COUNTS)[number]['name']
export const COUNT_NAMES = COUNTS.map(({ name }) => name)

/**
 * The numbers of the last weeks, a chart, and the table with its numbers; null when nothing came in.
 * @param today day of Rome
 * @param links the list of each number
 */
export function reportingWeeksView(
  weeks: readonly ReportingWeek[],
  today: string,
  links: Readonly<Partial<Record<ReportingCount, string>>>,
) {
  if (weeks.length === 0) return null
  const all = sumWeeks(weeks)
  const { from } = shownWeeks(today)
  const byWeek = Array.from({ length: SHOWN_WEEKS }, (_, at) => addDays(from, 7 * at)).map((week) => ({
    week,
    ...sumWeeks(weeks.filter((one) => one.week === week)),
  }))
  return {
    counts: COUNTS.map(({ name, items }) => ({
      name: t(`figures.reporting.${name}.name`),
      how: t(`figures.reporting.${name}.how`),
      number: signedEuro(all[name]),
      items: items === null ? null : wholeNumber(all[items]),
      href: links[name] ?? null,
    })),
    drawn: byWeek.map(({ week, collected, reported, credited }) => ({
      name: formatDay(week).slice(0, 5),
      cents: [collected, reported, credited],
    })),
    columns: COUNTS.map(({ name }) => t(`figures.reporting.${name}.name`)),
    rows: byWeek.toReversed().map(({ week, ...sums }) => ({ name: weekName(week), cells: cellsOf(sums) })),
  }
}

export const cellsOf = (sums: ReportingSums) =>
  COUNTS.map(({ name }) => ({ label: t(`figures.reporting.${name}.name`), text: signedEuro(sums[name]) }))
