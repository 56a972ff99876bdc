import { isPaying, type JudgedRow } from './classify-row.ts'
import { isRevoked } from './code.ts'
import type { Decision } from './iuv-facts.ts'
import { compare } from './order.ts'
import type { RowClass } from './row-class.ts'
import type { RowView } from './row-view.ts'

/** What a decision is about. Decisions about one leave the others of the same payment alone. */
type About = 'payment' | 'revocation' | 'duplicate' | 'unread'

/** The decisions of one IUV, each at the row that it is about now. */
export interface Decided {
  /** By the id of a current row. */
  at: ReadonlyMap<string, Decision>
  /** Rows whose decision is about a payment that no flow has any more. */
  gone: ReadonlySet<string>
  isDecided: (view: RowView) => boolean
}

/**
 * Gives each decision its row: the one that the person saw, else a row of the same payment, first in the same flow. Of two decisions the
 * newer one holds. Source: docs/field/reporting.md#decisions.
 */
export function decidedRows(decisions: readonly Decision[], views: readonly RowView[]): Decided {
  const seen = new Map(views.map((view) => [view.row.id, view]))
  const at = new Map<string, Decision>()
  const gone = new Set<string>()
  const payments = new Set<string>()
  for (const decision of newestFirst(decisions)) {
    const from = seen.get(decision.rowId)
    if (!from) continue
    const about = aboutOf(decision, from)
    if (about !== 'duplicate') payments.add(from.key)
    const targets = from.row.isCurrent ? [from] : targetsOf(from, about, views)
    const target = targets.find(({ row }) => !at.has(row.id))
    if (target) at.set(target.row.id, decision)
    else if (targets.length === 0) gone.add(decision.rowId)
  }
  return { at, gone, isDecided: ({ row, key }) => at.has(row.id) || payments.has(key) }
}

const newestFirst = (decisions: readonly Decision[]): Decision[] =>
  [...decisions].sort((a, b) => compare(b.decidedAt, a.decidedAt) || compare(a.rowId, b.rowId))

function targetsOf(from: RowView, about: About, views: readonly RowView[]): RowView[] {
  const same = views.filter(({ row, key }) => row.isCurrent && key === from.key)
  const alike = same.filter((view) => roleOf(view) === about)
  const targets = about === 'unread' && alike.length === 0 ? same.filter(isPayment) : alike
  const inFlow = ({ row }: RowView): number => (row.flowId === from.row.flowId ? 0 : 1)
  return targets.sort((a, b) => inFlow(a) - inFlow(b))
}

const isPayment = (view: RowView): boolean => roleOf(view) === 'payment'

function roleOf({ row, isReadable, counts }: RowView): About {
  if (isRevoked(row.code)) return 'revocation'
  if (!isReadable) return 'unread'
  return counts ? 'payment' : 'duplicate'
}

function aboutOf({ seen }: Decision, { row }: RowView): About {
  if (isRevoked(row.code)) return 'revocation'
  if (seen === 'code_unknown' || seen === 'amount_invalid') return 'unread'
  return seen === 'duplicate' ? 'duplicate' : 'payment'
}

/** A person may tie money to another due that has no place of its own, and has not left again. */
export const mayLink = (row: {
  class: RowClass | null
  importoCents: number | null
  placedCents: number
}): boolean =>
  row.class !== 'revoked' && row.class !== 'superseded' && row.importoCents !== null && row.placedCents === 0

type Judged = JudgedRow & { class: RowClass }

/** Whether the facts agree with a decision. */
const HOLDS: Record<
  Decision['kind'],
  (decision: Decision, row: Judged, revoked: ReadonlySet<string>) => boolean
> = {
  accepted: ({ seen }, row) => row.class === seen || row.class === 'matched',
  linked: ({ isPaying: isLinkPaying }, { own }) => isLinkPaying && own === undefined,
  refunded: (_decision, row, revoked) => !isPaying(row) && (row.class === 'revoked' || !revoked.has(row.key)),
}

/** @param revoked the keys of the payments that left again */
export const holds = (decision: Decision, row: Judged, revoked: ReadonlySet<string>): boolean =>
  HOLDS[decision.kind](decision, row, revoked)
