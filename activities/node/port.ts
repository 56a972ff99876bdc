import type { JournalEntry } from '../../db/journal/journal.ts'
import type { SendAnswer, StateAnswer } from '../../domain/payment/answers.ts'
import type { AttemptKey } from '../../domain/payment/model.ts'
import type { OutgoingCart } from '../../domain/payment/outgoing.ts'

/** The answer to one call to the node, and the entry of the journal about it. */
export interface Exchange<Answer> {
  answer: Answer
  journal: Omit<JournalEntry, 'cartId'>
}

export type CopyAnswer = { kind: 'receipt'; document: Uint8Array } | { kind: 'none'; why: string }

/**
 * The node as the payment process sees it: it sends a cart, asks what became of an attempt, and asks for its receipt. Each protocol is an
 * adapter in a folder beside this file. No call throws, because silence and nonsense are answers too: they mean "unknown".
 */
export interface Node {
  sendCart(cart: OutgoingCart): Promise<Exchange<SendAnswer>>
  askState(attempt: AttemptKey): Promise<Exchange<StateAnswer>>
  askReceipt(attempt: AttemptKey): Promise<Exchange<CopyAnswer>>
}
