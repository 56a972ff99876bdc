import type { FlowSummary } from '../../db/reporting/list.ts'
import type { ShownRow } from '../../db/reporting/rows.ts'
import type { Standing } from '../../db/reporting/standing.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import { signedEuro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { codeText, pspText, reportedAmount } from '../../templates/reporting-words.ts'
import { classChip, classText } from './match-view.ts'

const NONE = '–'

export function flowFacts(flow: FlowSummary) {
  const fact = (name: string, value: string) => ({ label: t(`reporting.detail.${name}`), value })
  const instant = (at: string | null) => (at === null ? NONE : formatInstant(at))
  return [
    fact('psp', pspText(flow)),
    fact('revision', String(flow.revision)),
    fact('producedAt', formatInstant(flow.flowAt)),
    fact('availableAt', instant(flow.publishedAt)),
    fact('storedAt', instant(flow.storedAt)),
    fact('regulation', flow.regulation ?? NONE),
    fact('regulatedOn', flow.regulatedOn === null ? NONE : formatDay(flow.regulatedOn)),
    fact('declaredPayments', flow.declaredPayments === null ? NONE : wholeNumber(flow.declaredPayments)),
    fact('declaredAmount', flow.declaredCents === null ? NONE : signedEuro(flow.declaredCents)),
    fact('payments', wholeNumber(flow.rows)),
    fact('amount', signedEuro(flow.rowsCents)),
  ]
}

/** How the payments of a flow stand, each class with a link to its rows. */
export const standingView = (standing: readonly Standing[], href: string) =>
  standing.map((one) => ({
    state: classChip({ class: one.class, isContradicted: false }),
    text: t('reporting.standing.ofFlow', {
      payments: wholeNumber(one.payments),
      amount: signedEuro(one.cents),
    }),
    href: one.class === null ? null : `${href}?classe=${one.class}`,
  }))

/** What is odd about a flow, as a sentence. */
export const flagText = (flag: string, flow: FlowSummary): string =>
  t(`reporting.flag.${flag}`, {
    declared:
      flag === 'sum_differs' ? signedEuro(flow.declaredCents ?? 0) : wholeNumber(flow.declaredPayments ?? 0),
    rows: wholeNumber(flow.rows),
    sum: signedEuro(flow.rowsCents),
    receiver: flow.receiver ?? NONE,
  })

export const rowView = (row: ShownRow, codIpa: string) => ({
  number: wholeNumber(row.position),
  iuv: row.iuv,
  iur: row.iur,
  index: row.transferIndex ?? NONE,
  amount: reportedAmount(row),
  code: codeText(row.code),
  paidOn: row.paidOn === null ? NONE : formatDay(row.paidOn),
  matchHref: `/operatore/${codIpa}/riconciliazione/${row.id}`,
  state: classChip(row),
  why: classText(row.class),
  due: row.dueId === null ? null : { href: `/operatore/${codIpa}/dovuti/${row.dueId}`, text: row.causale },
})

/** Characters that a name of a file may have on every system. */
const ODD = /[^A-Za-z0-9_-]+/g

export const fileName = ({ flowId, pspId, revision }: FlowSummary, ending: string): string =>
  `${pspId}_${flowId}_${revision}`.replace(ODD, '-') + `.${ending}`
