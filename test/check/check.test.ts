import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkMoney, isClean, reportLines, type CheckInput } from '../../tools/check/check.ts'
import type { SimState } from '../../tools/check/facts.ts'
import type { Finding } from '../../tools/check/invariant.ts'
import type { ProcessList } from '../../tools/check/processes.ts'
import { PAYER } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { aPayment, nothingOutside, type Checked } from './payments.ts'

let database: TestDatabase
const outside = nothingOutside()
const done = {} as Record<'paid' | 'refused' | 'twice' | 'open' | 'halfPaid', Checked>

/** One of each kind of payment, all of them in order. */
beforeAll(async () => {
  database = await testDatabase()
  const { db } = database
  done.paid = await aPayment(db, outside)
  done.refused = await aPayment(db, outside, { rts: [{ outcome: 1 }] })
  done.twice = await aPayment(db, outside, { rts: [{}, { messageId: 'RIC2', iur: 'IUR2' }] })
  done.open = await aPayment(db, outside, { rts: [] })
  done.halfPaid = await aPayment(db, outside, {
    due: { cents: 1000, secondary: { domain: '98765432109', cents: 500 } },
    rts: [{ outcome: 1 }, { messageId: 'RIC2', requestMessageId: 'ANOTHER' }, { messageId: 'RIC3' }],
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

/** Checks a world changed in a transaction that is rolled back: the next test finds it whole. */
async function afterPlanting(
  plant: (db: Knex, outside: SimState) => unknown,
  given: Partial<CheckInput> = {},
): Promise<Finding[]> {
  let findings: Finding[] = []
  const facts = structuredClone(outside)
  await database.db
    .transaction(async (trx) => {
      await plant(trx, facts)
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

test('payments in order break nothing, and one line says so for each invariant', async () => {
  const findings = await checkMoney({ db: database.db, simState: outside, temporal: idle })
  expect(findings.flatMap(({ violations }) => violations)).toEqual([])
  expect(isClean(findings)).toBe(true)
  expect(reportLines(findings)[0]).toBe('target I1-known 0 0 ok')
  expect(findings.map(({ id }) => id).join(' ')).toBe('I1 I2 I3 I4 I5 I6 I7 I8 I9 I10 I14 I16 I17 I18 I21')
})

const sql =
  (text: string, ...bindings: string[]) =>
  async (db: Knex): Promise<void> => {
    // The schema refuses most of these: its own guards are lifted first.
    await db.raw(`set local session_replication_role = replica`)
    await db.raw(text, bindings)
  }

const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString()

type Plant = [id: string, what: string, plant: (db: Knex, outside: SimState) => unknown]

const PLANTS: Plant[] = [
  [
    'I1',
    'a payment nobody told us of',
    (_, { payments }) => payments.push({ domain: '1', iuv: '2', ccp: '3', cents: 1, at: at(1) }),
  ],
  [
    'I2',
    'a receipt never looked at',
    (db) => sql(`update rt set handled_at = null where cart_id = ?`, done.refused.cartId)(db),
  ],
  [
    'I2',
    'money neither settled nor on the work list',
    (db) => sql(`delete from anomaly where kind = 'duplicate'`)(db),
  ],
  [
    'I3',
    'a share settled twice',
    async (db) => {
      await db.raw(`alter table settlement drop constraint settlement_pkey`)
      await sql(`insert into settlement select * from settlement where dovuto_id = ?`, done.paid.dovutoId)(db)
    },
  ],
  [
    'I3',
    'two settling receipts of one RPT',
    async (db) => {
      await db.raw(`drop index rt_settling`)
      await sql(`update rt set settling = true where cart_id = ?`, done.twice.cartId)(db)
    },
  ],
  [
    'I4',
    'a settlement one cent short',
    (db) =>
      sql(
        `update settlement set importo_cents = importo_cents - 1 where dovuto_id = ?`,
        done.paid.dovutoId,
      )(db),
  ],
  ['I4', 'a payment one cent above its receipt', (_, { payments }) => (payments[0]!.cents += 1)],
  ['I4', 'a receipt without any payment', (_, { payments }) => payments.shift()],
  [
    'I5',
    'a paid due without settlements',
    (db) => sql(`delete from settlement where dovuto_id = ?`, done.paid.dovutoId)(db),
  ],
  [
    'I5',
    'a settled due that is still payable',
    (db) => sql(`update dovuto set state = 'payable' where id = ?`, done.paid.dovutoId)(db),
  ],
  [
    'I5',
    'a paid due in an open attempt',
    (db) =>
      sql(`update rpt set state = 'sent', next_check_at = now() where cart_id = ?`, done.paid.cartId)(db),
  ],
  ['I5', 'a paid due that nobody paid', (_, { payments }) => payments.shift()],
  [
    'I6',
    'a due in two open attempts',
    async (db) => {
      await sql(
        `update rpt_item set dovuto_id = ? where rpt_id in (select id from rpt where cart_id = ?)`,
        done.open.dovutoId,
        done.refused.cartId,
      )(db)
      await sql(
        `update rpt set state = 'sent', next_check_at = now() where cart_id = ?`,
        done.refused.cartId,
      )(db)
    },
  ],
  ['I6', 'an RPT the node took twice', (_, { rpts }) => rpts.push(rpts[0]!)],
  ['I6', 'an RPT we do not know', (_, { rpts }) => (rpts[0] = { ...rpts[0]!, ccp: 'other' })],
  [
    'I7',
    'an attempt nobody looked at for three minutes',
    (db) =>
      sql(
        `update rpt set next_check_at = now() - interval '181 seconds' where cart_id = ?`,
        done.open.cartId,
      )(db),
  ],
  [
    'I8',
    'an acknowledged request that was not journalled',
    (db) =>
      sql(`delete from journal where iuv = (select iuv from rpt where cart_id = ?)`, done.paid.cartId)(db),
  ],
  ['I8', 'an acknowledged document that is not kept', (_, { replies }) => (replies[0]!.rtSha256 = '00')],
  [
    'I9',
    'an address without its mail',
    (db) => sql(`delete from email where cart_id = ?`, done.paid.cartId)(db),
  ],
  [
    'I9',
    'a mail never sent',
    (db) => sql(`update email set state = 'pending' where cart_id = ?`, done.paid.cartId)(db),
  ],
  ['I9', 'a mail said to be sent that never arrived', (_, { mails }) => mails.shift()],
  ['I9', 'a mail that arrived three times', (_, { mails }) => mails.push(mails[0]!, mails[0]!)],
  ['I9', 'a mail nobody wrote', (_, { mails }) => mails.push({ ...mails[0]!, messageId: '<x@y>' })],
  [
    'I9',
    'a mail about a receipt that decided nothing',
    (db) =>
      sql(
        `update email set rt_id = (select id from rt where cart_id = ? and not settling limit 1) where cart_id = ?`,
        done.twice.cartId,
        done.twice.cartId,
      )(db),
  ],
  [
    'I10',
    'a move that is in no table',
    (db) =>
      sql(`update event set from_state = 'paid' where entity_id = ? and seq = 1`, done.paid.dovutoId)(db),
  ],
  [
    'I10',
    'a history with a gap',
    (db) => sql(`delete from event where entity_id = ? and seq = 1`, done.paid.dovutoId)(db),
  ],
  [
    'I10',
    'a row its history does not lead to',
    (db) => sql(`update cart set state = 'not_paid' where id = ?`, done.open.cartId)(db),
  ],
  [
    'I14',
    'one iud on two dues',
    async (db) => {
      await db.raw(`drop index dovuto_ente_iud`)
      await sql(
        `update dovuto set ente_id = o.ente_id, iud = o.iud from dovuto o where o.id = ? and dovuto.id = ?`,
        done.paid.dovutoId,
        done.refused.dovutoId,
      )(db)
    },
  ],
  [
    'I14',
    'one iuv on two dues',
    async (db) => {
      await db.raw(`drop index dovuto_ente_iuv`)
      await sql(
        `update dovuto set ente_id = o.ente_id, iuv = o.iuv from dovuto o where o.id = ? and dovuto.id = ?`,
        done.paid.dovutoId,
        done.refused.dovutoId,
      )(db)
    },
  ],
  [
    'I14',
    'wrong check digits',
    (db) => sql(`update dovuto set iuv = left(iuv, 15) || '99' where id = ?`, done.paid.dovutoId)(db),
  ],
  [
    'I14',
    'a number generated twice',
    (db) =>
      sql(
        `update rpt set domain = '01234567890', iuv = 'RF56120100000000000010000' where cart_id in (?, ?)`,
        done.paid.cartId,
        done.refused.cartId,
      )(db),
  ],
  [
    'I16',
    'a person in an id of ours',
    (db) => sql(`update email set message_id = address where cart_id = ?`, done.paid.cartId)(db),
  ],
  [
    'I21',
    'a cart that says paid with a negative receipt',
    (db) => sql(`update cart set state = 'paid' where id = ?`, done.refused.cartId)(db),
  ],
  [
    'I21',
    'a cart that says nothing was charged, and it was',
    (db) => sql(`update cart set state = 'not_paid' where id = ?`, done.paid.cartId)(db),
  ],
]

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

  test('I16: a person in a log or in a history, without repeating who', async () => {
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

  test('I17: somebody who keeps a transaction open without using it', async () => {
    const other = await database.db.transaction()
    await other.raw('select 1')
    expect(brokenIn(await afterPlanting(() => undefined, { idleSeconds: 0 }))).toEqual(['I17'])
    expect(brokenIn(await afterPlanting(() => undefined))).toEqual([])
    await other.rollback()
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

test('what is younger than the grace may still be on its way', async () => {
  const plant = (_: Knex, { payments }: SimState) =>
    payments.push({ domain: '1', iuv: '2', ccp: '3', cents: 1, at: at(1) })
  expect(brokenIn(await afterPlanting(plant, { graceSeconds: 30 }))).toEqual([])
})

test('without a simulator the tables are still checked against themselves', async () => {
  const plant = sql(`delete from settlement where dovuto_id = ?`, done.paid.dovutoId)
  const findings = await afterPlanting(plant, { simState: undefined, temporal: undefined })
  expect(brokenIn(findings)).toEqual(expect.arrayContaining(['I2', 'I4', 'I5']))
  expect(brokenIn(await afterPlanting(() => undefined, { simState: undefined }))).toEqual([])
})
