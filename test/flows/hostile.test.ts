import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackOne } from '../../api/upload/unpack.ts'
import { UPLOAD_LIMITS } from '../../api/upload/limits.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { testFiles } from '../setup/files.ts'
import { HOSTILE_ZIPS } from './hostile-zips.ts'
import { aFlow, aFlowWorld, loadFlow, outcomeOf, type FlowFixture } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'mypay-hostile-'))
const BASE = 'C_Q999-A-1_0'
const NAME = `${BASE}.csv`

async function unpack(bytes: Buffer): Promise<{ kind: string; ms: number; kept: number }> {
  const path = join(folder, 'in.zip')
  const to = join(folder, 'out.csv')
  writeFileSync(path, bytes)
  const from = Date.now()
  const { kind } = await unpackOne(path, { base: BASE, to, limits: UPLOAD_LIMITS })
  return { kind, ms: Date.now() - from, kept: existsSync(to) ? readFileSync(to).length : 0 }
}

describe('an archive that is not what it says', () => {
  it.each(HOSTILE_ZIPS)('$what is refused within two seconds', async ({ problem, make }) => {
    const found = await unpack(await make(NAME))
    expect(found.kind).toBe(problem)
    expect(found.ms).toBeLessThan(2_000)
    // Only the beginning of a zip bomb was written to the disk.
    expect(found.kept).toBeLessThan(256 * 1024 * 1024)
    expect(readdirSync(folder)).not.toContain('passwd')
  })
})

describe('a file with lines that cannot be read', () => {
  let database: TestDatabase
  let fixture: FlowFixture
  const HEADER = readFileSync(
    new URL('../fixtures/flows/import/C_Q999-CUP202501-1_1.csv', import.meta.url),
    'utf8',
  ).split('\n')[0]!
  const row = (iud: string, causale = 'Luce'): string =>
    `${iud};;F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;;;2099-09-30;24.50;;LUCE_VOTIVA;;${causale};9/0114100TS/LV;I`

  beforeAll(async () => {
    database = await testDatabase()
    fixture = { db: database.db, files: testFiles(), world: await aFlowWorld(database.db) }
  })
  afterAll(() => database.drop())

  const GENERIC = 'PAA_IMPORT_SINTASSI_CSV;ERRORE GENERICO NELLA LETTURA DELLA RIGA DEL CSV'
  const bytes = (...parts: (string | Buffer)[]): Buffer =>
    Buffer.concat(parts.map((part) => Buffer.from(part)))

  it.each<[string, Buffer, string]>([
    ['an open quote', bytes(row('Q-1', '"Luce'), '\n'), GENERIC],
    ['text after a closed quote', bytes(row('Q-2', '"Luce" votiva'), '\n'), GENERIC],
    [
      'latin-1',
      Buffer.from(`${row('L-1', 'Libertà')}\n`, 'latin1'),
      'PAA_IMPORT_SINTASSI_CSV;|IUD NON PRESENTE',
    ],
    ['a zero byte', bytes(row('N-1', 'Lu\0ce'), '\n'), 'PAA_IMPORT_SINTASSI_CSV;|IUD NON PRESENTE'],
    ['a line of a megabyte', bytes(row('M-1', 'x'.repeat(1024 * 1024)), '\n'), GENERIC],
  ])('%s: only that line is left out, with its number and its bytes', async (name, bad, reason) => {
    const id = name.replace(/\W/g, '').toUpperCase()
    const csv = bytes(`${HEADER}\n`, `${row(`${id}-A`)}\r\n`, '\n', bad, row(`${id}-B`))
    const flow = await loadFlow(fixture, await aFlow(fixture, { base: `C_Q999-${id}-1_1`, csv }), {
      readLimits: { chunkBytes: 300, lineBytes: 64 * 1024 },
    })
    expect([flow.rowsLoaded, flow.rowsRejected]).toEqual([2, 1])
    const [rejected] = await database.db('flow_reject').where({ flow_id: flow.id })
    expect(rejected.row).toBe(2)
    const text = (await outcomeOf(fixture, flow.id, 'SCARTI'))!.get(`C_Q999-${id}-1_1_SCARTI.csv`)!
    const line = text.subarray(text.indexOf(10) + 1, text.length - 1)
    expect(line.subarray(-reason.length).toString()).toBe(reason)
    // The line is kept unchanged, up to the limit of a line.
    const original = bad.subarray(0, Math.min(bad.length - 1, 64 * 1024))
    expect(line.subarray(0, original.length).equals(original)).toBe(true)
  })

  it('a hundred megabytes in one line take no memory of that size', async () => {
    const before = process.memoryUsage().rss
    const csv = bytes(`${HEADER}\n`, Buffer.alloc(100 * 1024 * 1024, 'x'), '\n', row('HUNDRED-1'))
    const flowId = await aFlow(fixture, { base: 'C_Q999-HUNDRED-1_1', csv })
    const flow = await loadFlow(fixture, flowId)
    expect([flow.rowsLoaded, flow.rowsRejected]).toEqual([1, 1])
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024)
  })
})
