import { meaningOf } from '../../../domain/wire/node-faults.ts'
import { progressOf } from '../../../domain/wire/node-states.ts'
import { readSoap } from '../../../contracts/soap.ts'
import { codeOf } from '../../../db/ground/errors.ts'
import type { SendAnswer } from '../../../domain/payment/send.ts'
import type { StateAnswer } from '../../../domain/payment/ask-state.ts'
import {
  buildChiediCopia,
  buildChiediStato,
  buildInviaCarrello,
  buildInviaRpt,
  readCartReply,
  readCopyReply,
  readRptReply,
  readStateReply,
  type Station,
  type CartReply,
} from '../../../domain/wire/node.ts'
import type { AttemptKey } from '../../../domain/payment/model.ts'
import { withoutPassword } from '../../../domain/wire/soap.ts'
import { readTree, type XmlTree } from '../../../domain/wire/xml-tree.ts'
import { postSoap } from './http.ts'
import type { CopyAnswer, Exchange, Node } from '../port.ts'

export interface RptClientOptions {
  url: string
  station: Station
  subscriptionKey: string | undefined
  timeoutMs: number
}

const MAX_ANSWER = 4 * 1024 * 1024

type Outcome = { kind: 'reply'; reply: XmlTree } | { kind: 'silence'; why: string } | { kind: 'not_offered' }

/** The adapter for RPT and RT. An answer that does not conform to its schema counts as no answer. */
export function createRptClient(options: RptClientOptions): Node {
  const call = caller(options)
  return {
    async sendCart(cart) {
      const { operation, build, read } = cart.psp ? AT_A_PSP : ONLINE
      const { outcome, journal } = await call(operation, build(options.station, cart), cart.attempts[0]!)
      return finish<SendAnswer>(journal, outcome, {
        reply: (reply) => sendAnswer(read(reply)),
        silence: (why) => ({ kind: 'unknown', why }),
      })
    },
    async askState(rpt) {
      const { outcome, journal } = await call(
        'nodoChiediStatoRPT',
        buildChiediStato(options.station, rpt),
        rpt,
      )
      if (outcome.kind === 'not_offered') return { answer: { kind: 'not_offered' }, journal }
      return finish<StateAnswer>(journal, outcome, {
        reply: stateAnswer,
        silence: (why) => ({ kind: 'no_answer', why }),
      })
    },
    async askReceipt(rpt) {
      const { outcome, journal } = await call(
        'nodoChiediCopiaRT',
        buildChiediCopia(options.station, rpt),
        rpt,
      )
      return finish<CopyAnswer>(journal, outcome, {
        reply: copyAnswer,
        silence: (why) => ({ kind: 'none', why }),
      })
    },
  }
}

/** The two ways to send a payment: the whole cart for payment on the node's pages, or one RPT for the PSP that activated a notice. */
const ONLINE = { operation: 'nodoInviaCarrelloRPT', build: buildInviaCarrello, read: readCartReply }
const AT_A_PSP = { operation: 'nodoInviaRPT', build: buildInviaRpt, read: readRptReply }

const sendAnswer = (read: CartReply): SendAnswer =>
  read.kind === 'fault' ? { ...read, meaning: meaningOf(read.faultCode) } : read

function stateAnswer(reply: XmlTree): StateAnswer {
  const read = readStateReply(reply)
  if (read.kind === 'known') return { ...read, progress: progressOf(read.state) }
  return read.faultCode === 'PPT_RPT_SCONOSCIUTA'
    ? { kind: 'unknown_attempt' }
    : { kind: 'no_answer', why: read.faultCode }
}

function copyAnswer(reply: XmlTree): CopyAnswer {
  const read = readCopyReply(reply)
  return read.kind === 'rt' ? { ...read, kind: 'receipt' } : { kind: 'none', why: read.faultCode }
}

interface Reading<Answer> {
  reply: (reply: XmlTree) => Answer
  silence: (why: string) => Answer
}

function finish<Answer extends object>(
  journal: Exchange<Answer>['journal'],
  outcome: Outcome,
  reading: Reading<Answer>,
): Exchange<Answer> {
  if (outcome.kind !== 'reply')
    return { answer: reading.silence(outcome.kind === 'silence' ? outcome.why : outcome.kind), journal }
  const answer = readOrSilence(outcome.reply, reading)
  return { answer, journal: { ...journal, outcome: summary(answer) } }
}

/** Treats a valid answer that cannot be read as no answer, because it proves nothing either. The node is queried again later. */
function readOrSilence<Answer extends object>(reply: XmlTree, reading: Reading<Answer>): Answer {
  try {
    return reading.reply(reply)
  } catch {
    return reading.silence('UNREADABLE')
  }
}

/** The outcome of an answer for the journal. */
function summary(answer: object): string {
  if ('faultCode' in answer) return String(answer.faultCode)
  if ('why' in answer) return String(answer.why)
  return 'state' in answer ? String(answer.state) : 'OK'
}

type Caller = (
  operation: string,
  request: Uint8Array,
  rpt: AttemptKey,
) => Promise<{ outcome: Outcome; journal: Exchange<unknown>['journal'] }>

function caller({ url, subscriptionKey, timeoutMs }: RptClientOptions): Caller {
  const headers: Record<string, string> = subscriptionKey
    ? { 'ocp-apim-subscription-key': subscriptionKey }
    : {}
  return async (operation, request, { domain, iuv, attemptCode }) => {
    const startedAt = performance.now()
    const reply = await postSoap({
      url: new URL(url),
      action: operation,
      body: request,
      headers,
      timeoutMs,
      maxBytes: MAX_ANSWER,
    }).catch((error: unknown) => ({ error: transportFault(error) }))
    const durationMs = Math.round(performance.now() - startedAt)
    const outcome =
      'error' in reply ? { kind: 'silence' as const, why: reply.error } : judge(operation, reply)
    const journal = {
      direction: 'out' as const,
      operation,
      domain,
      iuv,
      attemptCode,
      outcome: outcome.kind === 'silence' ? outcome.why : outcome.kind,
      httpStatus: 'error' in reply ? null : reply.status,
      durationMs,
      request: withoutPassword(request),
      response: 'error' in reply ? null : reply.body,
    }
    return { outcome, journal }
  }
}

function judge(operation: string, reply: { status: number; body: Uint8Array }): Outcome {
  if (reply.status === 404 || reply.status === 501) return { kind: 'not_offered' }
  const message = readSoap('nodo-per-pa', reply.body)
  if (!message.ok)
    return isUnknownOperation(reply.body)
      ? { kind: 'not_offered' }
      : silence(`HTTP_${reply.status}_${message.reason}`)
  if (message.operation !== `${operation}Risposta`) return silence('OTHER_OPERATION')
  return { kind: 'reply', reply: readTree(message.body) }
}

/** Recognises the SOAP Fault of a converter that does not offer an operation. */
function isUnknownOperation(body: Uint8Array): boolean {
  return (
    body.length < 20_000 &&
    /PPT_SOAPACTION_ERRATA|operation not (found|supported)/i.test(Buffer.from(body).toString('utf8'))
  )
}

const silence = (why: string): Outcome => ({ kind: 'silence', why })

function transportFault(error: unknown): string {
  return isTimeout(error) ? 'TIMEOUT' : (codeOf(error) ?? 'TRANSPORT')
}

/** Node aborts the request at its deadline and gives the reason as the cause of the error. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || isTimeout(error.cause))
