import { Agent, request as httpRequest } from 'node:http'
import { Agent as TlsAgent, request as httpsRequest } from 'node:https'

export interface HttpReply {
  status: number
  body: Uint8Array
}

export interface SoapCall {
  url: URL
  action: string
  body: Uint8Array
  headers: Record<string, string>
  timeoutMs: number
  maxBytes: number
}

const agents = {
  'http:': new Agent({ keepAlive: true, maxSockets: 64 }),
  'https:': new TlsAgent({ keepAlive: true, maxSockets: 64 }),
}

/**
 * Makes one POST, with a deadline for the whole answer and a limit on its size. It never repeats the call, because the rules of the
 * payment decide about that.
 * @throws AbortError after the deadline, or the error of the connection
 */
export function postSoap(call: SoapCall): Promise<HttpReply> {
  const isTls = call.url.protocol === 'https:'
  const send = isTls ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const request = send(call.url, {
      method: 'POST',
      agent: isTls ? agents['https:'] : agents['http:'],
      signal: AbortSignal.timeout(call.timeoutMs),
      headers: {
        'content-type': 'text/xml; charset=UTF-8',
        soapaction: `"${call.action}"`,
        'content-length': call.body.length,
        ...call.headers,
      },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > call.maxBytes) request.destroy(new Error('answer too large'))
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
    })
    request.end(call.body)
  })
}
