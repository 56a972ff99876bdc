import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { violations } from '../../contracts/schemas.ts'
import { insertBegun } from '../../db/begin.ts'
import { isLocked } from '../../db/errors.ts'
import {
  findActivated,
  findPspNotice,
  lockPspNotice,
  openPspCart,
  type Activation,
  type PspNotice,
} from '../../db/psp-payment.ts'
import { AppError } from '../../domain/errors.ts'
import { amountFault, noticeFault, type NoticeFault } from '../../domain/payment/psp-notice.ts'
import { attemptOfLines } from '../../domain/payment/rpt-document.ts'
import type { Person } from '../../domain/person.ts'
import { readHeader, type IncomingHeader, type PaaFault } from '../../domain/wire/node.ts'
import {
  buildNoticeReply,
  readActivation,
  type NoticeOperation,
  type ReadActivation,
} from '../../domain/wire/psp-notice.ts'
import { readCall } from '../soap/read-call.ts'
import { strangerFault, type Identity } from './identity.ts'
import { faultBean, answered, refuseUnreadable, type Answer, type Fault } from './reply.ts'

export interface NoticeAnswer extends Answer {
  /** The payment that was activated, to tell after the commit. */
  tell: { cartId: string } | undefined
}

type Decision =
  { kind: 'fault'; fault: Fault } | { kind: 'ok'; notice: PspNotice; cartId: string | undefined }

/**
 * paaVerificaRPT and paaAttivaRPT: a PSP asks about a printed notice, then starts its payment. Verifica changes nothing.
 * Attiva commits cart, RPT and journal before it answers, and the durable process sends the RPT afterwards.
 * Source: pagopa.md §4.7, payments.md §5.6.
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
  const stranger = await strangerFault(db, us, header)
  if (stranger) return db.transaction((trx) => conclude(trx, { request, operation, header }, stranger))
  if (!begins)
    return db.transaction(async (trx) => {
      const notice = await findPspNotice(trx, header)
      const fault = noticeFault(notice)
      return conclude(trx, { request, operation, header }, fault ?? { notice: notice!, cartId: undefined })
    })
  return activate(db, us, { request, operation, header, begins })
}

interface Asked {
  request: Uint8Array
  operation: NoticeOperation
  header: IncomingHeader
}

/** The twin that came second finds the due locked or its attempt open: PAA_PAGAMENTO_IN_CORSO, whoever was first. */
async function activate(
  db: Knex,
  us: Identity,
  asked: Asked & { begins: ReadActivation },
): Promise<NoticeAnswer> {
  try {
    return await db.transaction(async (trx) => {
      const decision = await decide(trx, us, asked)
      if (decision.kind === 'fault') return conclude(trx, asked, decision.fault)
      return conclude(trx, asked, decision)
    })
  } catch (error) {
    if (!isLocked(error) && !isTwin(error)) throw error
    const fault: NoticeFault = { code: 'PAA_PAGAMENTO_IN_CORSO', why: 'un altro tentativo è aperto' }
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
  const fault = noticeFault(notice) ?? amountFault(activation.importoCents, notice!.importoCents)
  if (fault) return { kind: 'fault', fault }
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
  if (isOpen)
    return { kind: 'fault', fault: { code: 'PAA_PAGAMENTO_IN_CORSO', why: 'codice contesto già in uso' } }
  return {
    kind: 'fault',
    fault: noticeFault(notice) ?? { code: 'PAA_SEMANTICA', why: 'codice contesto già usato' },
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
  const isFault = 'code' in decided
  const body = isFault
    ? buildNoticeReply(operation, { fault: faultBean(decided, header.domain) })
    : buildNoticeReply(operation, { notice: decided.notice })
  const outcome = isFault ? decided.code : 'OK'
  const cartId = isFault ? undefined : decided.cartId
  const answer = await answered(trx, { request, operation, header, cartId, outcome, body })
  return { ...answer, tell: cartId === undefined ? undefined : { cartId } }
}

const OPERATIONS = ['paaVerificaRPT', 'paaAttivaRPT'] as const

const writeFault = (operation: NoticeOperation, fault: PaaFault): Uint8Array =>
  buildNoticeReply(operation, { fault })
