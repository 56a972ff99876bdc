import { connect } from 'node:net'

export interface RawAnswer {
  /** Status of the answer; 0 when the server closed the connection without one. */
  status: number
  headers: string
  body: string
}

export interface RawRequest {
  method: string
  /** Path as it is sent; each character is one byte. */
  path: string
  headers?: readonly string[]
  body?: Buffer
}

/** Bytes of a request whose first line may be one that no client library would send. Adds a Host header when there is none. */
export function bytesOf({ method, path, headers = [], body }: RawRequest): Buffer {
  const given = headers.some((line) => /^host:/i.test(line)) ? headers : ['Host: mypay.example', ...headers]
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`]
  const head = [`${method} ${path} HTTP/1.1`, ...given, ...length, 'Connection: close', '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)])
}

/** Sends bytes unchanged and reads until the connection closes; for a stream of events it reads the headers only. */
export function sendBytes(url: string, bytes: Buffer, timeoutMs = 5_000): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes))
    const end = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(read(Buffer.concat(parts).toString('utf8')))
    }
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no answer in ${timeoutMs} ms to ${bytes.toString('latin1', 0, 300)}`))
    }, timeoutMs)
    socket.on('data', (part: Buffer) => {
      parts.push(part)
      if (/^content-type: text\/event-stream/im.test(part.toString('utf8'))) end()
    })
    socket.on('close', end)
    // The server may close the connection while we write; that is a valid answer, so the error is ignored.
    socket.on('error', () => undefined)
  })
}

export const sendRaw = (url: string, request: RawRequest, timeoutMs?: number): Promise<RawAnswer> =>
  sendBytes(url, bytesOf(request), timeoutMs)

function read(said: string): RawAnswer {
  // Removes a "100 Continue", which comes before the answer.
  const text = said.replace(/^HTTP\/1\.1 100 [^]*?\r\n\r\n/, '')
  const at = text.indexOf('\r\n\r\n')
  const headers = at < 0 ? text : text.slice(0, at)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1] ?? 0)
  return { status, headers, body: at < 0 ? '' : text.slice(at + 4) }
}
