import { text } from 'node:stream/consumers'
import { afterEach, expect, it, vi } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { smallZip } from './small-zip.ts'

afterEach(() => vi.useRealTimers())

it('contains each file with its name and its text, packed', async () => {
  const csv = 'IUD;causale\n'.repeat(100)
  const bytes = await smallZip({ 'à.csv': csv, 'b.txt': 'due' })
  expect(bytes.length).toBeLessThan(csv.length)
  const zip = await fromBufferPromise(bytes)
  const read: string[][] = []
  for await (const entry of zip.eachEntry())
    read.push([
      entry.fileName,
      await text(await zip.openReadStreamPromise(entry)),
      entry.getLastModDate({ timezone: 'UTC' }).toISOString(),
    ])
  expect(read).toEqual([
    ['à.csv', csv, '1980-01-01T00:00:00.000Z'],
    ['b.txt', 'due', '1980-01-01T00:00:00.000Z'],
  ])
})

it('is the same for the same files, whenever it is made', async () => {
  const files = { 'a.csv': 'uno', 'b.csv': 'due' }
  const before = await smallZip(files)
  vi.useFakeTimers({ now: new Date('2031-05-05T12:34:56Z'), toFake: ['Date'] })
  expect(await smallZip(files)).toEqual(before)
})
