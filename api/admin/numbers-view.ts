import type { EnteJourney, Journey, NodeOutcome } from '../../db/figures/journeys.ts'
import { QUEUES, type QueueCounts } from '../../db/worklist/queues.ts'
import { STEPS } from '../../domain/payment/journey.ts'
import type { TableColumns } from '../../templates/documents/table-csv.ts'
import type { SheetColumn } from '../../templates/documents/workbook.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { queueHref } from '../page/queue-address.ts'

/** "12,5 %"; a dash when there is nothing to take a share of. */
const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1).replace('.', ',')} %`

const paidOf = ({ steps }: Journey): number => steps.paid ?? 0
const startedOf = ({ steps }: Journey): number => Object.values(steps).reduce((sum, items) => sum + items, 0)

/** The counts on top of the page. `note`: a share of another count; null for none. */
export const totalsView = (totals: Journey) =>
  [
    { name: 'carts', number: wholeNumber(startedOf(totals)), note: null },
    { name: 'begun', number: wholeNumber(totals.begun), note: null },
    { name: 'paid', number: wholeNumber(paidOf(totals)), note: share(paidOf(totals), totals.begun) },
    { name: 'late', number: share(totals.late, totals.ended), note: null },
  ].map(({ name, ...count }) => ({
    ...count,
    name: t(`figures.region.${name}.name`),
    how: t(`figures.region.${name}.how`),
  }))

/** Where people stopped, for the chart and for the table below it. */
export const stepsView = ({ steps }: Journey) =>
  STEPS.map((step) => ({
    name: t(`figures.step.${step}.name`),
    how: t(`figures.step.${step}.how`),
    items: steps[step] ?? 0,
    number: wholeNumber(steps[step] ?? 0),
  }))

/** The columns of the table by ente; those with numbers stand on the right. */
export const journeyColumns = () => [
  { text: t('figures.region.ente'), isAmount: false },
  { text: t('figures.table.type'), isAmount: false },
  ...['carts', 'begun', 'paid', 'late'].map((name) => ({
    text: t(`figures.region.${name}.name`),
    isAmount: true,
  })),
]

/** A row of that table: the ente with its link, then the other cells in the order of the columns. */
export const journeyView = (row: EnteJourney) => {
  const texts = [
    row.dueTypeName,
    wholeNumber(startedOf(row)),
    wholeNumber(row.begun),
    `${wholeNumber(paidOf(row))} (${share(paidOf(row), row.begun)})`,
    share(row.late, row.ended),
  ]
  const [ente, ...others] = journeyColumns()
  return {
    label: ente!.text,
    ente: row.enteName,
    href: `/operatore/${row.codIpa}`,
    cells: others.map(({ text: label, isAmount }, at) => ({ label, isAmount, text: texts[at]! })),
  }
}

function count(title: string, value: (row: EnteJourney) => number): SheetColumn<EnteJourney> {
  return { title, kind: 'count', width: 18, value }
}

/** The columns of the table in its files, with the number at each step. */
export const JOURNEY_COLUMNS: TableColumns<EnteJourney> = [
  { title: t('figures.region.codIpa'), kind: 'text', width: 14, value: ({ codIpa }) => codIpa },
  { title: t('figures.region.ente'), kind: 'text', width: 36, value: ({ enteName }) => enteName },
  { title: t('figures.table.type'), kind: 'text', width: 36, value: ({ dueTypeName }) => dueTypeName },
  ...STEPS.map((step) => count(t(`figures.step.${step}.name`), ({ steps }) => steps[step] ?? 0)),
  count(t('figures.region.begun.name'), ({ begun }) => begun),
  count(t('figures.region.ended'), ({ ended }) => ended),
  count(t('figures.region.lateCount'), ({ late }) => late),
]

/** What does not go well now, with the list of each count. */
export const healthView = (counts: QueueCounts) =>
  QUEUES.map((queue) => ({
    number: wholeNumber(counts[queue]),
    name: t(`support.queue.${queue}.title`),
    how: t(`support.queue.${queue}.what`),
    href: queueHref(queue),
  }))

export const nodeView = ({ direction, outcome, items }: NodeOutcome) => ({
  direction: t(`figures.node.${direction}`),
  outcome,
  items: wholeNumber(items),
})
