import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeArchive } from '../activities/archive.ts'
import { UPLOAD_LIMITS } from '../api/upload/limits.ts'
import { unpackOne } from '../api/upload/unpack.ts'
import { zipOf } from '../test/flows/zip.ts'
import { openToOthers } from '../test/setup/modes.ts'
import { createFileStore, keepPrivate, writeMeasured } from './file-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'mypay-store-'))
const files = createFileStore(join(folder, 'files'))

let umask: number
beforeAll(() => {
  // Without a umask the modes of files depend on our code only.
  umask = process.umask(0)
})
afterAll(() => {
  process.umask(umask)
  rmSync(folder, { recursive: true, force: true })
})

it('what is stored is for our own user alone: an upload, what is unpacked of it, an archive', async () => {
  const zip = await files.prepare('uploads/one.zip')
  await writeMeasured(Readable.from([await zipOf({ 'one.csv': 'a;b' })]), zip)
  const csv = await files.prepare('flows/one/input.csv')
  const unpacked = await unpackOne(zip, { base: 'one', to: csv, limits: UPLOAD_LIMITS })
  expect(unpacked.kind).toBe('ok')
  const open = () => Readable.from(['a;b'])
  await writeArchive(files, 'exports/one.zip', [{ name: 'one.csv', open, isCompressed: true }])
  expect(openToOthers(files.path('uploads'))).toEqual([])
  expect(openToOthers(join(folder, 'files'))).toEqual([])
  expect(statSync(zip).mode & 0o777).toBe(0o600)
  expect(statSync(files.path('uploads')).mode & 0o777).toBe(0o700)
})

it('an archive is for our own user alone while it is being written, too', async () => {
  const seen: string[][] = []
  const open = (): Readable =>
    Readable.from(
      (function* () {
        yield 'a;b'
        seen.push(openToOthers(files.path('exports')))
        yield 'c;d'
      })(),
    )
  await writeArchive(files, 'exports/two.zip', [{ name: 'two.csv', open, isCompressed: true }])
  expect(seen).toEqual([[]])
})

it('a store of an earlier version is closed to others when a process starts', async () => {
  const old = join(folder, 'old')
  mkdirSync(old)
  chmodSync(old, 0o755)
  writeFileSync(join(old, 'input.csv'), 'x', { mode: 0o644 })
  await keepPrivate(old)
  // The mode of the folder keeps other users out, whatever modes its files have.
  expect(statSync(old).mode & 0o777).toBe(0o700)
  await keepPrivate(join(folder, 'new', 'files'))
  expect(statSync(join(folder, 'new', 'files')).mode & 0o777).toBe(0o700)
})
