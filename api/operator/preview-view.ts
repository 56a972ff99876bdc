import type { SheetPreview, ShownRow } from '../../domain/flow/sheet/preview.ts'
import type { SheetProblem } from '../../domain/flow/sheet/problem.ts'
import { formatDay, isDay } from '../../domain/calendar.ts'
import { isCompared } from '../../domain/flow/findings.ts'
import { flowAmount } from '../../domain/flow/amount.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { sheetRemedy } from '../../templates/pages/operator/reject-remedies.ts'
import { findingsView, notComparedText, rowsText } from './findings-view.ts'

/** Why a whole sheet was refused and what to do, for people. */
export function sheetProblemText({ kind, ...values }: SheetProblem): string {
  const shown = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    typeof value === 'number' ? wholeNumber(value) : brief(value),
  ])
  return t(`sheet.problem.${kind}`, Object.fromEntries(shown))
}

const MAX_SHOWN = 60
/** A text of the sheet on one line, without characters that nobody sees. */
const brief = (text: string): string => {
  const seen = text.replace(/\p{C}/gu, '·')
  return seen.length > MAX_SHOWN ? `${seen.slice(0, MAX_SHOWN)}…` : seen
}

/** What the operator reads of a converted sheet before he loads it. @param csvBytes the size of the file that was made of it */
export function previewView(preview: SheetPreview, { csvBytes }: { csvBytes: number }) {
  const { rows, unread } = preview
  const found = findingsView(preview.findings ?? null, { numberOf: (row) => row, alike: 'sheet' })
  return {
    facts: [
      { label: t('sheet.preview.rows'), value: wholeNumber(rows) },
      { label: t('sheet.preview.unread'), value: wholeNumber(unread) },
      { label: t('flows.finding.total'), value: totalText(preview) },
      // The sum stands above, with the rows that are not in it.
      ...found.facts.slice(1),
    ],
    unchecked: t('sheet.preview.unchecked', { count: unread, shown: wholeNumber(unread) }),
    notCompared: isCompared({ isCheck: false, csvBytes }) ? null : notComparedText(),
    warnings: found.warnings.length === 0 ? null : found.warnings,
    unread: unreadView(preview),
    changes: preview.changes.map(({ header, from, to, count }) => ({
      header,
      from: brief(from),
      to: brief(to),
      count: wholeNumber(count),
    })),
    rows: preview.first.map(rowView),
    rowsNote: t('sheet.preview.first', { count: preview.first.length, rows: wholeNumber(rows) }),
  }
}

/** The sum of the amounts, of how many rows it is, and which rows are not in it. */
function totalText({ rows, unread, totalCents, unreadRows }: SheetPreview): string {
  const values = { importo: euro(totalCents), shown: wholeNumber(rows - unread), count: rows - unread }
  if (unread === 0) return t('flows.finding.of', values)
  const without = rowsText(
    unreadRows.slice(0, MOST_LEFT_OUT).map(({ number }) => number),
    unread,
  )
  return t('sheet.preview.totalOf', { ...values, rows: wholeNumber(rows), without })
}

const MOST_LEFT_OUT = 10

function unreadView({ unread, unreadRows }: SheetPreview) {
  if (unread === 0) return null
  return {
    note:
      unread > unreadRows.length
        ? t('sheet.preview.unreadFirst', { shown: unreadRows.length, rows: wholeNumber(unread) })
        : t('sheet.preview.unreadAll'),
    rows: unreadRows.map(({ number, iud, faults }) => ({
      number: wholeNumber(number),
      iud: brief(iud),
      remedies: faults.map((fault) => sheetRemedy({ ...fault, value: brief(fault.value) })),
    })),
  }
}

function rowView({ number, values, changes, faults }: ShownRow) {
  const valueOf = (header: string): string =>
    brief(values.find((value) => value.header === header)?.value ?? '')
  return {
    number: wholeNumber(number),
    iud: valueOf('IUD'),
    payer: valueOf('anagraficaPagatore'),
    amount: amountText(valueOf('importoDovuto')),
    dueOn: dayText(valueOf('dataEsecuzionePagamento')),
    isUnread: faults.length > 0,
    values: values.map(({ header, value }) => {
      const change = changes.find((one) => one.header === header)
      return { header, value: brief(value), from: change ? brief(change.from) : null }
    }),
  }
}

/** An amount and a day as people read them. One that was not read stays as the sheet shows it. */
const amountText = (value: string): string =>
  /^\d{1,10}(\.\d{1,2})?$/.test(value) ? euro(flowAmount(value)) : value
const dayText = (value: string): string => (isDay(value) ? formatDay(value) : value)
