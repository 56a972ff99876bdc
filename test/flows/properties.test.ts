import fc from 'fast-check'
import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createImportFlowActivities } from '../../activities/import-flow/index.ts'
import { loadChunk, prepareChunk } from '../../activities/import-flow/commit-chunk.ts'
import { readChunk } from '../../activities/import-flow/read-chunk.ts'
import { findFlow, flowSettings } from '../../db/flow/flow.ts'
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

/** Reads a file in chunks of `chunkBytes`; returns fault and bytes of each line. */
async function linesIn(path: string, chunkBytes: number, from: number): Promise<string[]> {
  const lines: string[] = []
  for (let at = from; ;) {
    const chunk = await readChunk(path, at, { chunkBytes, lineBytes: 64 })
    lines.push(...chunk.lines.map(({ fault, raw }) => `${fault} ${raw().toString('hex')}`))
    if (chunk.isLast) return lines
    expect(chunk.toByte).toBeGreaterThan(at)
    at = chunk.toByte
  }
}

describe('any bytes as a file', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'mypay-bytes-')), 'any.csv')
  const piece = fc.oneof(
    fc
      .constantFrom('\n', '\r\n', '"', ';', 'à', '€', '😀', '\0', '  ', 'x'.repeat(70))
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  )

  it('are the same lines wherever the edges of the chunks fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }),
        fc.integer({ min: 1, max: 90 }),
        async (pieces, size) => {
          writeFileSync(path, Buffer.concat(pieces))
          expect(await linesIn(path, size, 0)).toEqual(await linesIn(path, 1_000_000, 0))
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** Any bytes, with more of those that have a meaning in a file of dues. */
const anyBytes = fc.array(
  fc.oneof(
    fc
      .constantFrom(
        '\n',
        '\r\n',
        '\r',
        '"',
        ';',
        ';;;;;;;;;;;;;;;;;;;;;',
        'à',
        '😀',
        '\0',
        '=',
        '\\',
        '\t',
        'I',
      )
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  ),
  { maxLength: 60 },
)

it('any bytes between two good rows: those two are loaded, and each other line is left out alone', async () => {
  const good = { action: 'I', amount: '10.00', generates: true } as const
  let files = 0
  await fc.assert(
    fc.asyncProperty(anyBytes, fc.integer({ min: 1, max: 500 }), async (pieces, chunkBytes) => {
      const run = `B${++files}`
      const [first, last] = [rowText({ ...good, iud: 1 }, run), rowText({ ...good, iud: 2 }, run)]
      const csv = Buffer.concat([Buffer.from(`${HEADER}\n${first}\n`), ...pieces, Buffer.from(`\n${last}`)])
      const flowId = await aFlow(fixture, { base: `C_Q999-${run}-1_3`, csv })
      const flow = await loadFlow(fixture, flowId, { readLimits: { chunkBytes, lineBytes: 64 * 1024 } })
      expect(flow).toMatchObject({ state: 'loaded', rowsLoaded: 2, rowsRejected: flow.rowsRead - 2 })
      const loaded = await fixture.db('due').where({ flow_id: flowId }).orderBy('flow_row').pluck('iud')
      expect(loaded).toEqual([`${run}-1`, `${run}-2`])
    }),
    { numRuns: 40 },
  )
})

interface GivenRow {
  iud: number
  action: 'I' | 'M' | 'A'
  amount: string
  generates: boolean
}

const rowText = ({ iud, action, amount, generates }: GivenRow, run: string): string =>
  `${run}-${iud};;F;BNCCHR85H52M999M;Bianchi Chiara;Piazza Libertà;1;;;;;;2099-09-30;${amount};;LUCE_VOTIVA;;` +
  `"Canone; anno"" 2025";9/0114100TS/LV;;${generates};${action}`

const aRow = fc.record({
  iud: fc.integer({ min: 1, max: 6 }),
  action: fc.constantFrom('I', 'I', 'M', 'A'),
  amount: fc.constantFrom('10.00', '10.00', '12.5', '10,00'),
  generates: fc.boolean(),
})

let runs = 0

/** Result of a file at an empty ente: states and amounts of its dues, and its outcome files without generated numbers. */
async function outcome(rows: readonly GivenRow[], chunkBytes: number): Promise<unknown> {
  const run = `P${++runs}`
  const base = `C_Q999-${run}-1_3`
  const csv = [HEADER, ...rows.map((row) => rowText(row, run))].join('\n')
  const flow = await loadFlow(fixture, await aFlow(fixture, { base, csv }), {
    readLimits: { chunkBytes, lineBytes: 64 * 1024 },
  })
  const { db } = fixture
  const dues = (await db('due')
    .select('iud', 'state', 'importo_cents', 'flow_row', db.raw('iuv is not null as numbered'))
    .where('iud', 'like', `${run}-%`)
    .orderBy(['iud', 'state'])) as { iud: string }[]
  const file = async (kind: 'IUV' | 'SCARTI') =>
    (await outcomeOf(fixture, flow.id, kind))?.get(`${base}_${kind}.csv`)?.toString('utf8')
  const told = [await file('IUV'), await file('SCARTI')].map((text) =>
    text?.replaceAll(`${run}-`, '').replace(/;1200\d{13};/g, ';IUV;'),
  )
  const { rowsRead, rowsLoaded, rowsChanged, rowsCancelled, rowsUnchanged, rowsRejected } = flow
  return {
    counts: [rowsRead, rowsLoaded, rowsChanged, rowsCancelled, rowsUnchanged, rowsRejected],
    dues: dues.map((due) => ({ ...due, iud: due.iud.replace(`${run}-`, '') })),
    told,
  }
}

describe('a file of rows', () => {
  it('does the same wherever the edges of its chunks fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aRow, { maxLength: 12 }),
        fc.integer({ min: 1, max: 700 }),
        async (rows, chunkBytes) => {
          expect(await outcome(rows, chunkBytes)).toEqual(await outcome(rows, 1_000_000))
        },
      ),
      { numRuns: 25 },
    )
  })

  it('with distinct IUDs does the same in any order, but for the order and the numbers given', async () => {
    const distinct = fc.uniqueArray(aRow, { selector: ({ iud }) => iud, maxLength: 6 })
    const sorted = (found: unknown): unknown => {
      const { counts, dues, told } = found as {
        counts: unknown
        dues: { flow_row: number }[]
        told: string[]
      }
      return {
        counts,
        dues: dues.map(({ flow_row: _row, ...due }) => due),
        told: told.map((text) => text?.split('\n').sort()),
      }
    }
    await fc.assert(
      fc.asyncProperty(distinct, fc.infiniteStream(fc.nat()), async (rows, random) => {
        const shuffled = rows
          .map((row) => [random.next().value as number, row] as const)
          .sort(([a], [b]) => a - b)
          .map(([, row]) => row)
        expect(sorted(await outcome(shuffled, 1_000))).toEqual(sorted(await outcome(rows, 1_000)))
      }),
      { numRuns: 20 },
    )
  })
})

describe('a chunk', () => {
  const rows = Array.from({ length: 40 }, (_, n): GivenRow => ({
    iud: n,
    action: 'I',
    amount: '10.00',
    generates: true,
  }))

  it('that two workers do at the same time is done once', async () => {
    const csv = [HEADER, ...rows.map((row) => rowText(row, 'TWICE'))].join('\n')
    const flowId = await aFlow(fixture, { base: 'C_Q999-TWICE-1_3', csv })
    await fixture.db('flow').where({ id: flowId }).update({ state: 'loading' })
    const flow = (await findFlow(fixture.db, flowId))!
    const settings = await flowSettings(fixture.db, flow)
    const limits = { chunkBytes: 1_000_000, lineBytes: 64 * 1024 }
    const chunk = await prepareChunk(fixture.files, flow, settings, { fromByte: flow.nextByte, limits })
    const once = () =>
      loadChunk({ db: fixture.db, files: fixture.files }, { flowId, seq: 0, firstRow: 1, settings, chunk })
    const done = await Promise.all([once(), once(), once()])
    expect(done.filter(Boolean)).toHaveLength(1)
    expect(await once()).toBe(false)
    const found = await loadFlow(fixture, flowId)
    expect([found.rowsLoaded, found.rowsRejected]).toEqual([40, 0])
    const iuvs = (await fixture.db('due').where({ flow_id: flowId }).pluck('iuv')) as string[]
    expect(new Set(iuvs).size).toBe(40)
    const text = (await outcomeOf(fixture, flowId, 'IUV'))!.get('C_Q999-TWICE-1_3_IUV.csv')!.toString()
    for (const iuv of iuvs) expect(text).toContain(`;${iuv};`)
  })

  it('whose transaction fails at its end leaves nothing, and the next try does it whole', async () => {
    const { db } = fixture
    const csv = [HEADER, ...rows.map((row) => rowText(row, 'BREAK'))].join('\n')
    const flowId = await aFlow(fixture, { base: 'C_Q999-BREAK-1_3', csv })
    await db.raw(`create function broken_disk() returns trigger language plpgsql as
      $$ begin raise exception 'no space' using errcode = '53100'; end $$`)
    await db.raw(
      'create trigger broken_disk before insert on flow_chunk for each row execute function broken_disk()',
    )
    await expect(loadFlow(fixture, flowId)).rejects.toThrow()
    expect(await db('due').where({ flow_id: flowId })).toEqual([])
    await db.raw('drop trigger broken_disk on flow_chunk')
    expect((await loadFlow(fixture, flowId)).rowsLoaded).toBe(40)
  })
})

it('one file of an ente loads at a time: the others wait for their turn, oldest first', async () => {
  const csv = [HEADER, rowText({ iud: 1, action: 'I', amount: '10.00', generates: false }, 'TURN')].join('\n')
  const first = await aFlow(fixture, { base: 'C_Q999-TURN1-1_3', csv })
  const second = await aFlow(fixture, { base: 'C_Q999-TURN2-1_3', csv })
  const { advanceImport } = createImportFlowActivities({
    db: fixture.db,
    files: fixture.files,
    publicUrl: 'http://localhost:3000',
    isTest: true,
    mailHost: 'localhost',
  })
  const environment = new MockActivityEnvironment()
  const step = (flowId: string) => environment.run(advanceImport, { flowId, sliceMs: 1 })
  expect(await step(second)).toMatchObject({ state: 'queued', next: 'wait' })
  expect(await step(first)).toMatchObject({ state: 'writing', next: 'work' })
  expect(await step(second)).toMatchObject({ state: 'queued', next: 'wait' })
  expect(await step(first)).toMatchObject({ state: 'loaded', next: 'over', nextFlowId: second })
  expect(await step(second)).toMatchObject({ state: 'writing' })
})
