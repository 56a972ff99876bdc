import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openGate, type Gate } from './gate.ts'

let server: Server
let port: number
let gate: Gate
let served = 0

beforeAll(async () => {
  server = createServer((_req, res) => {
    served += 1
    res.end('hello')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())
beforeEach(async () => {
  gate = await openGate({ port })
  served = 0
})
afterEach(() => gate.close())

const ask = async (ms = 1_000): Promise<string> =>
  (await fetch(`http://127.0.0.1:${gate.port}`, { signal: AbortSignal.timeout(ms) })).text()

it('passes requests and answers', async () => {
  expect(await ask()).toBe('hello')
})

it('refuses, and passes again', async () => {
  gate.set('refuse')
  await expect(ask()).rejects.toThrow()
  gate.set('pass')
  expect(await ask()).toBe('hello')
})

it('loses the answer after the effect', async () => {
  gate.set('lose_answer')
  await expect(ask()).rejects.toThrow()
  expect(served).toBe(1)
})

it('freezes without an error until it passes again', async () => {
  gate.set('freeze')
  const answer = ask(5_000)
  await expect(ask(200)).rejects.toThrow(/timeout/i)
  gate.set('pass')
  expect(await answer).toBe('hello')
})

it('loses a share of the answers', async () => {
  gate.loseSome(0.5, () => 0.4)
  await expect(ask()).rejects.toThrow()
  gate.loseSome(0.5, () => 0.6)
  expect(await ask()).toBe('hello')
})
