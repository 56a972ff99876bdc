import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aFlow, aFlowFixture, loadFlow, outcomeOf } from './world.ts'

const sample = (path: string): string =>
  readFileSync(new URL(`../fixtures/flows/${path}`, import.meta.url), 'utf8')

const VALID = ['LUCE202501-1_0', 'CUP202501-1_1', 'SCUOLA202501-1_2', 'TRIBUTI202501-1_3', 'MULTI202501-1_4']
const ERRORS = ['ERRORI202501-1_3', 'ERRORI202502-1_4', 'ERRORI202503-1_0']

// The same files in the same order must give the same bytes for every size of chunks.
describe.each([
  ['whole files', 1024 * 1024],
  ['chunks of about one row', 200],
  ['chunks of one line each', 1],
])('the sample files, %s', (_, chunkBytes) => {
  let fixture: Awaited<ReturnType<typeof aFlowFixture>>
  const outcomes = new Map<string, { IUV: string | undefined; SCARTI: string | undefined }>()

  beforeAll(async () => {
    fixture = await aFlowFixture()
    const { db } = fixture
    for (const name of VALID) await load('import', name)
    await load('import', 'TRIBUTI202501V-1_3')
    await db('due').where({ iud: 'T13-0002' }).update({ state: 'paid' })
    await db('due').where({ iud: 'T13-0003' }).update({ state: 'paying' })
    for (const name of ERRORS) await load('import-errors', name)
  })
  afterAll(() => fixture.drop())

  async function load(folder: string, name: string): Promise<void> {
    const base = `C_Q999-${name}`
    const flowId = await aFlow(fixture, { base, csv: sample(`${folder}/${base}.csv`) })
    await loadFlow(fixture, flowId, { readLimits: { chunkBytes, lineBytes: 64 * 1024 } })
    const file = async (kind: 'IUV' | 'SCARTI') =>
      (await outcomeOf(fixture, flowId, kind))?.get(`${base}_${kind}.csv`)?.toString('utf8')
    outcomes.set(name, { IUV: await file('IUV'), SCARTI: await file('SCARTI') })
  }

  it.each([...VALID, 'TRIBUTI202501V-1_3'])('%s is loaded whole, byte for byte', (name) => {
    expect(outcomes.get(name)!.SCARTI).toBeUndefined()
    expect(outcomes.get(name)!.IUV).toBe(sample(`import/C_Q999-${name}_IUV.csv`))
  })

  it.each(ERRORS)('%s: what is loaded and what is left out, byte for byte', (name) => {
    const { IUV, SCARTI } = outcomes.get(name)!
    expect(SCARTI?.split('\n')).toEqual(sample(`import-errors/C_Q999-${name}_SCARTI.csv`).split('\n'))
    expect(IUV).toBe(sample(`import-errors/C_Q999-${name}_IUV.csv`))
  })
})
