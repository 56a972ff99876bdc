import type { Knex } from 'knex'
import { readSoap, type SoapRefusal } from '../../contracts/soap.ts'
import { violations } from '../../contracts/schemas.ts'
import { parseXml } from '../../contracts/xml.ts'
import { writeJournal, type JournalEntry } from '../../db/journal.ts'
import { receiveRt, type Reception } from '../../db/receive-rt.ts'
import { PAA_FAULT_STRINGS, type PaaFaultCode } from '../../domain/payment/receipt-check.ts'
import { buildInviaRtReply, readHeader, type IncomingHeader } from '../../domain/wire/nodo.ts'
import { tryReadRt } from '../../domain/wire/read-rt.ts'
import { readTree, textOf } from '../../domain/wire/xml-tree.ts'
import { strangerFault, type Identity } from './identity.ts'

export interface RtAnswer {
  status: number
  body: Uint8Array
  outcome: string
  /** The payment process to tell, after the commit. */
  tell: { cartId: string; rtId: string } | undefined
}

interface Fault {
  code: PaaFaultCode
  why: string
}

/**
 * paaInviaRT: what can be read gets HTTP 200 with the fault bean, what cannot or is hostile a 4xx; one commit stores
 * bytes and journal, and only then anything is answered. Source: pagopa.md §4.6, rulings 5 to 8, 11, 14.
 */
export async function answerRt(db: Knex, us: Identity, request: Uint8Array): Promise<RtAnswer> {
  const message = readSoap('pa-per-nodo', request)
  if (!message.ok) return refuseUnreadable(db, us, request, message)
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
  stranger: Fault | undefined
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
  await writeJournal(trx, [
    entry({ cartId: cartId ?? null, domain, iuv, ccp, outcome, httpStatus: 200, request, response: body }),
  ])
  return { status: 200, body, outcome, tell: cartId && rtId ? { cartId, rtId } : undefined }
}

/** 200 with a fault when the operation is ours and only its content is wrong; 4xx for the rest. */
async function refuseUnreadable(
  db: Knex,
  us: Identity,
  request: Uint8Array,
  refusal: SoapRefusal,
): Promise<RtAnswer> {
  const isOurs = refusal.reason === 'invalid' && refusal.operation === 'paaInviaRT'
  const fault: Fault = { code: 'PAA_SINTASSI_EXTRAXSD', why: refusal.violations.join('; ').slice(0, 140) }
  const body = isOurs ? buildInviaRtReply(faultBean(fault, us.broker)) : new Uint8Array()
  const status = isOurs ? 200 : 400
  await writeJournal(db, [
    entry({
      cartId: null,
      domain: null,
      iuv: null,
      ccp: null,
      outcome: isOurs ? fault.code : refusal.reason,
      httpStatus: status,
      request,
      response: body,
    }),
  ])
  return { status, body, outcome: isOurs ? fault.code : refusal.reason, tell: undefined }
}

const faultBean = (fault: Fault, id: string): Parameters<typeof buildInviaRtReply>[0] & object => ({
  faultCode: fault.code,
  faultString: PAA_FAULT_STRINGS[fault.code],
  id,
  description: fault.why,
})

const entry = (given: Omit<JournalEntry, 'direction' | 'operation' | 'durationMs'>): JournalEntry => ({
  direction: 'in',
  operation: 'paaInviaRT',
  durationMs: null,
  ...given,
})

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

function isXml(bytes: Uint8Array): boolean {
  const reading = parseXml(bytes)
  if (reading.ok) reading.doc.dispose()
  return reading.ok
}
