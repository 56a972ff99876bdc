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
import { saysMoneyMoved, type AttemptKey, type ReceiptSource } from '../../domain/payment/model.ts'
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
  source: ReceiptSource
  /** The parsed receipt, also when it breaks the schema; undefined when it could not be parsed. */
  content: Receipt | undefined
  /** True when the document conforms to the schema of an RT. */
  isValid: boolean
  /** The refusal, when the header names a broker, a domain or a station that is not ours. */
  stranger?: RefusedReceipt | undefined
}

/**
 * Only `kept` may be answered with OK; it has the id of the stored row, so that an OK always has one. `cartId` is there when the process
 * of that cart must be signalled.
 */
export type Reception =
  | { kind: 'kept'; receiptId: string; cartId: string | undefined }
  | { kind: 'refused'; fault: RefusedReceipt; receiptId: string | undefined; cartId: string | undefined }

/**
 * Checks and stores an RT in the caller's transaction, in the order of docs/field/node-messages.md#checks-of-an-rt and by
 * docs/field/money-rules.md#decisions. The state of cart or due never refuses it. The same bytes after a refusal are checked again,
 * because the header that they came with, or a rule of ours, may have been wrong. The same bytes after an OK get OK again, because the
 * first answer may have been lost.
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

/**
 * Decides whether a refused document is stored. A readable receipt is, except one with a header that is not ours and without moved money.
 * An unreadable document is stored when it is for one of our attempts, or when it conforms to the schema.
 */
function isWorthKeeping(receipt: ArrivingReceipt, attempt: AttemptForReceipt | undefined): boolean {
  if (!receipt.content) return attempt !== undefined || receipt.isValid
  return !receipt.stranger || saysMoneyMoved(receipt.content.outcome)
}

interface Verdict {
  fault: RefusedReceipt | undefined
  /** True when the payment process settles it. */
  settles: boolean
}

/**
 * Checks the receipt against its attempt. The sentences of refusals are Italian, as those of the protocol are, and the anomaly stores them
 * as they were sent, because support must see what the sender got.
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
 * The answer to bytes that are stored already. A node without an answer delivers again, perhaps many times. When the receipt is handled
 * no process is signalled, because each signal would start a run of an ended payment and add load to a busy server.
 */
function again(
  { id, answer, isHandled }: NonNullable<AttemptForReceipt['same']>,
  cartOfAttempt: string,
): Reception {
  const cartId = isHandled ? undefined : cartOfAttempt
  if (answer === 'accepted') return { kind: 'kept', receiptId: id, cartId }
  return refused({ refusal: answer, why: 'RT già ricevuta e rifiutata' }, id, cartId)
}

/** Stores the receipt with its event or anomaly, and returns the id of its row. */
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
  // A delivery with a header that is not ours changes nothing about an earlier delivery of the same bytes.
  if (stored !== undefined && receipt.stranger) return stored
  if (stored !== undefined) await acceptLater(trx, stored, row)
  const receiptId = stored ?? (await insertReceipt(trx, row))
  if (verdict.settles && !verdict.fault) await noteOddities(trx, receipt, attempt!, receiptId)
  if (!verdict.settles) await keepForPeople(trx, receipt, attempt, { receiptId, fault: verdict.fault })
  return receiptId
}

/** Stores an event with the kinds of differences that refuse nothing. Their values are left out, because they name persons. */
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

/** Puts a receipt that no settlement reads on the work list, unless it says that no money moved. */
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
    // The sentence that the node got; for an accepted receipt, which gets none, a name that support reads in words.
    why: fault?.why ?? 'unreadable',
  })
}
