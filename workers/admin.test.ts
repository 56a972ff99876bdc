import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, it } from 'vitest'
import { startAdmin } from './admin.ts'
import { readConfig } from './config.ts'

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

it('health and metrics are there for this machine, and for others only when it is said', async () => {
  expect(await boundTo({})).toBe('127.0.0.1')
  expect(await boundTo({ ADMIN_HOST: '0.0.0.0' })).toBe('0.0.0.0')
})

it('this machine has no other address where the admin port answers', async () => {
  const server = await startAdmin({ port: 0, host: '127.0.0.1', checks: {} })
  const { port } = server.address() as AddressInfo
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
  for (const { address } of others)
    await expect(fetch(`http://${address}:${port}/healthz`)).rejects.toThrow('fetch failed')
  await new Promise((resolve) => server.close(resolve))
})
