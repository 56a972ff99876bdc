import type { Knex } from 'knex'
import { brokenRule, receiptAddresses, type PaaFaultCode } from '../domain/payment/receipt-check.ts'
import { saysMoneyMoved } from '../domain/payment/model.ts'
import type { RptKey } from '../domain/wire/nodo.ts'
import type { RtDocument } from '../domain/wire/rt.ts'
import { insertRt, lockRptForRt, raiseRefused, type RptForRt } from './rt.ts'

export interface ArrivingRt {
  key: RptKey
  document: Uint8Array
  source: 'push' | 'copy'
  /** What could be read of it; undefined when even a lenient look found no RT. */
  content: RtDocument | undefined
  /** The document passes the RT schema. */
  isValid: boolean
  /** The caller named somebody who is not us: its RT is kept only when it says that money moved. */
  stranger?: Reception['fault']
}

export interface Reception {
  fault: { code: PaaFaultCode; why: string } | undefined
  rtId: string | undefined
  /** The payment process has something to learn. */
  cartId: string | undefined
}

/**
 * Judges and keeps an RT in the caller's transaction, in the order of pagopa.md §4.6, rows 3 to 9, with rulings 5 to 8.
 * What cannot be read as an RT at all is only journalled by the caller. The state of cart or due never refuses it.
 */
export async function receiveRt(trx: Knex, rt: ArrivingRt): Promise<Reception> {
  const rpt = rt.stranger ? undefined : await lockRptForRt(trx, rt.key, rt.document)
  if (rpt?.same) return { ...again({ rtId: rpt.same.id, answer: rpt.same.answer }), cartId: rpt.cartId }
  const judged = rt.stranger ? { fault: rt.stranger, settles: false } : judge(rt, rpt)
  if (!rt.content || (rt.stranger && !saysMoneyMoved(rt.content.outcome)))
    return { fault: judged.fault, rtId: undefined, cartId: undefined }
  const answer = judged.fault?.code ?? 'OK'
  const arrival = await insertRt(trx, {
    key: rt.key,
    document: rt.document,
    rpt,
    content: rt.content,
    addresses: rpt
      ? receiptAddresses(rt.content, { pagatore: rpt.pagatoreEmail, versante: rpt.versanteEmail })
      : [],
    source: rt.source,
    answer,
    settles: judged.settles,
  })
  // The same bytes again: our first answer may have been lost, so it is given again.
  if (arrival.kind === 'same') return { ...again(arrival), cartId: rpt?.cartId }
  if (!judged.settles) await keepForPeople(trx, rt, rpt, arrival.rtId, judged.fault!)
  return { fault: judged.fault, rtId: arrival.rtId, cartId: judged.settles ? rpt?.cartId : undefined }
}

interface Judged {
  fault: Reception['fault']
  settles: boolean
}

function judge(rt: ArrivingRt, rpt: RptForRt | undefined): Judged {
  if (!rpt) return refuse('PAA_RPT_SCONOSCIUTA', 'RPT non trovata')
  const broken = rt.isValid && rt.content ? brokenRule(rt.content, rpt, rt.key) : undefined
  const settles = rt.isValid && rt.content !== undefined && broken === undefined
  if (rpt.hasRt) return { ...refuse('PAA_RT_DUPLICATA', 'RT diversa da quella già ricevuta'), settles }
  if (!rt.isValid) return refuse('PAA_SINTASSI_XSD', 'RT non conforme allo schema')
  if (broken !== undefined) return refuse('PAA_SEMANTICA', broken)
  return { fault: undefined, settles: true }
}

const refuse = (code: PaaFaultCode, why: string): Judged => ({ fault: { code, why }, settles: false })

function again({ rtId, answer }: { rtId: string; answer: string }): Pick<Reception, 'fault' | 'rtId'> {
  const fault =
    answer === 'OK' ? undefined : { code: answer as PaaFaultCode, why: 'RT già ricevuta e rifiutata' }
  return { fault, rtId }
}

async function keepForPeople(
  trx: Knex,
  rt: ArrivingRt,
  rpt: RptForRt | undefined,
  rtId: string,
  fault: NonNullable<Reception['fault']>,
): Promise<void> {
  if (!rt.content || !saysMoneyMoved(rt.content.outcome)) return
  await raiseRefused(trx, {
    kind: rpt || rt.stranger ? 'receipt_refused' : 'unknown_rpt',
    rtId,
    rpt,
    cents: rt.content.totalCents,
    why: fault.why,
  })
}
