import type { JournalEntry } from '../../../db/journal/journal.ts'
import type { ReportedRow } from '../../../domain/reporting/row.ts'
import type { Station } from '../../../domain/wire/node.ts'
import { FlowReader, UnreadableFlow } from '../../../domain/wire/read-flow-document.ts'
import {
  buildRead,
  faultIn,
  readFlowList,
  UNKNOWN_PSP,
  type ReadName,
} from '../../../domain/wire/reporting-soap.ts'
import { withoutPassword } from '../../../domain/wire/soap.ts'
import { has, type XmlTree } from '../../../domain/wire/xml-tree.ts'
import { secondsOf } from '../retry-after.ts'
import type { Answer, Asked, TakeFlowPart, WholeFlow, WholeSource } from '../source.ts'
import { Envelope, messageOf } from './envelope.ts'
import { BrokenAnswer, post, type PostOptions } from './post.ts'

export interface SoapOptions extends PostOptions {
  station: Station
}

/** The node does not know what was asked for. */
const GONE: ReadonlySet<string> = new Set(['PPT_ID_FLUSSO_SCONOSCIUTO'])
/** The id of a flow does not always name its PSP rightly, because a PSP may have a dash of its own. */
const OTHER_PSP = /^PPT_PSP_/
/** The node does not let us ask, and asking again changes nothing. Every other fault may pass. */
const REFUSED =
  /^PPT_(AUTENTICAZIONE|AUTORIZZAZIONE|DOMINIO|INTERMEDIARIO_PA|PSP|SEMANTICA|SINTASSI|STAZIONE_INT_PA_(SCONOSCIUTA|DISABILITATA))/

/** The reads of the old node (SOAP), by the same station as its other calls. */
export function createSoapSource(options: SoapOptions): WholeSource {
  return {
    kind: 'whole',
    list: (domain) =>
      ask(options, { name: 'nodoChiediElencoFlussiRendicontazione', asked: { domain }, read: readFlowList }),
    async flow({ domain, flowId, pspId }, take) {
      const known = pspId === UNKNOWN_PSP ? undefined : pspId
      const first = await askFlow(options, { domain, flowId, pspId: known }, take)
      const { answer } = first
      if (known === undefined || answer.kind !== 'refused' || !OTHER_PSP.test(answer.why)) return first
      const second = await askFlow(options, { domain, flowId }, take)
      return { answer: second.answer, journal: [...first.journal, ...second.journal] }
    },
  }
}

/** Asks for a flow and reads its document while it comes. */
function askFlow(
  options: SoapOptions,
  asked: Question<WholeFlow>['asked'],
  take: TakeFlowPart,
): Promise<Asked<WholeFlow>> {
  const reader = new FlowReader()
  let parts = 0
  const give = async (document: Uint8Array, rows: ReportedRow[]): Promise<boolean> => {
    parts += 1
    return take({ number: parts, document, rows, head: reader.head })
  }
  return ask(options, {
    name: 'nodoChiediFlussoRendicontazione',
    element: 'xmlRendicontazione',
    asked,
    take: (part) =>
      give(
        part,
        readable(() => reader.read(part)),
      ),
    async takeLast(part) {
      const rows = readable(() => [...(part ? reader.read(part) : []), ...reader.end()])
      return give(part ?? new Uint8Array(), rows)
    },
    read: () => ({ head: reader.head, parts }),
  })
}

function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UnreadableFlow) throw new BrokenAnswer(error.why, error)
    throw error
  }
}

interface Question<Value> {
  name: ReadName
  asked: { domain: string; flowId?: string; pspId?: string | undefined }
  /** The element with the document, and who takes its parts; the last one may be missing. False takes no more. */
  element?: string
  take?: (part: Uint8Array) => Promise<boolean>
  takeLast?: (part: Uint8Array | undefined) => Promise<boolean>
  /** @throws when the answer is not what the contract promises */
  read: (reply: XmlTree) => Value
}

/** Asks once. It throws only what `take` throws. */
export async function ask<Value>(options: SoapOptions, question: Question<Value>): Promise<Asked<Value>> {
  const request = buildRead(question.name, options.station, question.asked)
  const startedAt = Date.now()
  const of: Called = { status: null, envelope: new Envelope(question.element) }
  const answer = await answerTo(options, request, question, of).catch((error: unknown): Answer<Value> => {
    if (!(error instanceof BrokenAnswer)) throw error
    return { kind: 'none', why: error.why }
  })
  return { answer, journal: [entry(question, { request, answer, of, durationMs: Date.now() - startedAt })] }
}

interface Called {
  status: number | null
  envelope: Envelope
}

async function answerTo<Value>(
  options: SoapOptions,
  request: Uint8Array,
  question: Question<Value>,
  of: Called,
): Promise<Answer<Value>> {
  const reply = await post(options, question.name, request)
  of.status = reply.status
  if (reply.status === 429) return { kind: 'too_many', seconds: secondsOf(reply.retryAfter, new Date()) }
  if (reply.status === 401 || reply.status === 403) return { kind: 'refused', why: `HTTP_${reply.status}` }
  const isWanted = await taken(of.envelope, reply.body, question)
  // Whoever took the first parts knows already that it is not what was asked for.
  if (!isWanted) return { kind: 'gone' }
  return judged(of, reply.status, question)
}

/** Gives the parts of the document away as they come. False when the taker wants no more. */
async function taken(
  envelope: Envelope,
  body: AsyncIterable<Uint8Array>,
  { take, takeLast }: Pick<Question<unknown>, 'take' | 'takeLast'>,
): Promise<boolean> {
  for await (const bytes of body)
    for (const part of envelope.read(bytes)) if (take && !(await take(part))) return false
  const last = envelope.end()
  return !takeLast || !envelope.hasDocument || takeLast(last)
}

function judged<Value>(
  { envelope }: Called,
  status: number,
  { name, element, read }: Question<Value>,
): Answer<Value> {
  const around = envelope.around()
  const reply = messageIn(around, name, status)
  const fault = faultIn(reply)
  if (fault !== undefined && GONE.has(fault)) return { kind: 'gone' }
  if (fault !== undefined) return { kind: REFUSED.test(fault) ? 'refused' : 'none', why: fault }
  // The node leaves the document out where it delivers it by SFTP.
  if (element !== undefined && !(envelope.hasDocument && has(reply, element)))
    return { kind: 'none', why: 'NO_DOCUMENT' }
  try {
    return { kind: 'value', value: read(reply) }
  } catch {
    return { kind: 'none', why: 'UNREADABLE' }
  }
}

function messageIn(around: Uint8Array, name: string, status: number): XmlTree {
  try {
    return messageOf(around, name)
  } catch (error) {
    throw error instanceof BrokenAnswer && status !== 200 ? new BrokenAnswer(`HTTP_${status}`, error) : error
  }
}

function entry<Value>(
  { name, asked, element }: Question<Value>,
  {
    request,
    answer,
    of,
    durationMs,
  }: { request: Uint8Array; answer: Answer<Value>; of: Called; durationMs: number },
): JournalEntry {
  const isOk = answer.kind === 'value'
  return {
    direction: 'out',
    operation: name,
    cartId: null,
    domain: asked.domain,
    iuv: null,
    attemptCode: null,
    outcome: isOk ? 'OK' : 'why' in answer ? answer.why : answer.kind.toUpperCase(),
    httpStatus: of.status,
    durationMs,
    request: withoutPassword(request),
    // A document is stored elsewhere, so the journal has only what was around it.
    response: isOk && element !== undefined ? null : of.envelope.around(),
  }
}
