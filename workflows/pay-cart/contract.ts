import type { Attention, CartKind } from '../../domain/payment/model.ts'
import type { Chase } from '../../domain/payment/chase.ts'
import type { CartState } from '../../domain/states.ts'
import type { MailPatience } from '../send-mail/contract.ts'
import type { ProcessWords } from '../words.ts'

/** The durable process of one cart. Its input has only ids, and its history nothing personal. */
export const PAY_CART = {
  name: 'payCart',
  taskQueue: 'payments',
  id: (cartId: string): string => `pay-cart:${cartId}`,
} as const

export interface PayCartInput {
  cartId: string
  chase: Chase
  abandon: AbandonTimers
  /** Passed to the mails of this payment. */
  mail: MailPatience
}

/** Milliseconds after the creation of a cart of an ente's software (docs/field/payments.md#carts-of-an-ente). */
export interface AbandonTimers {
  expireAfter: number
  archiveAfter: number
}

export const ABANDON: AbandonTimers = { expireAfter: 15 * 60_000, archiveAfter: 30 * 60_000 }

export interface BeginRequest {
  /** From the form of the page; the same click sent again is the same update. */
  nonce: string
  /** The citizen has read the replica warning and wants to pay all the same. */
  replicaConfirmed: boolean
}

export type BeginAnswer =
  | { kind: 'redirect'; url: string }
  /** Begun, but the address of the node's page is not known yet: the page shows that it waits. */
  | { kind: 'waiting' }
  | { kind: 'refused'; faultCode: string }
  | { kind: 'replica' }
  | { kind: 'not_payable'; dueIds: string[] }
  | { kind: 'problem'; code: 'CART_EMPTY' | 'CART_FULL' | 'CART_MIX_NOT_ALLOWED' | 'CART_EXPIRED' }
  | { kind: 'closed'; state: CartState }

/** The facts that the process needs for its next step; every activity returns them. */
export interface CartStatus {
  state: CartState
  kind: CartKind
  /** Number of attempts without an outcome. */
  open: number
  /** Number of accepted receipts that are not settled yet. */
  unhandled: number
  /** The citizen still waits for the address of the node's page, so looks come at the short intervals. */
  isWaitedFor: boolean
  url: string | null
  faultCode: string | null
  attention: Attention | null
  /** Maximum sleep before the next look, ms; its time is already in the tables. */
  lookIn: number
  /** How long an open cart may still wait for `begin`, ms. */
  openFor: number
  /** Mails to start. */
  mailIds: string[]
  /** Cents in open anomalies of the cart: they arrived and no due holds them. Like `words` missing in a result of an older version. */
  unplacedCents?: number
  words?: CartWords
  enteId: string | null
  iuv: string | null
}

/** The words of a payment. */
export interface CartWords extends ProcessWords {
  /** What it waits for after the citizen's browser has come back. */
  returned?: string
}

export const BEGIN = 'begin'
export const ASK_NOW = 'askNow'
export const CANCEL = 'cancel'
export const RT_RECEIVED = 'rtReceived'
export const CITIZEN_RETURNED = 'citizenReturned'

export interface ReceiptReceived {
  receiptId: string
}

/** All effects of the payment process outside itself. Built by activities/pay-cart. */
export interface PayCartActivities {
  loadCart(ask: StatusAsk): Promise<CartStatus>
  beginCart(ask: StatusAsk & { replicaConfirmed: boolean }): Promise<BegunCart>
  sendCart(ask: StatusAsk): Promise<CartStatus>
  askOutcomes(ask: StatusAsk): Promise<CartStatus>
  settleCart(ask: StatusAsk): Promise<CartStatus>
  expireCart(ask: StatusAsk): Promise<CartStatus>
  archiveCart(ask: StatusAsk): Promise<CartStatus>
  cancelCart(ask: StatusAsk): Promise<CartStatus>
}

export interface StatusAsk {
  cartId: string
  chase: Chase
  abandon: AbandonTimers
  /** Epoch ms of the workflow's clock. Ages are measured with it, so that time skipped in tests counts. */
  now: number
  /** Looks so far at a send whose answer was lost or had no address of the page. */
  doubts: number
}

export type BegunCart =
  | { kind: 'begun' | 'adopted'; status: CartStatus }
  | { kind: 'declined'; answer: BeginAnswer; status: CartStatus }
