import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Flow } from '../../db/flow/flow.ts'
import { aFlow, aFlowFixture, loadFlow, outcomeOf } from './world.ts'

const HEADER = readFileSync(
  new URL('../fixtures/flows/import/C_Q999-TRIBUTI202501-1_3.csv', import.meta.url),
  'utf8',
).split('\n')[0]!

let fixture: Awaited<ReturnType<typeof aFlowFixture>>

beforeAll(async () => {
  fixture = await aFlowFixture()
})
afterAll(() => fixture.drop())

interface GivenRow {
  iud: number
  action: 'I' | 'M' | 'A'
  amount: string
  /** Position of its number among those of the ente; undefined: it brings none. */
  iuv: number | undefined
  generates: boolean
  dueType: string
}

let run = 0
beforeEach(() => {
  run += 1_000
})

/** A number that the ente gives, with the right check digits. */
function iuv(n: number): string {
  const base = `1201${String(run * 10 + n).padStart(11, '0')}`
  return base + String(BigInt(`3${base}`) % 93n).padStart(2, '0')
}

const rowText = ({ iud, action, amount, generates, dueType, ...row }: GivenRow): string =>
  `K${run}-${iud};${row.iuv === undefined ? '' : iuv(row.iuv)};F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;;;2099-09-30;${amount};;` +
  `${dueType};;Canone;9/0114100TS/LV;;${generates};${action}`

const csvOf = (rows: readonly GivenRow[]): string => [HEADER, ...rows.map(rowText)].join('\n')

const aNumber = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })
const aRow: fc.Arbitrary<GivenRow> = fc.record({
  iud: fc.integer({ min: 1, max: 5 }),
  action: fc.constantFrom('I', 'M', 'A'),
  amount: fc.constantFrom('10.00', '10.00', '12.50', '10,00'),
  iuv: aNumber,
  generates: fc.constantFrom(false, false, true),
  dueType: fc.constantFrom(
    'LUCE_VOTIVA',
    'LUCE_VOTIVA',
    'LUCE_VOTIVA',
    'UTILIZZO_LOCALI',
    'TIPO_SENZA_PERMESSO',
  ),
})
const aFirstRow = aRow.map((row): GivenRow => ({
  ...row,
  action: 'I',
  amount: '10.00',
  dueType: 'LUCE_VOTIVA',
}))
const states = fc.array(fc.constantFrom('payable', 'payable', 'paying', 'paid'), {
  minLength: 5,
  maxLength: 5,
})

/** What the decisions of a file were. */
async function verdictOf(flow: Flow): Promise<unknown> {
  const { rowsRead, rowsLoaded, rowsChanged, rowsCancelled, rowsUnchanged, rowsRejected } = flow
  const rejects = await fixture
    .db('flow_reject')
    .select('row', 'reasons', 'raw')
    .where({ flow_id: flow.id })
    .orderBy('row')
  // The row that had an IUD first is named only where both rows are in one chunk.
  for (const { reasons } of rejects as { reasons: { first?: unknown }[] }[])
    for (const reason of reasons) delete reason.first
  const types = (await fixture.db('flow').first('due_types').where({ id: flow.id })) as {
    due_types: string[]
  }
  return {
    counts: [rowsRead, rowsLoaded, rowsChanged, rowsCancelled, rowsUnchanged, rowsRejected],
    rejects,
    ...types,
  }
}

/** Everything of the ente that a loaded file changes. */
async function duesAndNumbers(): Promise<unknown> {
  const { db } = fixture
  return {
    dues: await db('due')
      .select('id', 'state', 'iud', 'iuv', 'content_hash', 'flow_id', db.raw('xmin::text'))
      .orderBy('id'),
    counters: await db('iuv_counter').select().orderBy('segregation_code'),
    mails: await db('email').count('* as n'),
    shares: await db('due_share').count('* as n'),
  }
}

const check = async (base: string, csv: string, chunkBytes = 1_000_000): Promise<Flow> =>
  loadFlow(fixture, await aFlow(fixture, { base, csv, isCheck: true, wantsNotices: true }), {
    readLimits: { chunkBytes, lineBytes: 64 * 1024 },
  })
const load = async (base: string, csv: string, chunkBytes = 1_000_000): Promise<Flow> =>
  loadFlow(fixture, await aFlow(fixture, { base, csv }), { readLimits: { chunkBytes, lineBytes: 64 * 1024 } })

describe('a check', () => {
  it('says what loading the same file would do, row by row, and writes nothing', async () => {
    let seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(aFirstRow, { maxLength: 4 }),
        states,
        fc.array(aRow, { maxLength: 14 }),
        fc.integer({ min: 1, max: 700 }),
        async (first, dueStates, rows, chunkBytes) => {
          run++
          await load(`C_Q999-PRIMA${run}-1_3`, csvOf(first))
          for (const [at, state] of dueStates.entries())
            if (state !== 'payable')
              await fixture
                .db('due')
                .where({ iud: `K${run}-${at + 1}` })
                .update({ state })
          const base = `C_Q999-PROVA${run}-1_3`
          const before = await duesAndNumbers()
          const checked = await check(base, csvOf(rows), chunkBytes)
          expect(checked).toMatchObject({ state: 'checked', noticesWanted: 0 })
          expect(await duesAndNumbers()).toEqual(before)
          expect(await fixture.db('flow_unchanged').where({ flow_id: checked.id })).toEqual([])
          const loaded = await load(base, csvOf(rows))
          const verdict = await verdictOf(checked)
          expect(verdict).toEqual(await verdictOf(loaded))
          const { rejects } = verdict as { rejects: { reasons: { error?: string }[] }[] }
          seen = new Set([
            ...seen,
            ...rejects.flatMap(({ reasons }) => reasons.map(({ error = 'form' }) => error)),
          ])
        },
      ),
      { numRuns: 40 },
    )
    // The files were such that rows depended on dues, on rights and on earlier rows.
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        'form',
        'iudTaken',
        'iudTwiceInFlow',
        'iuvTaken',
        'notAllowed',
        'notFound',
        'notPayable',
      ]),
    )
  }, 120_000)

  const usual = { amount: '10.00', generates: false, dueType: 'LUCE_VOTIVA' } as const

  it('knows in later chunks which numbers earlier rows would free and take', async () => {
    const first = csvOf([{ ...usual, iud: 1, action: 'I', iuv: 1 }])
    await load(`C_Q999-LIBERA${run}-1_3`, first)
    const rows: GivenRow[] = [
      { ...usual, iud: 2, action: 'I', iuv: 1 },
      { ...usual, iud: 1, action: 'A', iuv: 1 },
      { ...usual, iud: 3, action: 'I', iuv: 1 },
      { ...usual, iud: 4, action: 'I', iuv: 1 },
      { ...usual, iud: 1, action: 'I', iuv: 2 },
    ]
    for (const size of [1, 1_000_000]) {
      const flow = await check(`C_Q999-LIBERO${run}-1_3`, csvOf(rows), size)
      expect(flow).toMatchObject({ rowsLoaded: 1, rowsCancelled: 1, rowsRejected: 3 })
      const errors = (await fixture
        .db('flow_reject')
        .where({ flow_id: flow.id })
        .orderBy('row')
        .pluck('reasons')) as {
        error: string
      }[][]
      expect(errors.map(([reason]) => reason!.error)).toEqual(['iuvTaken', 'iuvTaken', 'iudTwiceInFlow'])
    }
  })

  it('has no outcome files and sends no mail, also when it fails for good', async () => {
    const flow = await check(
      `C_Q999-SOLO${run}-1_3`,
      csvOf([{ ...usual, iud: 1, action: 'A', iuv: undefined }]),
    )
    expect(flow).toMatchObject({ state: 'checked', rowsRejected: 1 })
    expect(await outcomeOf(fixture, flow.id, 'SCARTI')).toBeUndefined()
    expect(await fixture.db('email').where({ flow_id: flow.id })).toEqual([])
  })

  it('does not wait for a file that loads, nor does a file wait for it, and no two checks run at once', async () => {
    const rows = csvOf([{ ...usual, iud: 1, action: 'I', iuv: undefined }])
    const ids: string[] = []
    for (const [n, isCheck] of [false, true, true].entries()) {
      ids.push(await aFlow(fixture, { base: `C_Q999-TURNO${run}${n}-1_3`, csv: rows, isCheck }))
    }
    const state = async (id: string) =>
      ((await fixture.db('flow').first('state').where({ id })) as { state: string }).state
    await fixture.db('flow').where({ id: ids[0] }).update({ state: 'loading' })
    await fixture.db('flow').where({ id: ids[1] }).update({ state: 'loading' })
    await expect(fixture.db('flow').where({ id: ids[2] }).update({ state: 'loading' })).rejects.toMatchObject(
      {
        constraint: 'flow_running',
      },
    )
    expect(await loadFlow(fixture, ids[1]!)).toMatchObject({ state: 'checked', rowsLoaded: 1 })
    expect(await loadFlow(fixture, ids[2]!)).toMatchObject({ state: 'checked', rowsLoaded: 1 })
    expect(await state(ids[0]!)).toBe('loading')
    expect(await loadFlow(fixture, ids[0]!)).toMatchObject({ state: 'loaded', rowsLoaded: 1 })
  })

  it('the database refuses that a check becomes a loaded file, or a loaded file a check', async () => {
    const id = await aFlow(fixture, { base: `C_Q999-MAI${run}-1_3`, csv: `${HEADER}\n`, isCheck: true })
    await fixture.db('flow').where({ id }).update({ state: 'loading' })
    await expect(fixture.db('flow').where({ id }).update({ state: 'writing' })).rejects.toMatchObject({
      constraint: 'flow_check_state',
    })
    expect(await loadFlow(fixture, id)).toMatchObject({ state: 'checked', rowsRead: 0 })
    const other = await aFlow(fixture, { base: `C_Q999-MAIPIU${run}-1_3`, csv: `${HEADER}\n` })
    await fixture.db('flow').where({ id: other }).update({ state: 'loading' })
    await expect(fixture.db('flow').where({ id: other }).update({ state: 'checked' })).rejects.toMatchObject({
      constraint: 'flow_check_state',
    })
  })
})
