import { codeOf } from '../../../domain/errors.ts'

/** An answer that broke or cannot be read. */
export class BrokenAnswer extends Error {
  readonly why: string

  constructor(why: string, cause?: unknown) {
    super(why, { cause })
    this.why = why
  }
}

export interface PostOptions {
  url: string
  subscriptionKey: string | undefined
  /** Longest silence: until the answer begins, and between its parts. */
  timeoutMs: number
}

export interface StreamedReply {
  status: number
  retryAfter: string | null
  /** Ends with BrokenAnswer when the connection breaks or falls silent. */
  body: AsyncIterable<Uint8Array>
}

/** Makes one SOAP call whose answer may be long. @throws BrokenAnswer */
export async function post(
  { url, subscriptionKey, timeoutMs }: PostOptions,
  operation: string,
  request: Uint8Array,
): Promise<StreamedReply> {
  const silence = silenceAfter(timeoutMs)
  try {
    const response = await silence.during(() =>
      fetch(url, {
        method: 'POST',
        body: Buffer.from(request),
        headers: {
          'content-type': 'text/xml; charset=UTF-8',
          soapaction: `"${operation}"`,
          ...(subscriptionKey === undefined ? {} : { 'ocp-apim-subscription-key': subscriptionKey }),
        },
        redirect: 'error',
        signal: silence.signal,
      }),
    )
    const { status, headers } = response
    return { status, retryAfter: headers.get('retry-after'), body: parts(response, silence) }
  } catch (error) {
    throw silence.blame(error)
  }
}

async function* parts({ body }: Response, silence: Silence): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (;;) {
      const read = await silence
        .during(async () => reader?.read())
        .catch((error: unknown) => {
          throw silence.blame(error)
        })
      if (!read || read.done) return
      yield read.value
    }
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
}

interface Silence {
  signal: AbortSignal
  /** Counts only while the sender is waited for: whoever reads may take longer, and the sender must not be blamed for it. */
  during<T>(wait: () => Promise<T>): Promise<T>
  blame(error: unknown): BrokenAnswer
}

function silenceAfter(timeoutMs: number): Silence {
  const silence = new AbortController()
  return {
    signal: silence.signal,
    async during(wait) {
      const timer = setTimeout(() => silence.abort(), timeoutMs)
      try {
        return await wait()
      } finally {
        clearTimeout(timer)
      }
    },
    blame: (error) =>
      new BrokenAnswer(silence.signal.aborted ? 'TIMEOUT' : (codeOf(causeOf(error)) ?? 'UNREACHABLE'), error),
  }
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined)
