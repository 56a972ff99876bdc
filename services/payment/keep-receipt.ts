import type { Knex } from 'knex'
import {
  acceptLater,
  insertReceipt,
  lockAttemptForReceipt,
  raiseKept,
  type AttemptForReceipt,
  type NewReceipt,
} from '../../db/payment/arriving-receipt.ts'
import { noteEvent } from '../../db/journal/event.ts'
import { saysMoneyMoved, type AttemptKey } from '../../domain/payment/model.ts'
import {
  brokenRule,
  oddities,
  receiptAddresses,
  type ReceiptRefusal,
  type RefusedReceipt,
} from '../../domain/payment/receipt-check.ts'
import { tryReadAsked } from '../../domain/wire/read-rpt.ts'
import type { Receipt } from '../../domain/payment/receipt.ts'

export interface ArrivingReceipt {
  key: AttemptKey
  document: Uint8Array
  source: 'push' | 'copy'
  /** What could be read of it; undefined when even a lenient look found no RT. */
  content: Receipt | undefined
  /** The document passes the RT schema. */
  isValid: boolean
  /** The caller named somebody who is not us. */
  stranger?: RefusedReceipt | undefined
}

/** `kept` is the only way to answer OK, and it names the stored row. `cartId`: the payment process has something to learn. */
export type Reception =
  | { kind: 'kept'; receiptId: string; cartId: string | undefined }
  | { kind: 'refused'; fault: RefusedReceipt; receiptId: string | undefined; cartId: string | undefined }

/**
 * Judges and keeps an RT in the caller's transaction, in the order of docs/field/node-messages.md#checks-of-an-rt, docs/field/money-rules.md#decisions.
 * The state of cart or due never refuses it. The same bytes are judged anew after a refusal, because what was wrong may
 * have been the header they came under or a rule of ours; an answer OK is repeated, because the first one may have been lost.
 */
export async function keepReceipt(trx: Knex, receipt: ArrivingReceipt): Promise<Reception> {
  const attempt = await lockAttemptForReceipt(trx, receipt.key, receipt.document)
  if (!receipt.stranger && attempt?.same?.isFinal) return again(attempt.same, attempt.cartId)
  const verdict = receipt.stranger
    ? refuse(receipt.stranger.refusal, receipt.stranger.why)
    : judge(receipt, attempt)
  if (verdict.fault && !isWorthKeeping(receipt, attempt)) return refused(verdict.fault, undefined)
  const receiptId = await keep(trx, receipt, attempt, verdict)
  const cartId = verdict.settles ? attempt?.cartId : undefined
  return verdict.fault ? refused(verdict.fault, receiptId, cartId) : { kind: 'kept', receiptId, cartId }
}

/** Of one of our payments everything is kept, readable or not; of others only what may be a receipt, and money from strangers. */
function isWorthKeeping(receipt: ArrivingReceipt, attempt: AttemptForReceipt | undefined): boolean {
  if (!receipt.content) return attempt !== undefined || receipt.isValid
  return !receipt.stranger || saysMoneyMoved(receipt.content.outcome)
}

interface Verdict {
  fault: RefusedReceipt | undefined
  /** A settlement will look at it. */
  settles: boolean
}

/**
 * What the node reads of a refusal. The sentences are in Italian as the protocol's own are, and the anomaly keeps them as they were sent,
 * because support must see what the sender was told.
 */
function judge(receipt: ArrivingReceipt, attempt: AttemptForReceipt | undefined): Verdict {
  if (!attempt) return refuse('unknown_attempt', 'RPT non trovata')
  const broken =
    receipt.isValid && receipt.content ? brokenRule(receipt.content, attempt, receipt.key) : undefined
  const settles = receipt.isValid && receipt.content !== undefined && broken === undefined
  if (attempt.hasReceipt) return { ...refuse('second_receipt', 'RT diversa da quella già ricevuta'), settles }
  if (!receipt.isValid) return refuse('invalid_document', 'RT non conforme allo schema')
  if (broken !== undefined) return refuse('other_payment', broken)
  return { fault: undefined, settles }
}

const refuse = (refusal: ReceiptRefusal, why: string): Verdict => ({
  fault: { refusal, why },
  settles: false,
})

const refused = (fault: RefusedReceipt, receiptId: string | undefined, cartId?: string): Reception => ({
  kind: 'refused',
  fault,
  receiptId,
  cartId,
})

/**
 * A node that hears nothing delivers again, perhaps many times: once the receipt is settled no process is told, because each telling
 * would start a run of a payment that has ended, and a busy server would make its own load.
 */
function again(
  { id, answer, isHandled }: NonNullable<AttemptForReceipt['same']>,
  ofAttempt: string,
): Reception {
  const cartId = isHandled ? undefined : ofAttempt
  if (answer === 'accepted') return { kind: 'kept', receiptId: id, cartId }
  return refused({ refusal: answer, why: 'RT già ricevuta e rifiutata' }, id, cartId)
}

/** The row of these bytes, and what people must learn of it. Answers its id. */
async function keep(
  trx: Knex,
  receipt: ArrivingReceipt,
  attempt: AttemptForReceipt | undefined,
  verdict: Verdict,
): Promise<string> {
  const { content, key, document, source } = receipt
  const row: NewReceipt = {
    key,
    document,
    attempt,
    content,
    addresses:
      attempt && content
        ? receiptAddresses(content, { pagatore: attempt.pagatoreEmail, versante: attempt.versanteEmail })
        : [],
    source,
    answer: verdict.fault?.refusal ?? 'accepted',
    settles: verdict.settles,
  }
  const stored = attempt?.same?.id
  // Under a header that is not ours nothing of an earlier delivery changes.
  if (stored !== undefined && receipt.stranger) return stored
  if (stored !== undefined) await acceptLater(trx, stored, row)
  const receiptId = stored ?? (await insertReceipt(trx, row))
  if (verdict.settles && !verdict.fault) await noteOddities(trx, receipt, attempt!, receiptId)
  if (!verdict.settles) await keepForPeople(trx, receipt, attempt, { receiptId, fault: verdict.fault })
  return receiptId
}

/** What is odd and refuses nothing goes on the payment's timeline, by kind and without the values, which name persons. */
async function noteOddities(
  trx: Knex,
  receipt: ArrivingReceipt,
  attempt: AttemptForReceipt,
  receiptId: string,
): Promise<void> {
  const kinds = oddities(receipt.content!, {
    ...attempt,
    asked: attempt.document ? tryReadAsked(attempt.document.toString('utf8')) : undefined,
  })
  if (kinds.length > 0)
    await noteEvent(trx, {
      entity: 'attempt',
      entityId: attempt.id,
      kind: 'receipt_noted',
      data: { receiptId, notes: kinds },
    })
}

/** Money that moved, or a receipt nobody could read, waits for a person; a refused receipt of no payment is only kept. */
async function keepForPeople(
  trx: Knex,
  { content, stranger }: ArrivingReceipt,
  attempt: AttemptForReceipt | undefined,
  { receiptId, fault }: { receiptId: string; fault: RefusedReceipt | undefined },
): Promise<void> {
  if (content && !saysMoneyMoved(content.outcome)) return
  const refusedKind = attempt || stranger ? 'receipt_refused' : 'unknown_attempt'
  await raiseKept(trx, {
    kind: fault ? refusedKind : 'receipt_not_understood',
    receiptId,
    attempt,
    cents: content?.totalCents ?? 0,
    // The node is told nothing of this one, because its receipt is accepted; only support reads the sentence, beside those that were sent.
    why: fault?.why ?? 'valida per lo schema, ma non è stato possibile leggerla',
  })
}
