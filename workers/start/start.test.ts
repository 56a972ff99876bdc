import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import { freePort } from '../../tools/embedded/ports.ts'
import { processesWithArgument, sendSignal } from '../../tools/embedded/processes.ts'
import type { Addresses } from './addresses.ts'
import { marker } from './leftovers.ts'

const START_MS = 60_000
const PARTS = ['api', 'flows', 'postgres', 'simulator', 'start', 'temporal', 'worker']

const data = mkdtempSync(join(tmpdir(), 'mypay-start-'))
chmodSync(data, 0o755) // PostgreSQL may run as another user
const port = await freePort()
const running = new Set<ChildProcess>()

afterEach(async () => {
  for (const child of running) await stop(child)
})
afterAll(() => rmSync(data, { recursive: true, force: true }))

test(
  'starts clean after every part was killed, and stops all of them',
  { timeout: 3 * START_MS },
  async () => {
    const first = await start()
    expect(readdirSync(join(data, 'run')).sort()).toEqual(PARTS.map((part) => `${part}.pid`))
    for (const part of ['start', 'worker', 'postgres']) sendSignal(pidOf(part), 'SIGKILL')
    await gone(first.child)
    writeFileSync(join(data, 'run', 'worker.pid'), '12')
    writeFileSync(join(data, 'run', 'api.pid'), '')
    writeFileSync(join(data, 'postgres', 'postmaster.pid'), '1')

    const second = await start()
    expect(second.addresses.public).toBe(`http://localhost:${port}`)
    expect((await fetch(`${second.addresses.public}/enti`)).status).toBe(200)
    expect((await fetch(second.addresses.mailbox!)).status).toBe(200)

    sendSignal(pidOf('simulator'), 'SIGKILL')
    await until(async () => second.output().includes('simulator is back'))
    expect((await fetch(second.addresses.simulator!)).status).toBe(200)

    await stop(second.child)
    expect(readdirSync(join(data, 'run'))).toEqual([])
    expect(processesWithArgument(marker(data))).toEqual([])
    expect(processesWithArgument(join(data, 'temporal.db'))).toEqual([])
  },
)

test('a taken port is named together with its process', { timeout: START_MS }, async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const taken = (server.address() as { port: number }).port
  const { child, output } = launch({ PORT: String(taken) })
  await gone(child)
  server.close()
  expect(child.exitCode).toBe(1)
  expect(output()).toContain(`PORT ${taken} is already in use by process ${process.pid}`)
})

test('every fault of the configuration is listed', { timeout: START_MS }, async () => {
  const { child, output } = launch({ PORT: 'three', NODO_URL: 'nowhere' })
  await gone(child)
  expect(child.exitCode).toBe(1)
  expect(output()).toMatch(/PORT[\s\S]*NODO_URL|NODO_URL[\s\S]*PORT/)
})

function launch(env: Record<string, string>) {
  const child = spawn(process.execPath, ['dist/workers/start.js', '--json'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: data, ...env },
  })
  running.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  return { child, output: () => text }
}

async function start() {
  const launched = launch({ PORT: String(port) })
  const jsonLine = () => /^\{"public".*\}$/m.exec(launched.output())?.[0]
  await until(async () => jsonLine() !== undefined || launched.child.exitCode !== null)
  expect(jsonLine(), launched.output()).toBeDefined()
  return { ...launched, addresses: JSON.parse(jsonLine()!) as Addresses }
}

const pidOf = (part: string): number => Number(readFileSync(join(data, 'run', `${part}.pid`), 'utf8'))

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  await gone(child)
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  running.delete(child)
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_MS
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within ${START_MS} ms`)
    await sleep(50)
  }
}
