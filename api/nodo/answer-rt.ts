import type { Knex } from 'knex'
import { readSoap } from '../../contracts/soap.ts'
import { violations } from '../../contracts/schemas.ts'
import { parseXml } from '../../contracts/xml.ts'
import { receiveRt, type Reception } from '../../db/receive-rt.ts'
import { buildInviaRtReply, readHeader, type IncomingHeader, type PaaFault } from '../../domain/wire/nodo.ts'
import { tryReadRt } from '../../domain/wire/read-rt.ts'
import { readTree, textOf } from '../../domain/wire/xml-tree.ts'
import { strangerFault, type Identity, type Stranger } from './identity.ts'
import { faultBean, journalCall, refuseUnreadable, type Answer } from './reply.ts'

const OPERATION = 'paaInviaRT'

export interface RtAnswer extends Answer {
  /** The payment process to tell, after the commit. */
  tell: { cartId: string; rtId: string } | undefined
}

/**
 * paaInviaRT: what can be read gets HTTP 200 with the fault bean, what cannot or is hostile a 4xx; one commit stores
 * bytes and journal, and only then anything is answered. Source: pagopa.md §4.6, rulings 5 to 8, 11, 14.
 */
export async function answerRt(db: Knex, us: Identity, request: Uint8Array): Promise<RtAnswer> {
  const message = readSoap('pa-per-nodo', request)
  if (!message.ok) {
    const unreadable = { request, refusal: message, operations: [OPERATION] as const, write: writeFault }
    return { ...(await refuseUnreadable(db, us, unreadable)), tell: undefined }
  }
  const header = readHeader(readTree(text(message.header!)))
  const stranger = await strangerFault(db, us, header)
  const rt = Buffer.from(textOf(readTree(text(message.body)), 'rt').replace(/\s/g, ''), 'base64')
  return keep({ db, request, header, document: rt, stranger })
}

interface Kept {
  db: Knex
  request: Uint8Array
  header: IncomingHeader
  document: Uint8Array
  stranger: Stranger | undefined
}

async function keep({ db, request, header, document, stranger }: Kept): Promise<RtAnswer> {
  const { domain, iuv, ccp } = header
  const arriving = {
    key: { domain, iuv, ccp },
    document,
    source: 'push' as const,
    content: isXml(document) ? tryReadRt(text(document)) : undefined,
    isValid: violations('rpt-rt', document).length === 0,
    ...(stranger ? { stranger } : {}),
  }
  return db.transaction(async (trx) => {
    const reception = await receiveRt(trx, arriving)
    return conclude(trx, request, header, reception)
  })
}

async function conclude(
  trx: Knex,
  request: Uint8Array,
  header: IncomingHeader,
  reception: Partial<Reception> & Pick<Reception, 'fault'>,
): Promise<RtAnswer> {
  const { fault, rtId, cartId } = reception
  const body = buildInviaRtReply(fault && faultBean(fault, header.domain))
  const outcome = fault?.code ?? 'OK'
  const { domain, iuv, ccp } = header
  await journalCall(trx, {
    operation: OPERATION,
    cartId: cartId ?? null,
    domain,
    iuv,
    ccp,
    outcome,
    httpStatus: 200,
    request,
    response: body,
  })
  return { status: 200, body, outcome, tell: cartId && rtId ? { cartId, rtId } : undefined }
}

const writeFault = (_: string, fault: PaaFault): Uint8Array => buildInviaRtReply(fault)

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

function isXml(bytes: Uint8Array): boolean {
  const reading = parseXml(bytes)
  if (reading.ok) reading.doc.dispose()
  return reading.ok
}
