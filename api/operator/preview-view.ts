import type { SheetPreview, ShownRow } from '../../domain/flow/sheet/preview.ts'
import type { SheetProblem } from '../../domain/flow/sheet/problem.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { sheetRemedy } from '../../templates/pages/operator/reject-remedies.ts'

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

/** What the operator reads of a converted sheet before he loads it. */
export function previewView(preview: SheetPreview) {
  const { rows, unread, totalCents } = preview
  return {
    facts: [
      { label: t('sheet.preview.rows'), value: wholeNumber(rows) },
      { label: t('sheet.preview.unread'), value: wholeNumber(unread) },
      { label: t('sheet.preview.total'), value: formatEuro(cents(totalCents)) },
    ],
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
    amount: valueOf('importoDovuto'),
    dueOn: valueOf('dataEsecuzionePagamento'),
    isUnread: faults.length > 0,
    values: values.map(({ header, value }) => {
      const change = changes.find((one) => one.header === header)
      return { header, value: brief(value), from: change ? brief(change.from) : null }
    }),
  }
}
