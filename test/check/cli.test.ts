import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator, type Simulator } from '../../simulator/server.ts'
import { fetchSimState } from '../../tools/check/facts.ts'
import { aDue, anEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

const MAIN = fileURLToPath(new URL('../../tools/check/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mypay-check-'))
let database: TestDatabase
let simulator: Simulator

beforeAll(async () => {
  database = await testDatabase()
  simulator = await startSimulator({
    port: 0,
    smtpPort: 0,
    dataDir: folder,
    nodePortUrl: 'http://127.0.0.1:9',
    returnUrl: 'http://127.0.0.1:9/ritorno',
    broker: '99999900014',
    station: '99999900014_01',
    password: 'password1',
  })
})
afterAll(async () => {
  await simulator.close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

interface Run {
  code: number
  out: string
  /** Text on standard error. */
  said: string
}

function runCheck(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', MAIN, ...args], (_, out, said) =>
      resolve({ code: child.exitCode ?? -1, out, said }),
    )
  })
}

test('the simulator gives the state that the checker reads', async () => {
  expect(await fetchSimState(simulator.url)).toEqual({ payments: [], rpts: [], replies: [], mails: [] })
})

test('the command prints one line per invariant, and exits 1 only when one is broken', async () => {
  const args = ['--database', database.url, '--simulator', simulator.url, '--grace', '0']
  const clean = await runCheck(...args)
  expect(clean.out.trim().split('\n')).toHaveLength(22)
  expect(clean).toMatchObject({ code: 0, out: expect.stringContaining('target I1-known 0 0 ok\n') as string })
  const { db } = database
  const dueId = await aDue(db, await anEnte(db))
  await db('due').where({ id: dueId }).update({ state: 'paid' })
  const broken = await runCheck(...args)
  expect(broken.code).toBe(1)
  expect(broken.out).toContain(`I5: due ${dueId} is paid`)
  expect(broken.out).toContain('target I5-paid 1 0 short\n')
})

test('without a database it prints how to call it', async () => {
  expect(await runCheck('--database', '')).toMatchObject({
    code: 2,
    said: expect.stringContaining('npm run check -- --database URL') as string,
  })
})

const NOWHERE = '127.0.0.1:9'
const other = (name: string): string[] => ['--database', database.url.replace(/[^/]*$/, name)]
test.each<[string, () => string[], string]>([
  ['a log that is not there', () => ['--log', join(folder, 'no.log')], 'no.log is not there'],
  [
    'a server that is not there',
    () => ['--database', `postgres://u:secret@${NOWHERE}/mypay`],
    '--database: the server does not let us in',
  ],
  ['a database that is not there', () => other('nessuno'), '--database: the server does not let us in'],
  ['a database of somebody else', () => other('postgres'), '--database: there are no tables of ours'],
  [
    'a simulator that is not there',
    () => ['--simulator', `http://${NOWHERE}`],
    '--simulator: its state cannot be read',
  ],
])('%s is reported in one sentence, and nothing is called clean', async (_, args, sentence) => {
  const { code, out, said } = await runCheck('--database', database.url, ...args())
  expect([code, out]).toEqual([2, ''])
  expect(said).toContain(sentence)
  expect(said).not.toMatch(/^\s+at |secret/m)
})

test('a Temporal that does not answer is reported in one sentence', async () => {
  const { code, said } = await runCheck('--database', database.url, '--temporal', NOWHERE)
  expect([code, said]).toEqual([2, expect.stringContaining('--temporal: the server does not answer')])
}, 60_000)
