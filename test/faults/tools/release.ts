import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** The port of an address of the world. */
export const portOf = (url: string): number => Number(new URL(url).port)

export interface Answer {
  status: number
  location: string | undefined
  text: string
}

/** Opens a socket per request, sends all but the last byte of each, then all last bytes at the same time. */
export async function releaseTogether(
  port: number,
  requests: readonly (string | Buffer)[],
): Promise<Answer[]> {
  const sockets = await Promise.all(requests.map((request) => hold(port, request)))
  const answers = sockets.map(readAll)
  sockets.forEach((socket, index) => socket.write(Buffer.from(requests[index]!).subarray(-1)))
  return (await Promise.all(answers)).map(parse)
}

async function hold(port: number, request: string | Buffer): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.setNoDelay(true)
  socket.write(Buffer.from(request).subarray(0, -1))
  return socket
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (bytes) => chunks.push(bytes))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): Answer {
  const location = /^location: (.*)\r$/im.exec(text)?.[1]
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), location, text }
}

export interface Request {
  method?: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
}

/** Text of one HTTP/1.1 request. The server closes the connection after its answer. */
export function rawRequest({ method = 'POST', path, headers = {}, body = '' }: Request): string {
  const given = {
    host: '127.0.0.1',
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${path} HTTP/1.1`, ...lines, '', body].join('\r\n')
}
