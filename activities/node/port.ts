import type { JournalEntry } from '../../db/journal/journal.ts'
import type { SendAnswer } from '../../domain/payment/send.ts'
import type { StateAnswer } from '../../domain/payment/ask-state.ts'
import type { AttemptKey } from '../../domain/payment/model.ts'
import type { OutgoingCart } from '../../domain/payment/outgoing.ts'

/** The answer to one call to the node, and the entry of the journal about it. */
export interface Exchange<Answer> {
  answer: Answer
  journal: Omit<JournalEntry, 'cartId'>
}

export type CopyAnswer = { kind: 'receipt'; document: Uint8Array } | { kind: 'none'; why: string }

/**
 * What the payment process needs of the node: to send a cart, to read the state of an attempt, and to fetch its receipt. Each protocol is
 * an adapter in a folder beside this file. No call throws: no answer, or one that cannot be read, gives an answer that means "unknown".
 */
export interface Node {
  sendCart(cart: OutgoingCart): Promise<Exchange<SendAnswer>>
  askState(attempt: AttemptKey): Promise<Exchange<StateAnswer>>
  askReceipt(attempt: AttemptKey): Promise<Exchange<CopyAnswer>>
}
