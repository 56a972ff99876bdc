import type { Knex } from 'knex'
import { brokenRule, oddities, receiptAddresses, type PaaFaultCode } from '../domain/payment/receipt-check.ts'
import { saysMoneyMoved } from '../domain/payment/model.ts'
import type { RptKey } from '../domain/wire/nodo.ts'
import { tryReadAsked } from '../domain/wire/read-rpt.ts'
import type { RtDocument } from '../domain/wire/rt.ts'
import { noteEvent } from './event.ts'
import { acceptLater, insertRt, lockRptForRt, raiseKept, type RptForRt } from './rt.ts'

export interface ArrivingRt {
  key: RptKey
  document: Uint8Array
  source: 'push' | 'copy'
  /** What could be read of it; undefined when even a lenient look found no RT. */
  content: RtDocument | undefined
  /** The document passes the RT schema. */
  isValid: boolean
  /** The caller named somebody who is not us. */
  stranger?: ReceiptFault | undefined
}

export interface ReceiptFault {
  code: PaaFaultCode
  why: string
}

/** `kept` is the only answer OK there is, and it names the stored row. `cartId`: the payment process has something to learn. */
export type Reception =
  | { kind: 'kept'; rtId: string; cartId: string | undefined }
  | { kind: 'refused'; fault: ReceiptFault; rtId: string | undefined; cartId: string | undefined }

/**
 * Judges and keeps an RT in the caller's transaction, in the order of pagopa.md §4.6, rows 3 to 10, with rulings 5 to 8.
 * The state of cart or due never refuses it. The same bytes are judged anew after a refusal, because what was wrong may
 * have been the header they came under or a rule of ours; an answer OK is repeated, because the first one may have been lost.
 */
export async function receiveRt(trx: Knex, rt: ArrivingRt): Promise<Reception> {
  const rpt = await lockRptForRt(trx, rt.key, rt.document)
  if (!rt.stranger && rpt?.same?.isFinal) return again(rpt.same, rpt.cartId)
  const verdict = rt.stranger ? refuse(rt.stranger.code, rt.stranger.why) : judge(rt, rpt)
  if (verdict.fault && !isWorthKeeping(rt, rpt)) return refused(verdict.fault, undefined)
  const rtId = await keep(trx, rt, rpt, verdict)
  const cartId = verdict.settles ? rpt?.cartId : undefined
  return verdict.fault ? refused(verdict.fault, rtId, cartId) : { kind: 'kept', rtId, cartId }
}

/** Of one of our payments everything is kept, readable or not; of others only what may be a receipt, and money from strangers. */
function isWorthKeeping(rt: ArrivingRt, rpt: RptForRt | undefined): boolean {
  if (!rt.content) return rpt !== undefined || rt.isValid
  return !rt.stranger || saysMoneyMoved(rt.content.outcome)
}

interface Verdict {
  fault: ReceiptFault | undefined
  /** A settlement will look at it. */
  settles: boolean
}

function judge(rt: ArrivingRt, rpt: RptForRt | undefined): Verdict {
  if (!rpt) return refuse('PAA_RPT_SCONOSCIUTA', 'RPT non trovata')
  const broken = rt.isValid && rt.content ? brokenRule(rt.content, rpt, rt.key) : undefined
  const settles = rt.isValid && rt.content !== undefined && broken === undefined
  if (rpt.hasRt) return { ...refuse('PAA_RT_DUPLICATA', 'RT diversa da quella già ricevuta'), settles }
  if (!rt.isValid) return refuse('PAA_SINTASSI_XSD', 'RT non conforme allo schema')
  if (broken !== undefined) return refuse('PAA_SEMANTICA', broken)
  return { fault: undefined, settles }
}

const refuse = (code: PaaFaultCode, why: string): Verdict => ({ fault: { code, why }, settles: false })

const refused = (fault: ReceiptFault, rtId: string | undefined, cartId?: string): Reception => ({
  kind: 'refused',
  fault,
  rtId,
  cartId,
})

/**
 * A node that hears nothing delivers again, perhaps many times: once the receipt is settled no process is told, because each telling
 * would start a run of a payment that has ended, and a busy server would make its own load.
 */
function again({ id, answer, isHandled }: NonNullable<RptForRt['same']>, ofRpt: string): Reception {
  const cartId = isHandled ? undefined : ofRpt
  if (answer === 'OK') return { kind: 'kept', rtId: id, cartId }
  return refused({ code: answer as PaaFaultCode, why: 'RT già ricevuta e rifiutata' }, id, cartId)
}

/** The row of these bytes, and what people must learn of it. Answers its id. */
async function keep(trx: Knex, rt: ArrivingRt, rpt: RptForRt | undefined, verdict: Verdict): Promise<string> {
  const { content, key, document, source } = rt
  const row = {
    key,
    document,
    rpt,
    content,
    addresses:
      rpt && content
        ? receiptAddresses(content, { pagatore: rpt.pagatoreEmail, versante: rpt.versanteEmail })
        : [],
    source,
    answer: verdict.fault?.code ?? 'OK',
    settles: verdict.settles,
  }
  const stored = rpt?.same?.id
  // Under a header that is not ours nothing of an earlier delivery changes.
  if (stored !== undefined && rt.stranger) return stored
  if (stored !== undefined) await acceptLater(trx, stored, row)
  const rtId = stored ?? (await insertRt(trx, row))
  if (verdict.settles && !verdict.fault) await noteOddities(trx, rt, rpt!, rtId)
  if (!verdict.settles) await keepForPeople(trx, rt, rpt, { rtId, fault: verdict.fault })
  return rtId
}

/** What is odd and refuses nothing goes on the payment's timeline, by kind and without the values, which name persons. */
async function noteOddities(trx: Knex, rt: ArrivingRt, rpt: RptForRt, rtId: string): Promise<void> {
  const kinds = oddities(rt.content!, { ...rpt, asked: tryReadAsked(rpt.document.toString('utf8')) })
  if (kinds.length > 0)
    await noteEvent(trx, {
      entity: 'rpt',
      entityId: rpt.id,
      kind: 'receipt_noted',
      data: { rtId, notes: kinds },
    })
}

/** Money that moved, or a receipt nobody could read, waits for a person; a refused receipt of no payment is only kept. */
async function keepForPeople(
  trx: Knex,
  { content, stranger }: ArrivingRt,
  rpt: RptForRt | undefined,
  { rtId, fault }: { rtId: string; fault: ReceiptFault | undefined },
): Promise<void> {
  if (content && !saysMoneyMoved(content.outcome)) return
  const refusedKind = rpt || stranger ? 'receipt_refused' : 'unknown_rpt'
  await raiseKept(trx, {
    kind: fault ? refusedKind : 'receipt_not_understood',
    rtId,
    rpt,
    cents: content?.totalCents ?? 0,
    why: fault?.why ?? 'valida per lo schema, ma non è stato possibile leggerla',
  })
}
