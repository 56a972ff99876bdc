import fc from 'fast-check'
import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { takeMoneyOff } from '../../db/anomaly/work.ts'
import { cancelDues, changeDues } from '../../db/due/change-dues.ts'
import { cancelDue } from '../../db/due/dues.ts'
import { insertDues, type DueRow } from '../../db/due/insert-dues.ts'
import { foldFigures, rebuildFigures } from '../../db/figures/keep.ts'
import { cents } from '../../domain/money.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { aPayment, deliver, nothingOutside } from '../check/payments.ts'
import { aDue, anEnte, PAYER, type TestEnte } from '../setup/builders.ts'
import { aBegunPayment, askAbout, payCartActivities } from '../setup/begun.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
})
afterAll(() => database.drop())

/** Where the figures differ from the rows. */
async function differences(): Promise<string[]> {
  const findings = await checkMoney({ db })
  return findings.find(({ id }) => id === 'I23')!.violations
}

const settings = () => ({ domain: ente.codiceFiscale, enteName: 'Comune di Prova' }) as never

function aRow({ cents: importo, day }: Given): DueRow {
  const due = {
    iud: uuidv7().slice(0, 35),
    dueType: { id: ente.dueTypeId, iban: 'IT61H9999912345000000000001' },
    pagatore: PAYER,
    dueOn: day === 0 ? undefined : `2026-03-0${day}`,
    importo: cents(importo),
    tipoVersamento: 'ALL',
    causale: 'Mensa',
    datiSpecifici: '9/0107101TS/',
    generatesIuv: false,
  }
  return { row: 1, due: due as never, iuv: undefined, contentHash: '00' }
}

interface Given {
  act: keyof typeof ACTS
  many: number
  cents: number
  /** Day of March 2026 on which the dues are due; 0 for none. */
  day: number
}

const origin = () => ({ enteId: ente.id, flowId: null, operatorId: null }) as never

/** Some payable dues of the ente, the newest first; without those of two beneficiaries, which rows of files never change in place. */
const payable = (many: number): Promise<string[]> =>
  db('due')
    .where({ ente_id: ente.id, state: 'payable' })
    .whereNotIn('id', db('due_share').select('due_id').where({ position: 2 }))
    .orderBy('id', 'desc')
    .limit(many)
    .pluck('id')

/** What happens to dues and money, each by the functions that the product uses for it. */
const ACTS = {
  import: (given: Given) =>
    db.transaction((trx) =>
      insertDues(
        trx,
        origin(),
        settings(),
        Array.from({ length: given.many }, () => aRow(given)),
      ),
    ),
  change: async (given: Given) => {
    const ids = await payable(given.many)
    await db.transaction((trx) =>
      changeDues(
        trx,
        origin(),
        settings(),
        ids.map((dueId) => ({ ...aRow(given), dueId })),
      ),
    )
  },
  cancelRows: async ({ many }: Given) => {
    const rows = (await payable(many)).map((dueId) => ({ dueId, row: 1 }))
    await db.transaction((trx) => cancelDues(trx, null as never, rows))
  },
  cancel: async () => {
    for (const id of await payable(1)) await cancelDue(db, { id, by: { id: uuidv7(), name: 'Paolo' } })
  },
  pay: () => aPayment(db, nothingOutside()),
  payHalf: async () => {
    const dueId = await aDue(db, ente, { cents: 1000, secondary: { domain: '98765432109', cents: 500 } })
    const { cartId, attemptIds } = await aBegunPayment(db, [dueId])
    await deliver(db, nothingOutside(), attemptIds[0]!, {})
    await deliver(db, nothingOutside(), attemptIds[1]!, { outcome: 1 })
    await payCartActivities(db).settleCart(askAbout(cartId))
    await db.transaction((trx) => takeMoneyOff(trx, dueId))
  },
  begin: async () => aBegunPayment(db, [await aDue(db, ente)]),
  fold: () => foldFigures(db),
  rebuild: () => rebuildFigures(db),
} satisfies Record<string, (given: Given) => Promise<unknown>>

const given = fc.record<Given>({
  act: fc.constantFrom(...(Object.keys(ACTS) as (keyof typeof ACTS)[])),
  many: fc.integer({ min: 1, max: 5 }),
  cents: fc.integer({ min: 1, max: 5000 }),
  day: fc.integer({ min: 0, max: 3 }),
})

it('figures are what counting the rows gives, after whatever happens in any order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(given, { minLength: 4, maxLength: 12 }), async (happenings) => {
      for (const one of happenings) await ACTS[one.act](one)
      expect(await differences()).toEqual([])
    }),
    { numRuns: 8, endOnFailure: true },
  )
  expect(await db('figure_now').where({ kind: 'paid' }).first('items')).toBeDefined()
}, 120_000)

it('one statement that writes many dues leaves one delta per type and day', async () => {
  await foldFigures(db)
  await ACTS.import({ act: 'import', many: 200, cents: 100, day: 1 })
  expect(await db('figure_delta').select('kind', 'items', 'cents')).toEqual([
    { kind: 'open', items: 200, cents: 20_000 },
  ])
})

it('the beginning of the payment of a notice leaves no delta', async () => {
  const dueId = await aDue(db, ente, { progressive: 77_001 })
  await foldFigures(db)
  await aBegunPayment(db, [dueId])
  expect(await db('figure_delta').select()).toEqual([])
})

it('two transactions that change the same figure do not wait for each other, and a fold takes only what is committed', async () => {
  await foldFigures(db)
  const one = await db.transaction()
  const other = await db.transaction()
  const add = (trx: Knex.Transaction, many: number) =>
    insertDues(
      trx,
      origin(),
      settings(),
      Array.from({ length: many }, () => aRow(SAME)),
    )
  await add(one, 2)
  await add(other, 3)
  await other.commit()
  await foldFigures(db)
  expect(await db('figure_delta').select()).toEqual([])
  expect(await differences()).toEqual([])
  await one.commit()
  expect(await db('figure_delta').pluck('items')).toEqual([2])
  expect(await differences()).toEqual([])
})
const SAME: Given = { act: 'import', many: 1, cents: 100, day: 2 }

it('figures that were spoiled are built again while a payment is not committed yet', async () => {
  await db('figure').update({ items: 7, cents: 7 })
  expect(await differences()).not.toEqual([])
  const open = await db.transaction()
  await insertDues(open, origin(), settings(), [aRow(SAME)])
  await rebuildFigures(db)
  expect(await differences()).toEqual([])
  await open.commit()
  expect(await differences()).toEqual([])
  await foldFigures(db)
  expect(await differences()).toEqual([])
})

it('a figure that becomes nothing leaves no row behind', async () => {
  const dueId = await aDue(db, await anEnte(db), { dueOn: '2031-05-05', progressive: 77_002 })
  await foldFigures(db)
  const kept = () => db('figure').where({ day: '2031-05-05' }).pluck('items')
  expect(await kept()).toEqual([1])
  await cancelDue(db, { id: dueId, by: { id: uuidv7(), name: 'Paolo' } })
  await foldFigures(db)
  expect(await kept()).toEqual([])
})
