import { isOpenRpt } from '../states.ts'
import type { Chase } from './chase.ts'
import { rptOf, withRpt } from './draft.ts'
import { meaningOf } from './faults.ts'
import type { Attention, Payment, PaymentRpt } from './model.ts'
import { forceNegative } from './settle.ts'
import type { Change } from './model.ts'

/** What the node answered to the cart we sent. `unknown` covers every answer that proves nothing. */
export type SendAnswer =
  | { kind: 'accepted'; url: string | null }
  | { kind: 'fault'; faultCode: string }
  | { kind: 'unknown'; why: string }

/** What it answered about one RPT. */
export type StateAnswer =
  | { kind: 'known'; state: string; url: string | null }
  | { kind: 'unknown_rpt' }
  | { kind: 'no_answer'; why: string }
  | { kind: 'not_offered' }

/** `ask_copy`: a receipt may exist; `resend`: the node never had the cart and the citizen may still be waiting. */
export type NextAct = 'wait' | 'ask_copy' | 'resend'

export interface Decision {
  payment: Payment
  changes: Change[]
  act: NextAct
}

/** No PSP has accepted in these states (ruling 2). */
const UNACCEPTED = new Set([
  'RPT_RICEVUTA_NODO',
  'RPT_ACCETTATA_NODO',
  'RPT_PARCHEGGIATA_NODO',
  'RPT_ANNULLATA_WISP',
])
/** In these the node may hold a receipt we have not got (pagopa.md §4.10, §4.11). */
const MAY_HAVE_RT = /^RT_|^RPT_RISOLTA_/
/** The node closed it; by the rulings still no proof for us, but a person should look. */
const CLOSED_KO = new Set(['RPT_RIFIUTATA_NODO', 'RPT_RIFIUTATA_PSP', 'RPT_ERRORE_INVIO_A_PSP'])

/** Before each send: from here on the message may have arrived, and what the node said of earlier ones is stale. */
export function decideSending(payment: Payment): Payment {
  const cart = {
    ...payment.cart,
    sendState: 'in_doubt' as const,
    sendAttempts: payment.cart.sendAttempts + 1,
  }
  return { ...payment, cart, rpts: payment.rpts.map((rpt) => ({ ...rpt, unknownSince: null })) }
}

/** Ruling 1: only a refusal of the closed list, to the only send there ever was, proves that nothing was taken. */
export function decideSend(payment: Payment, answer: SendAnswer): Decision {
  if (payment.cart.state !== 'requested') return decided(payment)
  if (answer.kind === 'accepted') return accepted(payment, answer.url)
  const meaning = answer.kind === 'fault' ? meaningOf(answer.faultCode) : 'unknown'
  if (meaning === 'already') return accepted(payment, null)
  if (meaning === 'refused' && payment.cart.sendAttempts === 1) return refused(payment)
  return decided(payment)
}

function accepted(payment: Payment, url: string | null): Decision {
  const cart = {
    ...payment.cart,
    sendState: 'accepted' as const,
    hasUrl: payment.cart.hasUrl || url !== null,
  }
  const marked = { ...payment, cart }
  return markSent(marked, openIds(marked))
}

function refused(payment: Payment): Decision {
  const { payment: after, changes } = forceNegative(payment, openIds(payment), 'refused')
  return { payment: { ...after, cart: { ...after.cart, sendState: 'refused' } }, changes, act: 'wait' }
}

function markSent(payment: Payment, rptIds: readonly string[]): Decision {
  const created = rptIds.filter((id) => rptOf(payment, id).state === 'created')
  const changes: Change[] = created.map((rptId) => ({ kind: 'rpt', rptId, to: 'sent', forced: null }))
  const after = created.reduce((p, id) => withRpt(p, id, (rpt) => ({ ...rpt, state: 'sent' })), payment)
  return { payment: after, changes, act: 'wait' }
}

/** Rulings 2, 3 and 4: what an answer about one RPT lets us do at `now` (epoch ms). */
export function decideState(
  payment: Payment,
  rptId: string,
  answer: StateAnswer,
  { now, chase }: { now: number; chase: Chase },
): Decision {
  if (!isOpenRpt(rptOf(payment, rptId).state)) return decided(payment)
  const age = now - (payment.cart.begunAt ?? now)
  const at = { now, age, chase }
  if (answer.kind === 'known') return known(payment, rptId, answer, at)
  if (answer.kind === 'unknown_rpt') return unknownRpt(payment, rptId, at)
  if (answer.kind === 'not_offered') return notOffered(payment, rptId, at)
  return decided(look(payment, rptId, longWait(at)))
}

interface At {
  now: number
  age: number
  chase: Chase
}

function known(
  payment: Payment,
  rptId: string,
  answer: { state: string; url: string | null },
  at: At,
): Decision {
  const hasUrl = payment.cart.hasUrl || answer.url !== null
  const cart = { ...payment.cart, hasUrl, sendState: 'accepted' as const }
  const answered = withRpt({ ...payment, cart }, rptId, (rpt) => ({
    ...rpt,
    nodeState: answer.state,
    nodeAnswers: rpt.nodeAnswers + 1,
    unknownSince: null,
  }))
  if (isSilence(rptOf(answered, rptId), at)) {
    const forced = forceNegative(answered, [rptId], 'silence')
    return { payment: forced.payment, changes: forced.changes, act: 'wait' }
  }
  const attention = CLOSED_KO.has(answer.state) ? 'node_refused' : hasUrl ? longWait(at) : 'lost_url'
  const sent = markSent(look(answered, rptId, attention), [rptId])
  return { ...sent, act: MAY_HAVE_RT.test(answer.state) ? 'ask_copy' : 'wait' }
}

function isSilence(rpt: PaymentRpt, { age, chase }: At): boolean {
  const unaccepted = rpt.nodeState !== null && UNACCEPTED.has(rpt.nodeState)
  return unaccepted && age > chase.silenceAfter && rpt.nodeAnswers >= chase.silenceAnswers
}

function unknownRpt(payment: Payment, rptId: string, at: At): Decision {
  // It named a URL or a sibling before: "unknown" now contradicts it, and money may be moving.
  if (wasTaken(payment)) return decided(look(payment, rptId, 'node_contradicts'))
  if (at.age <= at.chase.resendFor) return { ...decided(payment), act: 'resend' }
  const since = rptOf(payment, rptId).unknownSince
  if (since === null) return decided(withRpt(payment, rptId, (rpt) => ({ ...rpt, unknownSince: at.now })))
  if (at.now - since < at.chase.unknownApart) return decided(payment)
  const forced = forceNegative(payment, [rptId], 'unknown_to_node')
  return { payment: forced.payment, changes: forced.changes, act: 'wait' }
}

function wasTaken(payment: Payment): boolean {
  return payment.cart.hasUrl || payment.rpts.some((rpt) => rpt.state !== 'created' && rpt.forced === null)
}

/** A node without nodoChiediStatoRPT: the same key again while it can help, and the copy of the receipt always. */
function notOffered(payment: Payment, rptId: string, at: At): Decision {
  const mayResend = payment.cart.sendState === 'in_doubt' && at.age <= at.chase.resendFor
  if (mayResend) return { ...decided(payment), act: 'resend' }
  const attention = payment.cart.hasUrl ? longWait(at) : 'lost_url'
  return { ...decided(look(payment, rptId, attention)), act: 'ask_copy' }
}

const longWait = ({ age, chase }: At): Attention | null => (age > chase.attentionAfter ? 'long_wait' : null)

/** Attention is the latest reason; a receipt that we hold and could not settle stays on top. */
function look(payment: Payment, rptId: string, attention: Attention | null): Payment {
  return withRpt(payment, rptId, (rpt) =>
    rpt.attention !== null && HOLDS_RECEIPT.has(rpt.attention) ? rpt : { ...rpt, attention },
  )
}

const HOLDS_RECEIPT: ReadonlySet<Attention> = new Set(['receipt_refused', 'receipt_not_understood'])

const openIds = (payment: Payment): string[] =>
  payment.rpts.filter((r) => isOpenRpt(r.state)).map((r) => r.id)
const decided = (payment: Payment): Decision => ({ payment, changes: [], act: 'wait' })
