import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, it } from 'vitest'
import { readOptions } from './config.ts'
import { BROKER, PASSWORD, STATION, aRpt, callNode, sendCartMessage } from './testing/messages.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'simulator-main-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

const ENVIRONMENT = {
  SIMULATOR_PORT: '0',
  SIMULATOR_SMTP_PORT: '0',
  SIMULATOR_NODO_PORT_URL: 'http://127.0.0.1:9',
  SIMULATOR_RETURN_URL: 'http://127.0.0.1:9/ritorno',
  DATA_DIR: dataDir,
  NODO_BROKER: BROKER,
  NODO_STATION: STATION,
  NODO_PASSWORD: PASSWORD,
}

async function start() {
  const env = { PATH: process.env['PATH'], ...ENVIRONMENT }
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts'], { env })
  children.push(child)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, ready: JSON.parse(line) as { ready: boolean; url: string; nodeUrl: string } }
}

it('payments survive kill -9 of the process; SIGTERM ends it cleanly', async () => {
  const first = await start()
  expect(first.ready.ready).toBe(true)
  const message = sendCartMessage([aRpt()], { idCart: 'CART1' })
  await callNode(first.ready.nodeUrl, 'nodoInviaCarrelloRPT', message)
  await fetch(`${first.ready.url}/_sim/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"idCart":"CART1"}',
  })
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  const second = await start()
  const state = (await (await fetch(`${second.ready.url}/_sim/state`)).json()) as { payments: object[] }
  expect(state.payments).toMatchObject([{ iuv: aRpt().iuv, cents: 1000 }])
  second.child.kill('SIGTERM')
  expect(await once(second.child, 'exit')).toEqual([0, null])
})

it('a wrong environment is reported with all its problems at once', () => {
  const wrong = () => readOptions({ ...ENVIRONMENT, SIMULATOR_PORT: 'x', NODO_PASSWORD: 'corta' })
  expect(wrong).toThrow(/SIMULATOR_PORT[^]*NODO_PASSWORD/)
  expect(() => readOptions({ ...ENVIRONMENT, SIMULATOR_DOMAINS: '{' })).toThrow('not JSON')
})

it('the keys of the reporting API come in pairs', () => {
  const keys = (SIMULATOR_REPORTING_KEYS: string) => readOptions({ ...ENVIRONMENT, SIMULATOR_REPORTING_KEYS })
  expect(keys('["a","b"]').reportingKeys).toEqual(['a', 'b'])
  expect(() => keys('["a"]')).toThrow('SIMULATOR_REPORTING_KEYS')
})

it('does not run in production', () => {
  expect(() => readOptions({ ...ENVIRONMENT, NODE_ENV: 'production' })).toThrow('production')
})
