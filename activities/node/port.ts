import type { JournalEntry } from '../../db/journal.ts'
import type { SendAnswer, StateAnswer } from '../../domain/payment/answers.ts'
import type { OutgoingCart } from '../../domain/wire/node.ts'
import type { AttemptKey } from '../../domain/payment/model.ts'

/** One call to the node and what is to be kept of it. */
export interface Exchange<Answer> {
  answer: Answer
  journal: Omit<JournalEntry, 'cartId'>
}

export type CopyAnswer = { kind: 'receipt'; document: Uint8Array } | { kind: 'none'; why: string }

/**
 * The node as the payment process sees it. A protocol is an adapter: today RPT/RT; Checkout with paForNode fits the same
 * three questions (send this cart, what became of this attempt, give me its receipt). No call throws: silence and nonsense
 * are answers, and they mean "unknown".
 */
export interface Node {
  sendCart(cart: OutgoingCart): Promise<Exchange<SendAnswer>>
  askState(rpt: AttemptKey): Promise<Exchange<StateAnswer>>
  askReceipt(rpt: AttemptKey): Promise<Exchange<CopyAnswer>>
}
