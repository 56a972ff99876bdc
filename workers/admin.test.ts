import type { Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sendBytes, sendRaw } from '../test/setup/raw.ts'
import { waitUntil } from '../test/setup/wait.ts'
import { startAdmin } from './admin.ts'
import { readConfig } from './config.ts'

let server: Server
let url: string
let isReady = true

beforeAll(async () => {
  server = await startAdmin({
    port: 0,
    host: '127.0.0.1',
    checks: { database: () => Promise.resolve(isReady) },
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.closeAllConnections())

function open(first: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(first)
      resolve(socket)
    })
    socket.on('error', () => undefined).resume()
  })
}

const isCut = (socket: Socket): boolean => socket.closed || socket.readableEnded

it('closes a connection that never ends its headers, as the other ports do', async () => {
  const sockets = await Promise.all(
    Array.from({ length: 20 }, () => open('GET /healthz HTTP/1.1\r\nHost: x\r\nX: ')),
  )
  await waitUntil(() => sockets.every(isCut), 20_000)
  expect((await sendRaw(url, { method: 'GET', path: '/healthz' })).status).toBe(200)
}, 30_000)

it('closes a connection that never ends its body', async () => {
  const socket = await open('POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1')
  await waitUntil(() => isCut(socket), 25_000)
  expect(isCut(socket)).toBe(true)
}, 30_000)

it('keeps at most 100 connections, and answers again when some are closed', async () => {
  const sockets = await Promise.all(Array.from({ length: 150 }, () => open('GET /healthz HTTP/1.1\r\n')))
  await waitUntil(() => sockets.filter(isCut).length >= 50)
  for (const socket of sockets) socket.destroy()
  const answer = await waitUntil(async () => {
    const { status } = await sendRaw(url, { method: 'GET', path: '/healthz' })
    return status !== 0 && status
  })
  expect(answer).toBe(200)
})

it('answers its paths to GET and HEAD, refuses the rest, and survives a broken request', async () => {
  for (const [method, path, status] of [
    ['GET', '/healthz', 200],
    ['HEAD', '/readyz', 200],
    ['GET', '/metrics', 200],
    ['GET', '/nowhere', 404],
    ['GET', '/%', 404],
    ['GET', '/healthz/../metrics', 404],
    ['POST', '/healthz', 405],
    ['OPTIONS', '*', 405],
  ] as const)
    expect([method, path, (await sendRaw(url, { method, path })).status]).toEqual([method, path, status])
  expect((await sendBytes(url, Buffer.from('\0\r\n\r\n'))).status).toBe(400)
  isReady = false
  expect((await sendRaw(url, { method: 'GET', path: '/readyz' })).status).toBe(503)
  isReady = true
})

const NEEDED = {
  DATABASE_URL: 'postgres://mypay@127.0.0.1/mypay',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  NODO_URL: 'http://127.0.0.1:3003/nodo',
  SMTP_URL: 'smtp://127.0.0.1:3004',
}

async function boundTo(given: Record<string, string>): Promise<string> {
  const { ADMIN_HOST: host } = readConfig({ ...NEEDED, ...given })
  const server = await startAdmin({ port: 0, host, checks: { always: () => Promise.resolve(true) } })
  const { address, port } = server.address() as AddressInfo
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
  await new Promise((resolve) => server.close(resolve))
  return address
}

it('health and metrics answer this machine only, unless ADMIN_HOST names another address', async () => {
  expect(await boundTo({})).toBe('127.0.0.1')
  expect(await boundTo({ ADMIN_HOST: '0.0.0.0' })).toBe('0.0.0.0')
})

it('the admin port answers on no other address of this machine', async () => {
  const server = await startAdmin({ port: 0, host: '127.0.0.1', checks: {} })
  const { port } = server.address() as AddressInfo
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
  for (const { address } of others)
    await expect(fetch(`http://${address}:${port}/healthz`)).rejects.toThrow('fetch failed')
  await new Promise((resolve) => server.close(resolve))
})
