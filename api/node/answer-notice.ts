import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { violations } from '../../contracts/schemas.ts'
import { insertBegun } from '../../db/payment/begin.ts'
import { isLocked } from '../../db/ground/errors.ts'
import {
  findActivated,
  findPspNotice,
  lockPspNotice,
  openPspCart,
  type Activation,
  type PspNotice,
} from '../../db/payment/psp-payment.ts'
import { AppError } from '../../domain/errors.ts'
import { amountRefusal, noticeRefusal, type RefusedNotice } from '../../domain/payment/psp-notice.ts'
import { attemptOfLines } from '../../domain/wire/attempt-rpt.ts'
import type { Person } from '../../domain/person.ts'
import { readHeader, type IncomingHeader, type PaaFault } from '../../domain/wire/node.ts'
import { NOTICE_FAULTS, RECEIPT_FAULTS } from '../../domain/wire/node-refusals.ts'
import {
  buildNoticeReply,
  readActivation,
  type NoticeOperation,
  type ReadActivation,
} from '../../domain/wire/psp-notice.ts'
import { readCall } from '../soap/read-call.ts'
import { refusalOfStranger, type Identity } from './identity.ts'
import { answered, faultBean, faultOf, refuseUnreadable, type Answer, type Fault } from './reply.ts'

export interface NoticeAnswer extends Answer {
  /** The payment that was activated, to tell after the commit. */
  tell: { cartId: string } | undefined
}

type Decision =
  { kind: 'refused'; refused: RefusedNotice } | { kind: 'ok'; notice: PspNotice; cartId: string | undefined }

/**
 * paaVerificaRPT and paaAttivaRPT: a PSP asks about a printed notice, then starts its payment. Verifica changes nothing.
 * Attiva commits cart, RPT and journal before it answers, and the durable process sends the RPT afterwards.
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
    return db.transaction(async (trx) => {
      const notice = await findPspNotice(trx, header)
      const refused = noticeRefusal(notice)
      const decided = refused ? faultOf(NOTICE_FAULTS, refused) : { notice: notice!, cartId: undefined }
      return conclude(trx, { request, operation, header }, decided)
    })
  return activate(db, us, { request, operation, header, begins })
}

interface Asked {
  request: Uint8Array
  operation: NoticeOperation
  header: IncomingHeader
}

/** The second of two equal requests finds the due locked or its attempt open: it is told `paying`, whichever came first. */
async function activate(
  db: Knex,
  us: Identity,
  asked: Asked & { begins: ReadActivation },
): Promise<NoticeAnswer> {
  try {
    return await db.transaction(async (trx) => {
      const decision = await decide(trx, us, asked)
      const decided = decision.kind === 'refused' ? faultOf(NOTICE_FAULTS, decision.refused) : decision
      return conclude(trx, asked, decided)
    })
  } catch (error) {
    if (!isLocked(error) && !isTwin(error)) throw error
    const fault = faultOf(NOTICE_FAULTS, { refusal: 'paying', why: 'un altro tentativo è aperto' })
    return db.transaction((trx) => conclude(trx, asked, fault))
  }
}

/** 23505 on the attempt's key or on the live due: of two equal requests at once the database let one in. */
const isTwin = (error: unknown): boolean => (error as { code?: string }).code === '23505'

async function decide(
  trx: Knex,
  us: Identity,
  { header, begins: { activation, versante } }: Asked & { begins: ReadActivation },
): Promise<Decision> {
  const again = await findActivated(trx, header)
  const notice = again ? await findPspNotice(trx, header) : await lockPspNotice(trx, header)
  if (again) return repeated(again, activation, notice)
  const refused = noticeRefusal(notice) ?? amountRefusal(activation.importoCents, notice!.importoCents)
  if (refused) return { kind: 'refused', refused }
  return {
    kind: 'ok',
    notice: notice!,
    cartId: await begin(trx, us, { header, notice: notice!, activation, versante }),
  }
}

/** The same request again gets the same answer while its attempt is open; the key is used up when it ended. */
function repeated(
  { cartId, state, activation }: NonNullable<Awaited<ReturnType<typeof findActivated>>>,
  asked: Activation,
  notice: PspNotice | undefined,
): Decision {
  const isSame =
    activation !== null &&
    (Object.keys(asked) as (keyof Activation)[]).every((field) => activation[field] === asked[field])
  const isOpen = state === 'created' || state === 'sent'
  if (isSame && isOpen && notice) return { kind: 'ok', notice, cartId }
  if (isOpen) return { kind: 'refused', refused: { refusal: 'paying', why: 'codice contesto già in uso' } }
  return {
    kind: 'refused',
    refused: noticeRefusal(notice) ?? { refusal: 'not_at_psp', why: 'codice contesto già usato' },
  }
}

interface Beginning {
  header: IncomingHeader
  notice: PspNotice
  activation: Activation
  versante: Person | undefined
}

/** Cart, RPT and states move together; the RPT waits to be sent, and nobody has seen it yet. */
async function begin(
  trx: Knex,
  us: Identity,
  { header, notice, activation, versante }: Beginning,
): Promise<string> {
  const { dueId } = notice
  const owner = (await trx('due').where({ id: dueId }).first('pagatore')) as { pagatore: Person }
  const { cart, item } = await openPspCart(trx, {
    dueId,
    versante: versante ?? owner.pagatore,
    activation,
  })
  const { row, document } = attemptOfLines({
    id: randomUUID(),
    cart,
    lines: [{ item, share: item.shares[0]! }],
    iuv: header.iuv,
    ccp: header.ccp,
    station: us.station,
    position: 1,
    tipoVersamento: 'PO',
  })
  const found = violations('rpt-rt', document)
  if (found.length > 0) throw new AppError('RPT_INVALID', { violations: found.slice(0, 5) })
  await insertBegun(trx, {
    cartId: cart.id,
    carrelloId: cart.carrelloId,
    multiBeneficiario: false,
    attempts: [{ ...row, document }],
    requestedAt: cart.now,
    firstCheckIn: 0,
    isUnsent: true,
  })
  return cart.id
}

async function conclude(
  trx: Knex,
  { request, operation, header }: Asked,
  decided: Fault | { notice: PspNotice; cartId: string | undefined },
): Promise<NoticeAnswer> {
  const isFault = 'said' in decided
  const body = isFault
    ? buildNoticeReply(operation, { fault: faultBean(decided, header.domain) })
    : buildNoticeReply(operation, { notice: decided.notice })
  const outcome = isFault ? decided.said[0] : 'OK'
  const cartId = isFault ? undefined : decided.cartId
  const answer = await answered(trx, { request, operation, header, cartId, outcome, body })
  return { ...answer, tell: cartId === undefined ? undefined : { cartId } }
}

const OPERATIONS = ['paaVerificaRPT', 'paaAttivaRPT'] as const

const writeFault = (operation: NoticeOperation, fault: PaaFault): Uint8Array =>
  buildNoticeReply(operation, { fault })
