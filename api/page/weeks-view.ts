import { WEEKS, type CameIn, type CameInWithBank, type WeekFigures } from '../../db/figures/reporting.ts'
import type { Sum } from '../../db/figures/ente.ts'
import { addDays, formatDay } from '../../domain/calendar.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'

/** What the figures of reporting count, in the order of the pages. */
export const KINDS = ['collected', 'reported', 'open', 'credited', 'uncredited'] as const
export type CameInKind = (typeof KINDS)[number]
export const TYPE_KINDS = ['collected', 'reported', 'open'] as const satisfies readonly (keyof CameIn)[]

/** The address of the list that a figure counts, between two days; null where there is none. */
export type ListOf = (kind: CameInKind, days: { from: string; to: string }) => string | null

const kindName = (kind: CameInKind): string => t(`figures.weeks.${kind}.name`)

export const kindNames = (kinds: readonly CameInKind[]): string[] => kinds.map(kindName)

/** A cell of a table: how many, how much, and the list that it counts. */
export const cellView = (kind: CameInKind, { items, cents }: Sum, href: string | null) => ({
  label: kindName(kind),
  isNothing: items === 0,
  number: wholeNumber(items),
  money: euro(cents),
  href,
})

export const summed = (weeks: readonly CameInWithBank[]): CameInWithBank => {
  const of = (kind: CameInKind): Sum => ({
    items: weeks.reduce((sum, week) => sum + week[kind].items, 0),
    cents: weeks.reduce((sum, week) => sum + week[kind].cents, 0),
  })
  return {
    collected: of('collected'),
    reported: of('reported'),
    open: of('open'),
    credited: of('credited'),
    uncredited: of('uncredited'),
  }
}

/** The counts, the chart and the table of the last weeks. Each number leads to what it counts. */
export function weeksView(weeks: readonly WeekFigures[], listOf: ListOf) {
  const all = summed(weeks)
  const span = { from: weeks[0]!.week, to: addDays(weeks.at(-1)!.week, 6) }
  return {
    counts: KINDS.map((kind) => ({
      name: kindName(kind),
      how: t(`figures.weeks.${kind}.how`),
      number: wholeNumber(all[kind].items),
      money: euro(all[kind].cents),
      href: listOf(kind, span),
    })),
    drawn: weeks.map(({ week, collected, reported, credited }) => ({
      week,
      collected: collected.cents,
      reported: reported.cents,
      credited: credited.cents,
    })),
    columns: kindNames(KINDS),
    rows: weeks.toReversed().map((figures) => {
      const days = { from: figures.week, to: addDays(figures.week, 6) }
      return {
        week: t('figures.weeks.days', { from: formatDay(days.from).slice(0, 5), to: formatDay(days.to) }),
        cells: KINDS.map((kind) => cellView(kind, figures[kind], listOf(kind, days))),
      }
    }),
    heading: t('figures.weeks.heading', { weeks: WEEKS }),
  }
}
