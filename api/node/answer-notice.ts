import type { Knex } from 'knex'
import { isLocked, isTaken } from '../../db/ground/errors.ts'
import type { PspNotice } from '../../db/payment/psp-payment.ts'
import { readHeader, type IncomingHeader, type PaaFault } from '../../domain/wire/node.ts'
import { NOTICE_FAULTS, RECEIPT_FAULTS } from '../../domain/wire/node-refusals.ts'
import {
  buildNoticeReply,
  readActivation,
  type NoticeOperation,
  type ReadActivation,
} from '../../domain/wire/psp-notice.ts'
import { checkAtPsp, startAtPsp, type AtPsp } from '../../services/payment/start-at-psp.ts'
import { paymentSummary } from '../../templates/process-words.ts'
import { readCall } from '../soap/read-call.ts'
import { refusalOfStranger, type Identity } from './identity.ts'
import { answered, faultBean, faultOf, refuseUnreadable, type Answer, type Fault } from './reply.ts'

export interface NoticeAnswer extends Answer {
  /** The payment that was activated; its durable process is woken after the commit. Undefined when none was. */
  tell: { cartId: string } | undefined
  /** The summary of that process. */
  summary?: string
}

/**
 * Answers paaVerificaRPT and paaAttivaRPT, with which a PSP checks a printed notice and then begins its payment. Verifica changes nothing.
 * Attiva commits cart, RPT and journal before the answer; the durable process sends the RPT afterwards.
 * Source: docs/field/node-messages.md#a-psp-asks.
 */
export async function answerNotice(db: Knex, us: Identity, request: Uint8Array): Promise<NoticeAnswer> {
  const call = readCall({
    schema: 'pa-per-nodo-pagamento-psp',
    operations: OPERATIONS,
    request,
    read: (head, body, name) => ({
      header: readHeader(head),
      begins: name === 'paaAttivaRPT' ? readActivation(body) : undefined,
    }),
  })
  if (!call.ok) {
    const unreadable = { request, refusal: call, operations: OPERATIONS, write: writeFault }
    return { ...(await refuseUnreadable(db, us, unreadable)), tell: undefined }
  }
  const { operation, content } = call
  const { header, begins } = content
  const stranger = await refusalOfStranger(db, us, header)
  if (stranger) {
    const fault = faultOf(RECEIPT_FAULTS, stranger)
    return db.transaction((trx) => conclude(trx, { request, operation, header }, fault))
  }
  if (!begins)
    return db.transaction(async (trx) =>
      conclude(trx, { request, operation, header }, decided(await checkAtPsp(trx, header))),
    )
  return activate(db, us, { request, operation, header, begins })
}

interface Asked {
  request: Uint8Array
  operation: NoticeOperation
  header: IncomingHeader
}

/**
 * Begins the payment. Of two equal requests at the same time the second finds the due locked or its attempt open, and gets the fault
 * `paying`.
 */
async function activate(
  db: Knex,
  us: Identity,
  asked: Asked & { begins: ReadActivation },
): Promise<NoticeAnswer> {
  const { activation, versante } = asked.begins
  const start = { key: asked.header, activation, versante, station: us.station }
  try {
    return await db.transaction(async (trx) => conclude(trx, asked, decided(await startAtPsp(trx, start))))
  } catch (error) {
    if (!isLocked(error) && !isTwin(error)) throw error
    const fault = faultOf(NOTICE_FAULTS, { refusal: 'paying', why: 'un altro tentativo è aperto' })
    return db.transaction((trx) => conclude(trx, asked, fault))
  }
}

/** True when the database refused the second of two equal requests: the attempt exists already, or the due is in another open attempt. */
const isTwin = (error: unknown): boolean => isTaken(error, 'attempt_key') || isTaken(error, 'cart_item_live')

type Decided = Fault | { notice: PspNotice; cartId: string | undefined }

const decided = (found: AtPsp): Decided =>
  found.kind === 'refused' ? faultOf(NOTICE_FAULTS, found.refused) : found

/** Writes the answer and its journal entry. */
async function conclude(
  trx: Knex,
  { request, operation, header }: Asked,
  answer: Decided,
): Promise<NoticeAnswer> {
  const isFault = 'said' in answer
  const body = isFault
    ? buildNoticeReply(operation, { fault: faultBean(answer, header.domain) })
    : buildNoticeReply(operation, { notice: answer.notice })
  const outcome = isFault ? answer.said[0] : 'OK'
  const cartId = isFault ? undefined : answer.cartId
  const reply = await answered(trx, { request, operation, header, cartId, outcome, body })
  if (isFault || cartId === undefined) return { ...reply, tell: undefined }
  return { ...reply, tell: { cartId }, summary: summaryOf(answer.notice) }
}

const summaryOf = ({ importoCents, enteName }: PspNotice): string =>
  paymentSummary({ totalCents: importoCents, enti: [enteName] })

const OPERATIONS = ['paaVerificaRPT', 'paaAttivaRPT'] as const

const writeFault = (operation: NoticeOperation, fault: PaaFault): Uint8Array =>
  buildNoticeReply(operation, { fault })
