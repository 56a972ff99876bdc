import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:tls'
import pino from 'pino'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { connectWorker, createTemporalClient } from '../../workers/clients.ts'
import { readConfig } from '../../workers/config.ts'
import { anAuthority, read } from '../setup/certificates.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

const authority = anAuthority()
const server = authority.issue('/CN=localhost')
const client = authority.issue('/CN=mypay')
let front: Server
let address = ''
let database: TestDatabase

/** A TLS proxy before the run's Temporal server, which refuses clients without a certificate of the authority. */
beforeAll(async () => {
  database = await testDatabase()
  const [host, port] = inject('temporalAddress').split(':')
  const ca = readFileSync(authority.cert)
  front = createServer({ ...read(server), ca, requestCert: true, ALPNProtocols: ['h2'] }, (socket) => {
    const behind = connect(Number(port), host)
    socket.on('error', () => behind.destroy())
    behind.on('error', () => socket.destroy())
    socket.pipe(behind).pipe(socket)
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  address = `127.0.0.1:${(front.address() as AddressInfo).port}`
})
afterAll(async () => {
  front.close()
  await database.drop()
})

const TLS = {
  TEMPORAL_TLS_CA: authority.cert,
  TEMPORAL_TLS_CERT: client.cert,
  TEMPORAL_TLS_KEY: client.key,
}
const configOf = (given: Partial<Record<string, string>>) =>
  readConfig({
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: address,
    NODO_URL: 'http://127.0.0.1:9/nodo',
    SMTP_URL: 'smtp://127.0.0.1:9',
    ...given,
  })

/** Connects to Temporal like the pages do; returns `answered` or `refused`. */
async function ask(given: Partial<typeof TLS> & { TEMPORAL_TLS_SERVER_NAME?: string }): Promise<string> {
  const temporal = createTemporalClient(configOf(given))
  try {
    const deadline = Date.now() + 5_000
    await temporal.client.withDeadline(deadline, () => temporal.client.workflowService.getSystemInfo({}))
    return 'answered'
  } catch {
    return 'refused'
  } finally {
    await temporal.close()
  }
}

it('the api reaches a Temporal that asks for a certificate, and not without its own or with another authority', async () => {
  expect(await ask(TLS)).toBe('answered')
  expect(await ask({ ...TLS, TEMPORAL_TLS_SERVER_NAME: 'localhost' })).toBe('answered')
  const wrong = [
    { ...TLS, TEMPORAL_TLS_SERVER_NAME: 'another.example' },
    { TEMPORAL_TLS_CA: authority.cert },
    { ...TLS, TEMPORAL_TLS_CA: anAuthority().cert },
    {},
  ]
  expect(await Promise.all(wrong.map(ask))).toEqual(wrong.map(() => 'refused'))
})

it('a worker reaches it too', async () => {
  const connection = await connectWorker(configOf(TLS), pino({ level: 'silent' }))
  await expect(connection.ensureConnected()).resolves.toBeUndefined()
  await connection.close()
})

it('the check of the money reaches it too', { timeout: 60_000 }, async () => {
  const args = ['--import', 'tsx', 'tools/check/main.ts', '--database', database.url, '--temporal', address]
  const code = await new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env: { ...process.env, ...TLS } }, () =>
      resolve(child.exitCode),
    )
  })
  expect(code).toBe(0)
})
