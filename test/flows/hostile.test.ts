import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { ZipFile } from 'yazl'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackOne } from '../../api/upload/unpack.ts'
import { UPLOAD_LIMITS } from '../../api/upload/limits.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { testFiles } from '../setup/files.ts'
import { aFlow, aFlowWorld, loadFlow, outcomeOf, type FlowFixture } from './world.ts'
import { zipOf } from './zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'mypay-hostile-'))
const NAME = 'C_Q999-A-1_0.csv'

async function unpack(bytes: Buffer): Promise<{ kind: string; ms: number; kept: number }> {
  const path = join(folder, 'in.zip')
  const to = join(folder, 'out.csv')
  writeFileSync(path, bytes)
  const from = Date.now()
  const { kind } = await unpackOne(path, { entryName: NAME, to, limits: UPLOAD_LIMITS })
  return { kind, ms: Date.now() - from, kept: existsSync(to) ? readFileSync(to).length : 0 }
}

/** One deflated entry whose header says another size, or is encrypted. */
async function tampered(change: (zip: Buffer) => void): Promise<Buffer> {
  const zip = await zipOf({ [NAME]: 'IUD;codIuv\n'.repeat(1_000) })
  change(zip)
  return zip
}

const inEveryHeader = (zip: Buffer, write: (at: number, isCentral: boolean) => void): void => {
  for (let at = 0; at < zip.length - 4; at++) {
    if (zip.readUInt32LE(at) === 0x04034b50) write(at, false)
    if (zip.readUInt32LE(at) === 0x02014b50) write(at, true)
  }
}

describe('an archive that is not what it says', () => {
  it.each<[string, string, () => Promise<Buffer> | Buffer]>([
    ['no zip', 'not_zip', () => Buffer.from('IUD;codIuv')],
    ['a bomb', 'bomb', () => zipOf({ [NAME]: Buffer.alloc(64 * 1024 * 1024, 'a') })],
    [
      'a zip in a zip',
      'other_entry',
      async () => zipOf({ 'C_Q999-A-1_0.zip': await zipOf({ [NAME]: 'x' }) }),
    ],
    ['a folder above', 'broken', async () => named('../C_Q999-A-1_.csv')],
    ['an absolute name', 'broken', async () => named('/C_Q999-A-1_0.cs')],
    [
      'ten thousand and one entries',
      'too_many_entries',
      () => zipOf(Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`${n}.csv`, 'x']))),
    ],
    [
      'a size that lies low',
      'broken',
      () =>
        tampered((zip) =>
          inEveryHeader(zip, (at, central) => zip.writeUInt32LE(5, at + (central ? 24 : 22))),
        ),
    ],
    [
      'an encrypted file',
      'encrypted',
      () =>
        tampered((zip) =>
          inEveryHeader(zip, (at, central) => {
            const flags = at + (central ? 8 : 6)
            zip.writeUInt16LE(zip.readUInt16LE(flags) | 1, flags)
          }),
        ),
    ],
    ['a cut end', 'not_zip', async () => (await tampered(() => undefined)).subarray(0, -30)],
  ])('%s is refused within two seconds', async (_, kind, make) => {
    const found = await unpack(await make())
    expect(found.kind).toBe(kind)
    expect(found.ms).toBeLessThan(2_000)
    // Of a bomb only its beginning was ever written.
    expect(found.kept).toBeLessThan(32 * 1024 * 1024)
  })

  it('a link is refused, not followed', async () => {
    const zip = new ZipFile()
    zip.addBuffer(Buffer.from('/etc/passwd'), NAME, { mode: 0o120777 })
    zip.end()
    expect((await unpack(await buffer(zip.outputStream as Readable))).kind).toBe('other_entry')
    expect(readdirSync(folder)).not.toContain('passwd')
  })

  it('two gigabytes behind a true header are cut where they pass the limit', async () => {
    const bytes = deflateRawSync(Buffer.alloc(1024 * 1024))
    expect(bytes.length).toBeLessThan(2_000)
    const found = await unpack(await zipOf({ [NAME]: Buffer.alloc(256 * 1024 * 1024) }))
    expect(found.kind).toBe('bomb')
  })
})

/** An archive whose only entry has a name of the same length as another one's. */
async function named(name: string): Promise<Buffer> {
  const zip = await zipOf({ ['x'.repeat(name.length)]: 'x' })
  const from = Buffer.from('x'.repeat(name.length))
  for (let at = zip.indexOf(from); at >= 0; at = zip.indexOf(from, at + 1)) zip.write(name, at)
  return zip
}

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
    // As it came, up to what a line may be.
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
