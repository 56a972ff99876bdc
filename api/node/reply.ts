import type { Knex } from 'knex'
import type { SoapRefusal } from '../../contracts/soap.ts'
import { writeJournal, type JournalEntry } from '../../db/journal/journal.ts'
import type { IncomingHeader, PaaFault } from '../../domain/wire/node.ts'
import { UNREADABLE_CALL, type CodeAndWords } from '../../domain/wire/node-refusals.ts'
import type { Identity } from './identity.ts'

/** What every operation of our port says and keeps in the same way. */
export interface Fault {
  said: CodeAndWords
  why: string
}

export interface Answer {
  status: number
  body: Uint8Array
  outcome: string
}

/** A reason of the rules in the words that the node knows. */
export const faultOf = <Reason extends string>(
  words: Readonly<Record<Reason, CodeAndWords>>,
  { refusal, why }: { refusal: Reason; why: string },
): Fault => ({ said: words[refusal], why })

/** @param id whom the fault is about: the ente's domain, or us */
export const faultBean = ({ said: [faultCode, faultString], why }: Fault, id: string): PaaFault => ({
  faultCode,
  faultString,
  id,
  description: why,
})

/** The call as it came and was answered. */
const journalCall = (db: Knex, call: Omit<JournalEntry, 'direction' | 'durationMs'>): Promise<void> =>
  writeJournal(db, [{ direction: 'in', durationMs: null, ...call }])

interface Answered {
  request: Uint8Array
  operation: string
  header: IncomingHeader
  /** The payment that the call was about; undefined when none of ours was found. */
  cartId: string | undefined
  outcome: string
  body: Uint8Array
}

/** The answer to a call that could be read; what was asked and said is in the journal when it returns. */
export async function answered(
  db: Knex,
  { request, operation, header: { domain, iuv, ccp }, cartId, outcome, body }: Answered,
): Promise<Answer> {
  const key = { cartId: cartId ?? null, domain, iuv, ccp }
  await journalCall(db, { operation, ...key, outcome, httpStatus: 200, request, response: body })
  return { status: 200, body, outcome }
}

interface Unreadable<Operation extends string> {
  request: Uint8Array
  refusal: SoapRefusal
  /** Those of the address that was called; the first stands in the journal for what has no name. */
  operations: readonly [Operation, ...Operation[]]
  write(operation: Operation, fault: PaaFault): Uint8Array
}

/** 200 with a fault when the operation is ours and only its content is wrong; 4xx for the rest. */
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
  const unknown = { cartId: null, domain: null, iuv: null, ccp: null }
  const { status: httpStatus, body: response, outcome } = answer
  const operation = named ?? operations[0]
  await journalCall(db, { operation, ...unknown, outcome, httpStatus, request, response })
  return answer
}
