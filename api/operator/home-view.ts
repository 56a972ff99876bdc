import type { EnteAccess } from '../../db/ente/operator.ts'
import type { Days, Figures, HomeFigures, PaidDay, Sum, TypeFigures } from '../../db/figures/ente.ts'
import { addDays, daysBetween, formatDay } from '../../domain/calendar.ts'
import { groupsBy } from '../../domain/table.ts'
import type { TableColumns } from '../../templates/documents/table-csv.ts'
import type { SheetColumn } from '../../templates/documents/workbook.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { adminHref, sectionsOf } from '../access/operator-menu.ts'
import { periodText, type Period } from './home-period.ts'

type Kind = keyof Figures | 'period'

/** The lists that figures count, by the query of the list of dues. */
const LISTS: Record<Kind, (today: string, period: Days) => Record<string, string>> = {
  today: (today) => paidBetween(today, today),
  week: (today) => paidBetween(addDays(today, -6), today),
  month: (today) => paidBetween(addDays(today, -29), today),
  period: (_, { from, to }) => paidBetween(from, to),
  open: () => ({}),
  expired: () => ({ stato: 'expired' }),
  paying: () => ({ stato: 'paying' }),
}
/** The figures on top of the page; the table has those of the days that a person chose too. */
const TOP_KINDS = ['today', 'week', 'month', 'open', 'expired', 'paying'] as const satisfies readonly Kind[]
const ALL_KINDS = Object.keys(LISTS) as Kind[]

const kindsOf = ({ days }: Period): readonly Kind[] => (days === null ? ALL_KINDS : TOP_KINDS)

/** The name of a column on the page, where the heading of the chart says which days were chosen. */
const shortName = (kind: Kind): string =>
  kind === 'period' ? t('figures.count.chosen') : t(`figures.count.${kind}.name`)

/** The same in a file, which has no heading. */
const kindName = (kind: Kind, period: Period): string =>
  kind === 'period'
    ? t('figures.count.period', { period: periodText(period) })
    : t(`figures.count.${kind}.name`)

const paidBetween = (from: string, to: string) => ({
  vista: 'archivio',
  'pagati-dal': from,
  'pagati-al': to,
})

/** The address of the list that a figure counts, by the code of a type; undefined for all types. */
function duesHrefs(home: string, query: Record<string, string>): (tipo?: string) => string {
  const search = new URLSearchParams(query).toString()
  return (tipo) => {
    const parts = [search, tipo === undefined ? '' : `tipo=${encodeURIComponent(tipo)}`].filter(
      (part) => part !== '',
    )
    return parts.length === 0 ? `${home}/dovuti` : `${home}/dovuti?${parts.join('&')}`
  }
}

/** What the page of figures is made of. */
export interface HomeFacts extends HomeFigures {
  /** The days of the chart. */
  days: readonly PaidDay[]
  period: Period
}

const summed = (parts: readonly Sum[]): Sum => ({
  items: parts.reduce((sum, { items }) => sum + items, 0),
  cents: parts.reduce((sum, { cents: money }) => sum + money, 0),
})

const figureOf = (type: TypeFigures, kind: Kind): Sum => (kind === 'period' ? summed(type.days) : type[kind])

const sumOf = (types: readonly TypeFigures[], kind: Kind): Sum =>
  summed(types.map((type) => figureOf(type, kind)))

/** What was paid on each day of a period for some types, days without payments too. */
export function paidDays(types: readonly TypeFigures[], { from, to }: Days): PaidDay[] {
  const paid = groupsBy(
    types.flatMap(({ days }) => days),
    ({ day }) => day,
  )
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => {
    const day = addDays(from, index)
    return { day, ...summed(paid.get(day) ?? []) }
  })
}

/** The counts on top of the page, each with the list that it counts and the words of how it is worked out. */
export function countsView(access: EnteAccess, facts: HomeFacts) {
  const home = `/operatore/${access.codIpa}`
  const { types, period, today, flows, exports, anomalies, operators } = facts
  const places = new Set(sectionsOf(access).map(({ name }) => name))
  const dues = TOP_KINDS.map((kind) => {
    const { items, cents: money } = sumOf(types, kind)
    return countView(kind, items, duesHrefs(home, LISTS[kind](today, period))(), euro(money))
  })
  return [
    ...dues,
    ...(places.has('flows') ? [countView('flows', flows, `${home}/flussi`)] : []),
    countView('exports', exports, `${home}/esportazioni`),
    ...(access.isAdmin
      ? [
          countView('anomalies', anomalies.count, `${home}/anomalie`, euro(anomalies.cents)),
          countView('operators', operators, `${adminHref(access)}/operatori`),
        ]
      : []),
  ]
}

const countView = (name: string, items: number, href: string, money: string | null = null) => ({
  name: t(`figures.count.${name}.name`),
  how: t(`figures.count.${name}.how`),
  number: wholeNumber(items),
  money,
  href,
})

/** The table below the chart: one row per type, and their sum. Each number leads to the dues that it counts. */
export function typesView(access: EnteAccess, { types, period, today }: HomeFacts) {
  const home = `/operatore/${access.codIpa}`
  const columns = kindsOf(period).map((kind) => {
    const label = shortName(kind)
    const hrefOf = duesHrefs(home, LISTS[kind](today, period))
    const cell = ({ items, cents: money }: Sum, tipo?: string) => ({
      label,
      isNothing: items === 0,
      number: wholeNumber(items),
      money: euro(money),
      href: hrefOf(tipo),
    })
    return { kind, label, cell }
  })
  return {
    columns: columns.map(({ label }) => label),
    rows: types.map((type) => ({
      name: type.name,
      cells: columns.map(({ kind, cell }) => cell(figureOf(type, kind), type.code)),
    })),
    all: columns.map(({ kind, cell }) => cell(sumOf(types, kind))),
  }
}

/** The chart and the table with its numbers; null when nothing was paid. */
export const chartView = ({ days, period, today }: HomeFacts) =>
  days.every(({ items, cents: money }) => items === 0 && money === 0)
    ? null
    : {
        drawn: { bars: days, today, period: periodText(period) },
        rows: days.toReversed().map(({ day, items, cents: money }) => ({
          day: formatDay(day),
          items: wholeNumber(items),
          cents: euro(money),
        })),
      }

/** The columns of the table in its files. */
export const typeColumns = (period: Period): TableColumns<TypeFigures> => [
  { title: t('figures.table.code'), kind: 'text', width: 24, value: ({ code }) => code },
  { title: t('figures.table.type'), kind: 'text', width: 36, value: ({ name }) => name },
  ...kindsOf(period).flatMap((kind): SheetColumn<TypeFigures>[] => {
    const name = kindName(kind, period)
    return [
      {
        title: t('figures.table.csvItems', { name }),
        kind: 'count',
        width: 16,
        value: (type) => figureOf(type, kind).items,
      },
      {
        title: t('figures.table.csvCents', { name }),
        kind: 'amount',
        width: 18,
        value: (type) => figureOf(type, kind).cents,
      },
    ]
  }),
]

/** What to do first in an ente that never had a due, as far as this person may do it. */
export function firstSteps(access: EnteAccess, types: readonly TypeFigures[]) {
  const home = `/operatore/${access.codIpa}`
  const admin = adminHref(access)
  const steps = [
    ...(admin === null
      ? []
      : [
          { name: 'types', href: admin },
          { name: 'operators', href: `${admin}/operatori` },
        ]),
    ...(types.length === 0
      ? []
      : [
          ...(access.adhesion.includes('flows') ? [{ name: 'flows', href: `${home}/flussi` }] : []),
          { name: 'due', href: `${home}/dovuti/nuovo` },
        ]),
  ]
  return steps.map(({ name, href }) => ({
    href,
    name: t(`figures.first.${name}.name`),
    text: t(`figures.first.${name}.text`),
  }))
}
