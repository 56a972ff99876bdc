import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aFlow, aFlowFixture, loadFlow, outcomeOf } from './world.ts'

let fixture: Awaited<ReturnType<typeof aFlowFixture>>

beforeAll(async () => {
  fixture = await aFlowFixture()
})
afterAll(() => fixture.drop())

const BASE = 'C_Q999-TRIBUTI202501-1_3'
const SAMPLE = new URL(`../fixtures/flows/import/${BASE}.csv`, import.meta.url)

async function load(iuf: string, csv: string) {
  const base = `C_Q999-${iuf}-1_3`
  const flowId = await aFlow(fixture, { base, csv })
  const flow = await loadFlow(fixture, flowId)
  const iuv = await outcomeOf(fixture, flowId, 'IUV')
  return { flow, loaded: iuv?.get(`${base}_IUV.csv`)?.toString() ?? '' }
}

/** Ids of the transactions that wrote (xmin) and locked (xmax) each due. */
const marks = async () =>
  (await fixture.db('due').select('id', fixture.db.raw('xmin::text, xmax::text')).orderBy('id')) as unknown[]

it('rows that change nothing neither write nor lock a due, and are in the outcome file as they came', async () => {
  const first = await load('PRIMO', readFileSync(SAMPLE, 'utf8'))
  const before = await marks()
  const again = await load('DINUOVO', first.loaded.replaceAll(/;I$/gm, ';M'))
  expect(again.flow).toMatchObject({ rowsUnchanged: first.flow.rowsLoaded, rowsChanged: 0, rowsRejected: 0 })
  expect(again.loaded).toBe(first.loaded.replaceAll(/;I$/gm, ';M'))
  expect(await marks()).toEqual(before)
})

it('a due without a stored hash of its values can be cancelled and changed like any other', async () => {
  const { db } = fixture
  const { loaded } = await load(
    'SENZA',
    readFileSync(SAMPLE, 'utf8').replaceAll('T13-', 'SH-').replaceAll('12010000000003168', ''),
  )
  await db('due').where('iud', 'like', 'SH-%').update({ content_hash: null })
  const [header, ...rows] = loaded.trimEnd().split('\n')
  const lines = rows.map((row, at) => row.replace(/;I$/, at % 2 === 0 ? ';A' : ';M'))
  const { flow } = await load('SENZA2', [header, ...lines].join('\n'))
  expect(flow).toMatchObject({
    rowsCancelled: Math.ceil(rows.length / 2),
    rowsChanged: Math.floor(rows.length / 2),
    rowsRejected: 0,
  })
})
