import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { portOwner, portTakenMessage } from './port-owner.ts'
import { freePort, freePortsAfter, isPortFree } from './ports.ts'
import { isRunning, processesWithArgument, stopProcess } from './processes.ts'

async function listening(host: string) {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  return { server, port: (server.address() as { port: number }).port }
}

test.each(['127.0.0.1', '0.0.0.0'])('a port that is listened on at %s is not free', async (host) => {
  const { server, port } = await listening(host)
  expect(await isPortFree(port)).toBe(false)
  server.close()
  await once(server, 'close')
  expect(await isPortFree(port)).toBe(true)
})

test('ports after a base skip taken and reserved ones', async () => {
  const base = await freePort()
  const [first, second] = await freePortsAfter(base, 2, [])
  expect(await freePortsAfter(base, 1, [first!])).toEqual([second])
})

test('a message about a taken port names the process that listens on it', async () => {
  const { server, port } = await listening('127.0.0.1')
  expect(portOwner(port)?.pid).toBe(process.pid)
  expect(portTakenMessage('PORT', port)).toContain(`PORT ${port} is already in use by process ${process.pid}`)
  server.close()
})

test('a process is found by a whole argument and stopped even when it ignores SIGTERM', async () => {
  const mark = `--data-dir=/nowhere/${process.pid}`
  const script = 'process.on("SIGTERM", () => {}); console.log(1); setInterval(() => {}, 1000)'
  const child = spawn(process.execPath, ['-e', script, '--', mark])
  await once(child.stdout, 'data')
  expect(processesWithArgument(mark).map(({ pid }) => pid)).toEqual([child.pid])
  expect(processesWithArgument(mark.slice(0, -1))).toEqual([])
  await stopProcess(child.pid!, 'SIGTERM', 100)
  expect(isRunning(child.pid!)).toBe(false)
})
