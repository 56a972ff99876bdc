import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkMoney, isClean, reportLines, type CheckInput } from '../../tools/check/check.ts'
import type { SimState } from '../../tools/check/facts.ts'
import type { Finding } from '../../tools/check/invariant.ts'
import type { ProcessList } from '../../tools/check/processes.ts'
import { usageOf, type Resources } from '../../tools/check/resources.ts'
import { PAYER } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { aPayment, nothingOutside } from './payments.ts'
import { at, PLANTS, sql, type Done } from './plants.ts'

let database: TestDatabase
const outside = nothingOutside()
const done = {} as Done

/** Makes one correct payment of each kind. */
beforeAll(async () => {
  database = await testDatabase()
  const { db } = database
  done.paid = await aPayment(db, outside)
  done.refused = await aPayment(db, outside, { receipts: [{ outcome: 1 }] })
  done.twice = await aPayment(db, outside, { receipts: [{}, { messageId: 'RIC2', iur: 'IUR2' }] })
  done.open = await aPayment(db, outside, { receipts: [] })
  done.halfPaid = await aPayment(db, outside, {
    due: { cents: 1000, secondary: { domain: '98765432109', cents: 500 } },
    receipts: [{ outcome: 1 }, { messageId: 'RIC2', requestMessageId: 'ANOTHER' }, { messageId: 'RIC3' }],
  })
})
afterAll(() => database.drop())

const idle: ProcessList = {
  runningPayments: async () => [`pay-cart:${done.open.cartId}`],
  readable: async function* () {
    yield { id: `pay-cart:${done.open.cartId}`, text: 'payCart {"cartId":"…"}' }
  },
}

class Undone extends Error {}

/** Runs the checker after a change, in a transaction that is rolled back, so that the next test finds the world unchanged. */
async function afterPlanting(
  plant: (db: Knex, outside: SimState, done: Done) => unknown,
  given: Partial<CheckInput> = {},
): Promise<Finding[]> {
  let findings: Finding[] = []
  const facts = structuredClone(outside)
  await database.db
    .transaction(async (trx) => {
      await plant(trx, facts, done)
      findings = await checkMoney({ db: trx, simState: facts, temporal: idle, ...given })
      throw new Undone()
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error
    })
  return findings
}

const brokenIn = (findings: Finding[]): string[] =>
  findings.filter(({ violations }) => violations.length > 0).map(({ id }) => id)

const inI17 = (findings: Finding[]): string[] => findings.find(({ id }) => id === 'I17')!.violations

test('correct payments break no invariant, and the report has one line for each', async () => {
  const findings = await checkMoney({ db: database.db, simState: outside, temporal: idle })
  expect(findings.flatMap(({ violations }) => violations)).toEqual([])
  expect(isClean(findings)).toBe(true)
  expect(reportLines(findings)[0]).toBe('target I1-known 0 0 ok')
  expect(findings.map(({ id }) => id).join(' ')).toBe(
    'I1 I2 I3 I4 I5 I6 I7 I8 I9 I10 I11 I12 I13 I14 I16 I17 I18 I20 I21 I22 I23 I24',
  )
})

describe('the checker finds', () => {
  test.each(PLANTS)('%s: %s', async (id, _what, plant) => {
    expect(brokenIn(await afterPlanting(plant))).toContain(id)
  })

  test('I7: an open payment without a process, and a process without an open payment', async () => {
    const runningPayments = async (): Promise<string[]> => [`pay-cart:${done.paid.cartId}`]
    const findings = await afterPlanting(
      sql(`update cart set outcome_at = now() - interval '1 hour' where id = ?`, done.paid.cartId),
      { temporal: { ...idle, runningPayments } },
    )
    expect(findings.find(({ id }) => id === 'I7')!.violations).toEqual([
      `cart ${done.open.cartId} has no process`,
      `process of cart ${done.paid.cartId} has nothing to wait for`,
    ])
  })

  test('I16: personal data in a log or in a history, without repeating it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'))
    const log = join(folder, 'api.log')
    writeFileSync(log, `{"msg":"rt accepted"}\n{"msg":"${PAYER.codice.toLowerCase()}"}\n`)
    const readable = async function* () {
      yield { id: 'send-mail:1', text: `sendMail ${PAYER.email}` }
    }
    const findings = await afterPlanting(() => undefined, { logs: [log], temporal: { ...idle, readable } })
    rmSync(folder, { recursive: true })
    expect(findings.find(({ id }) => id === 'I16')!.violations).toEqual([
      `log ${log}, line 2`,
      'history of a process of type send-mail',
    ])
  })

  test('I17: more connections than allowed', async () => {
    expect(brokenIn(await afterPlanting(() => undefined, { maxConnections: 0 }))).toEqual(['I17'])
  })

  test('I17: a session that keeps a transaction open without using it', async () => {
    const other = await database.db.transaction()
    await other.raw('select 1')
    expect(brokenIn(await afterPlanting(() => undefined, { idleSeconds: 0 }))).toEqual(['I17'])
    expect(brokenIn(await afterPlanting(() => undefined))).toEqual([])
    await other.rollback()
  })

  test('I17: a temporary file that was left', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'))
    const resources = { processes: [], tempFolders: [folder] }
    expect(brokenIn(await afterPlanting(() => undefined, { resources }))).toEqual([])
    writeFileSync(join(folder, 'left'), '')
    const findings = await afterPlanting(() => undefined, { resources })
    rmSync(folder, { recursive: true })
    expect(inI17(findings)).toEqual([`temporary file ${join(folder, 'left')} was left`])
  })

  describe.runIf(process.platform === 'linux')('in one of our processes', () => {
    const ourselves = (): Resources => ({
      processes: [{ name: 'worker', pid: process.pid, before: usageOf(process.pid)! }],
      tempFolders: [],
    })

    test('I17: file descriptors that are not released', async () => {
      const resources = ourselves()
      expect(brokenIn(await afterPlanting(() => undefined, { resources }))).toEqual([])
      const kept = Array.from({ length: 100 }, () => openSync('/dev/null', 'r'))
      const findings = await afterPlanting(() => undefined, { resources })
      kept.forEach(closeSync)
      expect(inI17(findings)).toEqual([expect.stringMatching(/^worker holds \d+ file descriptors/)])
      expect(brokenIn(await afterPlanting(() => undefined, { resources }))).toEqual([])
    })

    test('I17: memory that is not released', async () => {
      const resources = ourselves()
      const { rssBytes } = resources.processes[0]!.before
      const kept = Buffer.alloc(Math.ceil(rssBytes * 0.1) + 100 * 1024 * 1024, 1)
      const findings = await afterPlanting(() => undefined, { resources })
      expect(kept.at(-1)).toBe(1)
      expect(inI17(findings)).toEqual([expect.stringMatching(/^worker holds \d+ MB, \d+ before$/)])
    })

    test('I17: a process that is gone', async () => {
      const gone = { name: 'api', pid: 2 ** 30, before: { fds: 20, rssBytes: 0 } }
      const resources = { processes: [gone], tempFolders: [] }
      expect(brokenIn(await afterPlanting(() => undefined, { resources }))).toEqual(['I17'])
    })
  })

  test('I18: a call that still fails when the budget is over, and not one within it', async () => {
    const failing =
      (secondsAgo: number) =>
      (_: Knex, { replies }: SimState) =>
        replies.push({ ...replies[0]!, outcome: 'timeout', at: at(secondsAgo) })
    const healed = { healedAt: at(60), budgetSeconds: 10 }
    expect(brokenIn(await afterPlanting(failing(40), healed))).toEqual(['I18'])
    expect(brokenIn(await afterPlanting(failing(55), healed))).toEqual([])
    expect(brokenIn(await afterPlanting(failing(40)))).toEqual([])
  })
})

test('a fact younger than the grace is not reported', async () => {
  const plant = (_: Knex, { payments }: SimState) =>
    payments.push({ domain: '1', iuv: '2', ccp: '3', cents: 1, at: at(1) })
  expect(brokenIn(await afterPlanting(plant, { graceSeconds: 30 }))).toEqual([])
})

test('without a simulator the tables are still checked against themselves', async () => {
  const plant = sql(`delete from settlement where due_id = ?`, done.paid.dueId)
  const findings = await afterPlanting(plant, { simState: undefined, temporal: undefined })
  expect(brokenIn(findings)).toEqual(expect.arrayContaining(['I2', 'I4', 'I5']))
  expect(brokenIn(await afterPlanting(() => undefined, { simState: undefined }))).toEqual([])
})
