import type { AnomalyTotals } from '../../db/anomaly/anomalies.ts'
import type { EnteAccess } from '../../db/ente/operator.ts'
import type { Days, Figures, PaidDay, Sum, TypeFigures, UnderWay } from '../../db/figures/ente.ts'
import { addDays, formatDay } from '../../domain/calendar.ts'
import type { TableColumns } from '../../templates/documents/table-csv.ts'
import type { SheetColumn } from '../../templates/documents/workbook.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { adminHref, sectionsOf } from '../access/operator-menu.ts'
import { periodText, type Period } from './home-period.ts'

type Kind = keyof Figures

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

const duesHref = (home: string, query: Record<string, string>): string => {
  const search = new URLSearchParams(query).toString()
  return search === '' ? `${home}/dovuti` : `${home}/dovuti?${search}`
}

/** What the page of figures is made of. */
export interface HomeFacts {
  types: readonly TypeFigures[]
  /** The days of the chart. */
  days: readonly PaidDay[]
  period: Period
  underWay: UnderWay
  /** Null for a reader who is no administrator of the ente. */
  anomalies: AnomalyTotals | null
}

const sumOf = (types: readonly TypeFigures[], kind: Kind): Sum => ({
  items: types.reduce((sum, type) => sum + type[kind].items, 0),
  cents: types.reduce((sum, type) => sum + type[kind].cents, 0),
})

/** The counts on top of the page, each with the list that it counts and the words of how it is worked out. */
export function countsView(access: EnteAccess, { types, period, underWay, anomalies }: HomeFacts) {
  const home = `/operatore/${access.codIpa}`
  const { today } = underWay
  const places = new Set(sectionsOf(access).map(({ name }) => name))
  const dues = TOP_KINDS.map((kind) => {
    const { items, cents: money } = sumOf(types, kind)
    return countView(kind, items, duesHref(home, LISTS[kind](today, period)), euro(money))
  })
  return [
    ...dues,
    ...(places.has('flows') ? [countView('flows', underWay.flows, `${home}/flussi`)] : []),
    countView('exports', underWay.exports, `${home}/esportazioni`),
    ...(anomalies === null
      ? []
      : [
          countView('anomalies', anomalies.count, `${home}/anomalie`, euro(anomalies.cents)),
          countView('operators', underWay.operators, `${adminHref(access)}/operatori`),
        ]),
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
export function typesView(access: EnteAccess, { types, period, underWay: { today } }: HomeFacts) {
  const kinds = kindsOf(period)
  const home = `/operatore/${access.codIpa}`
  const cell = (kind: Kind, { items, cents: money }: Sum, tipo?: string) => ({
    label: shortName(kind),
    isNothing: items === 0,
    number: wholeNumber(items),
    money: euro(money),
    href: duesHref(home, { ...LISTS[kind](today, period), ...(tipo === undefined ? {} : { tipo }) }),
  })
  return {
    columns: kinds.map(shortName),
    rows: types.map((type) => ({
      name: type.name,
      cells: kinds.map((kind) => cell(kind, type[kind], type.code)),
    })),
    all: kinds.map((kind) => cell(kind, sumOf(types, kind))),
  }
}

/** The chart and the table with its numbers; null when nothing was paid. */
export const chartView = ({ days, period, underWay: { today } }: HomeFacts) =>
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
        value: (type) => type[kind].items,
      },
      {
        title: t('figures.table.csvCents', { name }),
        kind: 'amount',
        width: 18,
        value: (type) => type[kind].cents,
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
