import { euro } from '../../templates/format.ts'
import type { AnomalyTotals } from '../../db/anomaly/anomalies.ts'
import type { EnteAccess } from '../../db/ente/operator.ts'
import type { Figures, PaidDay, Sum, TypeFigures, UnderWay } from '../../db/figures/ente.ts'
import { addDays, formatDay } from '../../domain/calendar.ts'
import { cents, wireImporto } from '../../domain/money.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { adminHref, sectionsOf } from '../access/operator-menu.ts'

type Kind = keyof Figures

/** The lists that figures count, by the query of the list of dues. `today` is the last day of the chart. */
const LISTS: Record<Kind, (today: string) => Record<string, string>> = {
  today: (today) => paidBetween(today, today),
  week: (today) => paidBetween(addDays(today, -6), today),
  month: (today) => paidBetween(addDays(today, -29), today),
  open: () => ({}),
  expired: () => ({ stato: 'expired' }),
  paying: () => ({ stato: 'paying' }),
}
const KINDS = Object.keys(LISTS) as Kind[]

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
  /** The days of the chart, today last. */
  days: readonly PaidDay[]
  underWay: UnderWay
  /** Null for a reader who is no administrator of the ente. */
  anomalies: AnomalyTotals | null
}

const sumOf = (types: readonly TypeFigures[], kind: Kind): Sum => ({
  items: types.reduce((sum, type) => sum + type[kind].items, 0),
  cents: types.reduce((sum, type) => sum + type[kind].cents, 0),
})

/** The counts on top of the page, each with the list that it counts and the words of how it is worked out. */
export function countsView(access: EnteAccess, { types, days, underWay, anomalies }: HomeFacts) {
  const home = `/operatore/${access.codIpa}`
  const today = days.at(-1)!.day
  const places = new Set(sectionsOf(access).map(({ name }) => name))
  const dues = KINDS.map((kind) => {
    const { items, cents: money } = sumOf(types, kind)
    return countView(kind, items, duesHref(home, LISTS[kind](today)), euro(money))
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
export function typesView(access: EnteAccess, { types, days }: HomeFacts) {
  const home = `/operatore/${access.codIpa}`
  const today = days.at(-1)!.day
  const cell = (kind: Kind, { items, cents: money }: Sum, tipo?: string) => ({
    label: t(`figures.count.${kind}.name`),
    isNothing: items === 0,
    number: wholeNumber(items),
    money: euro(money),
    href: duesHref(home, { ...LISTS[kind](today), ...(tipo === undefined ? {} : { tipo }) }),
  })
  return {
    columns: KINDS.map((kind) => t(`figures.count.${kind}.name`)),
    rows: types.map((type) => ({
      name: type.name,
      cells: KINDS.map((kind) => cell(kind, type[kind], type.code)),
    })),
    all: KINDS.map((kind) => cell(kind, sumOf(types, kind))),
  }
}

/** The chart and the table with its numbers; null when nothing was paid. */
export const chartView = (days: readonly PaidDay[]) =>
  days.every(({ items, cents: money }) => items === 0 && money === 0)
    ? null
    : {
        bars: days,
        rows: days.toReversed().map(({ day, items, cents: money }) => ({
          day: formatDay(day),
          items: wholeNumber(items),
          cents: euro(money),
        })),
      }

/** The header line and the rows of the table as CSV. */
export function typesCsv(types: readonly TypeFigures[]): { columns: string[]; rows: string[][] } {
  const named = (form: string) => (kind: Kind) =>
    t(`figures.table.${form}`, { name: t(`figures.count.${kind}.name`) })
  return {
    columns: [
      t('figures.table.code'),
      t('figures.table.type'),
      ...KINDS.flatMap((kind) => [named('csvItems')(kind), named('csvCents')(kind)]),
    ],
    rows: types.map((type) => [
      type.code,
      type.name,
      ...KINDS.flatMap((kind) => [
        String(type[kind].items),
        wireImporto(cents(type[kind].cents)).replace('.', ','),
      ]),
    ]),
  }
}

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
