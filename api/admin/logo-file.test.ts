import { crc32, deflateSync } from 'node:zlib'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { aPng, part, type PngShape } from '../../test/setup/png.ts'
import { readLogo } from './logo-file.ts'

const kindOf = (bytes: Buffer): string => readLogo(bytes).kind
const BOMB = deflateSync(Buffer.alloc(100 * 1024 ** 2), { level: 9 })

describe('a logo', () => {
  it('is written again from its pixels, and nothing else in the file is kept', () => {
    const picture = new PNG({ width: 2, height: 1 })
    picture.data.set([1, 2, 3, 255, 4, 5, 6, 255])
    const sent = PNG.sync.write(picture)
    const withMore = Buffer.concat([
      sent.subarray(0, 33),
      part('tEXt', Buffer.from('Author\0somebody')),
      sent.subarray(33),
      Buffer.from('<script>'),
    ])
    const read = readLogo(withMore)
    if (read.kind !== 'logo') throw new Error(read.kind)
    expect([...PNG.sync.read(read.bytes).data]).toEqual([...picture.data])
    for (const extra of ['somebody', 'script']) expect(read.bytes.includes(extra)).toBe(false)
  })

  it.each([0, 2, 4, 6] as const)('may have colour type %i', (colorType) => {
    const sent = PNG.sync.write(new PNG({ width: 33, height: 7 }), { colorType })
    expect(kindOf(sent)).toBe('logo')
  })

  it.each<[string, string, Buffer]>([
    ['of another format', 'not_png', Buffer.from('GIF89a, not a picture of ours')],
    ['of no bytes', 'not_png', Buffer.alloc(0)],
    ['with a wrong first byte in its signature', 'not_png', Buffer.from(' PNG\r\n\x1a\n')],
    ['that is only a signature', 'not_png', aPng().subarray(0, 8)],
    ['that is too wide', 'too_wide', aPng({ width: 251 })],
    ['that is too high', 'too_wide', aPng({ height: 2 ** 31 })],
    ['that has no side', 'broken', aPng({ width: 0 })],
    ['that is interlaced', 'interlaced', aPng({ interlace: 1 })],
    ['with an unknown kind of interlacing', 'interlaced', aPng({ interlace: 7 })],
    ['that is animated', 'animated', aPng({ more: [part('acTL', Buffer.alloc(8))] })],
    ['with a second header', 'broken', aPng({ more: [aPng({ interlace: 1 }).subarray(8, 33)] })],
    ['without its last part', 'broken', aPng().subarray(0, -12)],
    ['whose pixels are missing', 'broken', aPng({ data: Buffer.alloc(0) })],
    ['whose pixels are too few', 'broken', aPng({ data: deflateSync(Buffer.alloc(3)) })],
    ['whose pixels are not compressed data', 'broken', aPng({ data: Buffer.alloc(100, 7) })],
    ['of a bit depth that does not exist', 'broken', aPng({ depth: 3 })],
  ])('%s is refused as %s', (_, kind, bytes) => {
    expect(kindOf(bytes)).toBe(kind)
  })

  it('with missing pixels is refused every time, because it would show earlier contents of the memory', () => {
    const cut = aPng({ data: deflateSync(Buffer.alloc(1 + 250 * 4)) })
    const kinds = Array.from({ length: 200 }, () => {
      Buffer.allocUnsafe(250 * (1 + 250 * 4)).fill(0)
      return kindOf(cut)
    })
    expect(new Set(kinds)).toEqual(new Set(['broken']))
  })

  it('with a wrong checksum is refused', () => {
    const bytes = aPng()
    bytes[29]! ^= 1
    expect([kindOf(bytes), crc32('')]).toEqual(['broken', 0])
  })

  it.each<[string, PngShape]>([
    ['an interlaced one that unpacks to 100 MB', { interlace: 1, data: BOMB }],
    ['one that unpacks to 100 MB', { data: BOMB }],
    ['one that hides an interlaced header', { data: BOMB, more: [aPng({ interlace: 1 }).subarray(8, 33)] }],
    ['one in 15,000 parts', { more: Array.from({ length: 15_000 }, () => part('tEXt', Buffer.alloc(0))) }],
    ['the largest there may be', { depth: 16, data: deflateSync(Buffer.alloc(250 * (1 + 250 * 8), 9)) }],
  ])('takes little processor time: %s', (_, shape) => {
    const bytes = aPng(shape)
    // The test measures time of the processor and not of the clock, because other tests share the machine.
    const before = process.cpuUsage()
    kindOf(bytes)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000).toBeLessThan(250)
  })
})
