import { addDays, daysBetween, formatDay } from '../../domain/calendar.ts'
import { t } from '../../templates/language.ts'
import { day, oneOf, readFilters, type ReadFilters } from '../list/filters.ts'
import { withQuery } from '../list/pages.ts'
import type { Typed } from '../form/field-view.ts'

/** The periods that end today, by their number of days in the address. */
const ENDING_TODAY = ['1', '7', '30'] as const
const USUAL = '30'
/** A longer period would have more bars than a chart can show. */
const MOST_DAYS = 92

/** Days of Rome, both included. */
export interface Period {
  from: string
  to: string
  /** How many days up to today; null for days that a person chose. */
  days: (typeof ENDING_TODAY)[number] | null
}

export interface ReadPeriod extends Pick<ReadFilters<typeof FILTERS>, 'typed' | 'problems'> {
  period: Period
}

const FILTERS = { periodo: oneOf(ENDING_TODAY), dal: day, al: day }

/** The period of the address. Days that a person chose count more than a period that ends today. */
export function readPeriod(query: Typed, today: string): ReadPeriod {
  const { values, typed, problems } = readFilters(FILTERS, query, { t, spans: [['dal', 'al']] })
  const period = periodOf(values, today)
  const isReadable = Object.keys(problems).length === 0
  const isBackwards = isReadable && period.from > period.to
  const isTooLong = isReadable && daysBetween(period.from, period.to) >= MOST_DAYS
  const wrong = isBackwards
    ? { dal: t('figures.period.future') }
    : isTooLong
      ? { al: t('figures.period.tooLong', { days: MOST_DAYS }) }
      : {}
  const isSound = isReadable && !isBackwards && !isTooLong
  return {
    // Beside a problem the page shows the usual days.
    period: isSound ? period : periodOf({}, today),
    typed,
    problems: { ...problems, ...wrong },
  }
}

interface Given {
  periodo?: Period['days'] | undefined
  dal?: string | undefined
  al?: string | undefined
}

function periodOf({ periodo, dal, al }: Given, today: string): Period {
  if (dal === undefined && al === undefined) {
    const days = periodo ?? USUAL
    return { from: addDays(today, 1 - Number(days)), to: today, days }
  }
  const to = al ?? today
  return { from: dal ?? addDays(to, 1 - Number(USUAL)), to, days: null }
}

/** The period in words, as the headings of the chart continue. */
export const periodText = ({ from, to, days }: Period): string =>
  days === null
    ? t('figures.period.chosen', { from: formatDay(from), to: formatDay(to) })
    : t(`figures.period.last${days}`)

/** The links to the periods that end today. @param tipo the code of the type of the chart, which they keep; undefined for all */
export const periodLinks = (home: string, { period, tipo }: { period: Period; tipo: string | undefined }) =>
  ENDING_TODAY.map((days) => ({
    text: t(`figures.period.name${days}`),
    href: withQuery(home, {
      ...(days === USUAL ? {} : { periodo: days }),
      ...(tipo === undefined ? {} : { tipo }),
    }),
    isCurrent: days === period.days,
  }))
