import type { Context } from '../context.ts'
import type { Flow } from '../reporting/flow.ts'
import { countOf } from '../reporting/rows.ts'
import { keyOf, paymentsOf, type Fact } from '../world/facts.ts'
import type { RptRecord, RtRecord } from '../world/records.ts'

/** Facts per page. Use `next` to get the following page. */
const DEFAULT_LIMIT = 5_000

/** What happened outside the product, in order. The money checker reads it. */
export type State = {
  rpts: ReturnType<typeof rptRow>[]
  payments: ReturnType<typeof paymentsOf>
  rts: ReturnType<typeof rtRow>[]
  replies: ReturnType<typeof replyRow>[]
  /** Revisions of flows of reporting. */
  flows: ReturnType<typeof flowRow>[]
  mails: { id: string; messageId: string; to: string; subject: string; at: string }[]
  /** Calls served since the start or the last reset, by operation. */
  calls: Record<string, number>
  /** Pass it as `after` to read the next page; null at the end. */
  next: number | null
}

export function readState({ world, behaviours }: Context, after = 0, limit = DEFAULT_LIMIT): State {
  const facts = world.facts.slice(after, after + limit)
  const pick = <T extends Fact['type']>(type: T) =>
    facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type)
  const upTo = after + facts.length
  return {
    rpts: pick('accepted').flatMap(({ rpts }) => rpts.map((rpt) => rptRow(world.rpts.get(keyOf(rpt))!))),
    payments: facts.flatMap(paymentsOf),
    rts: pick('decided').flatMap(({ rts }) => rts.map(({ id }) => rtRow(world.rts.get(id)!))),
    replies: pick('reply').map(replyRow),
    flows: pick('reported').map(({ flow }) => flowRow(flow)),
    mails: pick('mail').flatMap(({ id, messageId, to, subject, at }) =>
      to.map((address) => ({ id, messageId, to: address, subject, at })),
    ),
    calls: Object.fromEntries(behaviours.calls),
    next: upTo < world.facts.length ? upTo : null,
  }
}

function rptRow({ domain, iuv, ccp, idCart, cents, idSession, acceptedAt, history }: RptRecord) {
  const state = history.at(-1)?.state ?? ''
  return { domain, iuv, ccp, idCart: idCart ?? null, cents, idSession, state, at: acceptedAt }
}

function rtRow({ id, header, code, cents, status, tries, genuine, lastOutcome, lastFault, at }: RtRecord) {
  const { domain, iuv, ccp } = header
  const last = { lastOutcome: lastOutcome ?? null, lastFault: lastFault ?? null }
  return { id, domain, iuv, ccp, code, cents, genuine, status, tries, ...last, at }
}

/** A flow without its rows. */
export function flowRow({ rows, header: _header, ...flow }: Flow) {
  return { ...flow, count: countOf(rows) }
}

function replyRow({ type: _type, state: _state, key, ...reply }: Extract<Fact, { type: 'reply' }>) {
  return { ...reply, ...key }
}
