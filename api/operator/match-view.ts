import type { Response } from 'express'
import type { Match } from '../../db/reporting/matches.ts'
import type { Standing } from '../../db/reporting/standing.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import type { RowClass } from '../../domain/reporting/row-class.ts'
import { chip, stateChip, type Chip } from '../../templates/chip.ts'
import { actorText, euro, wholeNumber } from '../../templates/format.ts'
import { t, tOr } from '../../templates/language.ts'
import { theAccess } from '../access/operator.ts'

export const SECTION = 'riconciliazione'
export const reconciliationHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/${SECTION}`

const NONE = '–'

export const className = (name: RowClass | null): string => t(`reporting.class.${name ?? 'pending'}.name`)
export const classText = (name: RowClass | null): string => t(`reporting.class.${name ?? 'pending'}.what`)
/** What a person does about a row, if anything. */
export const todoText = (name: RowClass | null): string => t(`reporting.class.${name ?? 'pending'}.todo`)

/** What a row is; a decision that the facts contradict is said first. */
export const classChip = (row: Pick<Match, 'class' | 'isContradicted'>): Chip =>
  row.isContradicted
    ? chip('warn', t('reporting.match.contradicted'))
    : stateChip('match', row.class ?? 'pending', className(row.class))

const amountText = ({ importoCents, amountText: text }: Match): string =>
  importoCents === null ? (text ?? NONE) : euro(importoCents)

const dueView = ({ dueId, causale }: Match, codIpa: string) =>
  dueId === null ? null : { href: `/operatore/${codIpa}/dovuti/${dueId}`, text: causale }

/** A row of the list. */
export const matchRow = (row: Match, codIpa: string) => ({
  href: `/operatore/${codIpa}/${SECTION}/${row.id}`,
  openOf: t('reporting.match.openOf', { iuv: row.iuv }),
  iuv: row.iuv,
  iur: row.iur,
  paidOn: row.paidOn === null ? NONE : formatDay(row.paidOn),
  amount: amountText(row),
  state: classChip(row),
  why: row.decision ? t(`reporting.match.decision.${row.decision.kind}`) : classText(row.class),
  due: dueView(row, codIpa),
})

/** What waits for a person or for a receipt, each class with a link to its payments. */
export const lookView = (standing: readonly Standing[], href: string) => ({
  standing: standing.map((one) => ({
    state: classChip({ class: one.class, isContradicted: false }),
    text: t(`reporting.standing.${one.class === 'receipt_missing' ? 'awaited' : 'unplaced'}`, {
      payments: wholeNumber(one.payments),
      amount: euro(one.cents),
    }),
    href: `${href}?classe=${one.class}`,
  })),
})

/** The facts of one row, by name. */
export function matchFacts(row: Match, codIpa: string) {
  const fact = (label: string, value: string, href: string | null = null) => ({ label, value, href })
  const due = dueView(row, codIpa)
  return [
    fact(
      t('reporting.match.flow'),
      row.flowId,
      `/operatore/${codIpa}/rendicontazione/${row.reportingFlowId}`,
    ),
    fact(t('reporting.match.row'), wholeNumber(row.position)),
    fact(t('reporting.row.iuv'), row.iuv),
    fact(t('reporting.row.iur'), row.iur),
    fact(t('reporting.match.reported'), amountText(row)),
    fact(
      t('reporting.row.code'),
      tOr(`reporting.code.${row.code}`, t('reporting.code.unknown', { code: row.code })),
    ),
    fact(t('reporting.row.paidOn'), row.paidOn === null ? NONE : formatDay(row.paidOn)),
    fact(t('reporting.match.due'), due?.text ?? t('reporting.match.noDue'), due?.href ?? null),
    ...(row.dueCents === null ? [] : [fact(t('reporting.match.dueAmount'), euro(row.dueCents))]),
    fact(t('reporting.match.receipt'), receiptText(row)),
  ]
}

function receiptText({ receiptId, receiptCents, asked, askAt }: Match): string {
  if (receiptId !== null)
    return receiptCents === null
      ? t('reporting.match.hasReceipt')
      : t('reporting.match.receiptCents', { amount: euro(receiptCents) })
  if (asked === null) return t('reporting.match.noReceipt')
  const at = askAt === null ? null : formatInstant(askAt)
  return at === null || asked === 'once'
    ? t('reporting.match.askedOnce')
    : t('reporting.match.askedDaily', { at })
}

/** Where the cents of a row are. */
export const placesView = ({ places }: Match) => {
  const rows = Object.entries(places).map(([place, cents]) => ({
    label: t(`reporting.match.place.${place}`),
    value: euro(cents ?? 0),
  }))
  return rows.length === 0 ? null : rows
}

export const decisionView = ({ decision }: Match, codIpa: string) =>
  decision && {
    what: t(`reporting.match.decision.${decision.kind}`),
    reason: decision.reason,
    by: t('reporting.match.by', {
      by: actorText({ by: decision.by, byId: decision.byId }) ?? NONE,
      at: formatInstant(decision.at),
    }),
    dueHref: decision.dueId === null ? null : `/operatore/${codIpa}/dovuti/${decision.dueId}`,
  }
