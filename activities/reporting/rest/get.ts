import { codeOf } from '../../../domain/errors.ts'
import type { JournalEntry } from '../../../db/journal/journal.ts'
import type { Answer, Asked } from '../source.ts'
import { secondsOf } from '../retry-after.ts'

export interface RestOptions {
  /** Base address of the service for organizations. */
  url: string
  /** Keys of the subscription; the second is tried when the first is refused. */
  keys: readonly string[]
  timeoutMs: number
}

/** A page of a thousand payments has 200 KB. */
const MOST_BYTES = 16 * 1024 * 1024

export interface Question<Value> {
  /** Name in the journal. */
  operation: string
  domain: string
  /** Below the base address. */
  path: string
  /** @throws when the document is not what the service promises */
  read: (document: Uint8Array) => Value
  /** The document is stored elsewhere, so the journal does not keep it again. */
  isKept?: boolean
}

/** Asks once, and a second time with the second key when the first is refused. Never throws. */
export async function ask<Value>(options: RestOptions, question: Question<Value>): Promise<Asked<Value>> {
  const journal: JournalEntry[] = []
  let answer: Answer<Value> = { kind: 'refused', why: 'NO_KEY' }
  for (const key of options.keys) {
    const startedAt = Date.now()
    const reply = await get(options, question.path, key)
    answer = 'why' in reply ? { kind: 'none', why: reply.why } : answerOf(reply, question)
    journal.push(entry(question, { reply, answer, durationMs: Date.now() - startedAt }))
    if (answer.kind !== 'refused') break
  }
  return { answer, journal }
}

interface Reply {
  status: number
  body: Uint8Array
  retryAfter: string | null
}

async function get(
  { url, timeoutMs }: RestOptions,
  path: string,
  key: string,
): Promise<Reply | { why: string }> {
  try {
    const response = await fetch(url + path, {
      headers: { 'ocp-apim-subscription-key': key, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await limited(response)
    return { status: response.status, body, retryAfter: response.headers.get('retry-after') }
  } catch (error) {
    return { why: whyOf(error) }
  }
}

async function limited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error('answer too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function whyOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'TIMEOUT'
  return codeOf(error instanceof Error ? error.cause : undefined) ?? 'UNREACHABLE'
}

function answerOf<Value>({ status, body, retryAfter }: Reply, { read }: Question<Value>): Answer<Value> {
  if (status === 401 || status === 403) return { kind: 'refused', why: `HTTP_${status}` }
  if (status === 404) return { kind: 'gone' }
  if (status === 429) return { kind: 'too_many', seconds: secondsOf(retryAfter, new Date()) }
  if (status === 400) return { kind: 'refused', why: 'HTTP_400' }
  if (status !== 200) return { kind: 'none', why: `HTTP_${status}` }
  try {
    return { kind: 'value', value: read(body) }
  } catch {
    return { kind: 'none', why: 'UNREADABLE' }
  }
}

function entry<Value>(
  { operation, domain, path, isKept }: Question<Value>,
  of: { reply: Reply | { why: string }; answer: Answer<Value>; durationMs: number },
): JournalEntry {
  const reply = 'status' in of.reply ? of.reply : undefined
  const isOk = of.answer.kind === 'value'
  return {
    direction: 'out',
    operation,
    cartId: null,
    domain,
    iuv: null,
    attemptCode: null,
    outcome: isOk ? 'OK' : 'why' in of.answer ? of.answer.why : of.answer.kind.toUpperCase(),
    httpStatus: reply?.status ?? null,
    durationMs: of.durationMs,
    request: Buffer.from(`GET ${path}`),
    response: isOk && isKept ? null : (reply?.body ?? null),
  }
}
