import type { Knex } from 'knex'
import type { SoapRefusal } from '../../contracts/soap.ts'
import { writeJournal, type JournalEntry } from '../../db/journal/journal.ts'
import type { IncomingHeader, PaaFault } from '../../domain/wire/node.ts'
import { UNREADABLE_CALL, type CodeAndWords } from '../../domain/wire/node-refusals.ts'
import type { Identity } from './identity.ts'

/** A fault before it is written as XML: the code and the words of the node, and our description. */
export interface Fault {
  said: CodeAndWords
  why: string
}

export interface Answer {
  /** HTTP status. */
  status: number
  body: Uint8Array
  /** OK, the code of the fault, or why the call could not be read. */
  outcome: string
}

/** The fault for a refusal of our rules. @param words the code and words of the node for each refusal */
export const faultOf = <Reason extends string>(
  words: Readonly<Record<Reason, CodeAndWords>>,
  { refusal, why }: { refusal: Reason; why: string },
): Fault => ({ said: words[refusal], why })

/** The fault bean of an answer. @param id what the fault is about: the domain of the ente, or our broker code */
export const faultBean = ({ said: [faultCode, faultString], why }: Fault, id: string): PaaFault => ({
  faultCode,
  faultString,
  id,
  description: why,
})

/** Writes a call and its answer to the journal. */
const journalCall = (db: Knex, call: Omit<JournalEntry, 'direction' | 'durationMs'>): Promise<void> =>
  writeJournal(db, [{ direction: 'in', durationMs: null, ...call }])

interface Answered {
  request: Uint8Array
  operation: string
  header: IncomingHeader
  /** The payment of the call; undefined when it belongs to none of ours. */
  cartId: string | undefined
  outcome: string
  body: Uint8Array
}

/** The answer to a readable call. Call and answer are in the journal when it returns. */
export async function answered(
  db: Knex,
  { request, operation, header: { domain, iuv, attemptCode }, cartId, outcome, body }: Answered,
): Promise<Answer> {
  const key = { cartId: cartId ?? null, domain, iuv, attemptCode }
  await journalCall(db, { operation, ...key, outcome, httpStatus: 200, request, response: body })
  return { status: 200, body, outcome }
}

interface Unreadable<Operation extends string> {
  request: Uint8Array
  refusal: SoapRefusal
  /** The operations of the called address. A call without a readable name is journalled under the first one. */
  operations: readonly [Operation, ...Operation[]]
  write(operation: Operation, fault: PaaFault): Uint8Array
}

/** The answer to an unreadable call: 200 with a fault when only the content of one of our operations is wrong, otherwise 400. */
export async function refuseUnreadable<Operation extends string>(
  db: Knex,
  us: Identity,
  { request, refusal, operations, write }: Unreadable<Operation>,
): Promise<Answer> {
  const named = operations.find((name) => name === refusal.operation)
  const ours = refusal.reason === 'invalid' ? named : undefined
  const fault: Fault = { said: UNREADABLE_CALL, why: refusal.violations.join('; ').slice(0, 140) }
  const answer =
    ours === undefined
      ? { status: 400, body: new Uint8Array(), outcome: refusal.reason }
      : { status: 200, body: write(ours, faultBean(fault, us.broker)), outcome: fault.said[0] }
  const unknown = { cartId: null, domain: null, iuv: null, attemptCode: null }
  const { status: httpStatus, body: response, outcome } = answer
  const operation = named ?? operations[0]
  await journalCall(db, { operation, ...unknown, outcome, httpStatus, request, response })
  return answer
}
