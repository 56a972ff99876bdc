import { setImmediate as turn } from 'node:timers/promises'
import JSZip from 'jszip'
import { expect, it } from 'vitest'
import { zipOf } from './zip.ts'

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const entry = (name: string, text = name) => ({ name, bytes: async () => Buffer.from(text) })

it('contains each file with its name and its bytes', async () => {
  const file = await whole(zipOf([entry('à.pdf', 'uno'), entry('b.pdf', 'due')]))
  const read = await JSZip.loadAsync(file)
  expect(Object.keys(read.files)).toEqual(['à.pdf', 'b.pdf'])
  expect(await read.file('à.pdf')!.async('string')).toBe('uno')
})

it('is the same for the same files', async () => {
  const entries = [entry('a.pdf'), entry('b.pdf')]
  expect(await whole(zipOf(entries))).toEqual(await whole(zipOf(entries)))
})

it('generates a file only after the one before it was read', async () => {
  const drawn: string[] = []
  const large = (name: string) => ({
    name,
    bytes: async () => {
      drawn.push(name)
      return Buffer.alloc(200_000)
    },
  })
  const stream = zipOf(Array.from({ length: 50 }, (_, index) => large(String(index))))
  for (let waited = 0; waited < 50; waited++) await turn()
  expect(drawn.length).toBeLessThan(5)
  expect((await whole(stream)).length).toBeGreaterThan(50 * 200_000)
  expect(drawn).toHaveLength(50)
})

it('ends with the error of a file', async () => {
  const broken = { name: 'b.pdf', bytes: () => Promise.reject(new Error('not drawn')) }
  await expect(whole(zipOf([entry('a.pdf'), broken]))).rejects.toThrow('not drawn')
})
