import type { Knex } from 'knex'
import { buildInviaRtReply, readHeader, type IncomingHeader, type PaaFault } from '../../domain/wire/node.ts'
import { RECEIPT_FAULTS } from '../../domain/wire/node-refusals.ts'
import { bytesOf } from '../../domain/wire/values.ts'
import type { Reception } from '../../services/payment/keep-receipt.ts'
import { receiveReceipt } from '../../services/payment/receive-receipt.ts'
import { readCall } from '../soap/read-call.ts'
import { refusalOfStranger, type Identity } from './identity.ts'
import { answered, faultBean, faultOf, refuseUnreadable, type Answer } from './reply.ts'

const OPERATION = 'paaInviaRT'
const OPERATIONS = [OPERATION] as const

export interface RtAnswer extends Answer {
  /** The receipt and its payment, whose durable process is woken after the commit. Undefined when the receipt belongs to no payment. */
  tell: { cartId: string; receiptId: string } | undefined
}

/**
 * Answers paaInviaRT, with which the node brings a receipt. A readable call gets HTTP 200, with a fault bean when it is refused; an
 * unreadable or hostile one gets a 4xx. One commit stores the bytes and the journal before the answer. Source:
 * docs/field/node-messages.md#checks-of-an-rt, docs/field/money-rules.md#decisions.
 */
export async function answerRt(db: Knex, us: Identity, request: Uint8Array): Promise<RtAnswer> {
  const call = readCall({
    schema: 'pa-per-nodo',
    operations: OPERATIONS,
    request,
    read: (header, body) => ({ header: readHeader(header), document: bytesOf(body, 'rt') }),
  })
  if (!call.ok) {
    const unreadable = { request, refusal: call, operations: OPERATIONS, write: writeFault }
    return { ...(await refuseUnreadable(db, us, unreadable)), tell: undefined }
  }
  const { header, document } = call.content
  const stranger = await refusalOfStranger(db, us, header)
  const { domain, iuv, attemptCode } = header
  return db.transaction(async (trx) => {
    const arriving = { key: { domain, iuv, attemptCode }, document, source: 'push' as const, stranger }
    return conclude(trx, request, header, await receiveReceipt(trx, arriving))
  })
}

/** Writes the answer and its journal entry. */
async function conclude(
  trx: Knex,
  request: Uint8Array,
  header: IncomingHeader,
  reception: Reception,
): Promise<RtAnswer> {
  const { receiptId, cartId } = reception
  const fault = reception.kind === 'kept' ? undefined : faultOf(RECEIPT_FAULTS, reception.fault)
  const body = buildInviaRtReply(fault && faultBean(fault, header.domain))
  const outcome = fault?.said[0] ?? 'OK'
  const answer = await answered(trx, { request, operation: OPERATION, header, cartId, outcome, body })
  return { ...answer, tell: cartId && receiptId ? { cartId, receiptId } : undefined }
}

const writeFault = (_: string, fault: PaaFault): Uint8Array => buildInviaRtReply(fault)
