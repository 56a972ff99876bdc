import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { connect, type Server as TlsServer } from 'node:tls'
import { once } from 'node:events'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { anAuthority, read, type Certificate } from '../test/setup/certificates.ts'
import { createNodeServer, type NodeServerConfig } from './node-server.ts'

const authority = anAuthority()
const ours = authority.issue('/CN=localhost')
const node = authority.issue('/C=IT/O=Example S.p.A./CN=api.node.example')
const logged: string[] = []
let served = 0
let server: Server
let port = 0

async function listening(subjects: NodeServerConfig['NODO_TLS_CLIENT_SUBJECTS']) {
  const made = createNodeServer(
    {
      NODO_TLS_CERT: ours.cert,
      NODO_TLS_KEY: ours.key,
      NODO_TLS_CLIENT_CA: authority.cert,
      NODO_TLS_CLIENT_SUBJECTS: subjects,
    },
    (_req, res) => {
      served += 1
      res.end('served')
    },
    pino({}, { write: (line: string) => void logged.push(line) }),
  )
  made.listen(0, '127.0.0.1')
  await once(made, 'listening')
  return { server: made, port: (made.address() as AddressInfo).port }
}

function stop(one: Server): void {
  one.closeAllConnections()
  one.close()
}

beforeAll(async () => {
  const pinned = [{ CN: 'next.node.example' }, { CN: 'api.node.example', O: 'Example S.p.A.' }]
  ;({ server, port } = await listening(pinned))
})
afterAll(() => stop(server))
beforeEach(() => {
  served = 0
  logged.length = 0
})

const ca = readFileSync(authority.cert)

/** Returns the HTTP status, or the code of the connection error. */
function call(client: Certificate | undefined): Promise<number | string> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, ca, agent: false, ...(client ? read(client) : {}) }
    request(options, (res) => resolve(res.resume().statusCode!))
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code!))
      .end()
  })
}

it('the node is served with its present certificate and with the next one', async () => {
  expect(await call(node)).toBe(200)
  expect(await call(authority.issue('/CN=next.node.example'))).toBe(200)
})

it.each([
  ['another client of the same authority', '/CN=another.example/O=Example S.p.A.'],
  ['another organisation with the name of the node', '/CN=api.node.example/O=Example'],
  ['a longer name', '/CN=api.node.example.evil.example/O=Example S.p.A.'],
  ['the name in another attribute', '/OU=api.node.example/O=Example S.p.A.'],
  ['the name beside another', '/CN=another.example/CN=api.node.example/O=Example S.p.A.'],
])('%s is refused before its request is read, and the log has its subject', async (_what, subject) => {
  expect(await call(authority.issue(subject))).toBe('ECONNRESET')
  expect(served).toBe(0)
  expect(logged.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ level: 40, subject: expect.anything() as object }),
  ])
})

it('the subject of the node from another authority, or no certificate, is refused', async () => {
  const [code, none] = [
    await call(anAuthority().issue('/CN=api.node.example/O=Example S.p.A.')),
    await call(undefined),
  ]
  expect([typeof code, typeof none, served]).toEqual(['string', 'string', 0])
})

it('a resumed TLS session proves only the certificate it began with', async () => {
  const other = read(authority.issue('/CN=another.example'))
  const open = await listening([])
  tlsOf(open.server).setTicketKeys(tlsOf(server).getTicketKeys())
  const first = await ask(open.port, other)
  expect(first.text).toContain('served')
  expect((await ask(open.port, { session: first.session })).text).toContain('served')
  stop(open.server)
  served = 0
  expect((await ask(port, { session: first.session })).text).toBe('')
  expect((await ask(port, { ...other, session: first.session })).text).toBe('')
  expect(served).toBe(0)
})

const tlsOf = (one: Server): TlsServer => one as Server & TlsServer

/** Sends one request; returns the text of the answer and the TLS session that the server gave. */
async function ask(at: number, given: object): Promise<{ session: Buffer | undefined; text: string }> {
  const socket = connect({ host: '127.0.0.1', port: at, ca, maxVersion: 'TLSv1.2', ...given })
  let session: Buffer | undefined
  let text = ''
  socket.on('session', (one: Buffer) => (session = one))
  socket.on('data', (part) => (text += String(part)))
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  await new Promise((resolve) => socket.once('close', resolve))
  return { session, text }
}
