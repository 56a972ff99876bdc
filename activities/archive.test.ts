import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFileStore, type FileStore } from '../services/file-store.ts'
import { removeDeadParts, writeArchive } from './archive.ts'

let root: string
let files: FileStore

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mypay-archive-'))
  files = createFileStore(root)
})
afterEach(() => rm(root, { recursive: true }))

const there = (): Promise<string[]> => readdir(join(root, 'exports')).then((names) => names.sort())
const leave = async (name: string): Promise<void> => writeFile(await files.prepare(`exports/${name}`), 'half')
const entry = (open: () => Readable) => [{ name: 'a.csv', open, isCompressed: true }]

it('a new attempt removes what earlier ones of the same archive left, and nothing of another', async () => {
  await leave('one.zip.elsewhere-1-1.part')
  await leave('two.zip.elsewhere-1-1.part')
  await writeArchive(
    files,
    'exports/one.zip',
    entry(() => Readable.from(['a'])),
  )
  expect(await there()).toEqual(['one.zip', 'two.zip.elsewhere-1-1.part'])
})

it('a writer that lost its turn cannot put its file over the newer one', async () => {
  let goOn: () => void = () => undefined
  const held = new Promise<void>((resolve) => (goOn = resolve))
  async function* late() {
    yield 'old'
    await held
    yield 'old'
  }
  const zombie = writeArchive(
    files,
    'exports/one.zip',
    entry(() => Readable.from(late())),
  )
  await expect.poll(there).toHaveLength(1)
  const newer = await writeArchive(
    files,
    'exports/one.zip',
    entry(() => Readable.from(['new'])),
  )
  goOn()
  await expect(zombie).rejects.toThrow('ENOENT')
  expect(newer.bytes).toBeGreaterThan(0)
  expect(await there()).toEqual(['one.zip'])
})

it('a worker that starts removes what dead writers of its machine left, and leaves the living and the far away', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  await leave(`one.zip.${hostname()}-${dead}-1.part`)
  await leave(`two.zip.${hostname()}-${process.pid}-1.part`)
  await leave(`three.zip.${hostname()}-${process.ppid}-1.part`)
  await leave(`four.zip.elsewhere-${dead}-1.part`)
  await leave('five.zip')
  await removeDeadParts(files)
  expect(await there()).toEqual([
    'five.zip',
    `four.zip.elsewhere-${dead}-1.part`,
    `three.zip.${hostname()}-${process.ppid}-1.part`,
  ])
})
