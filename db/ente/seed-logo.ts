import { crc32, deflateSync } from 'node:zlib'

const SIZE = 128
type Colour = readonly [red: number, green: number, blue: number]
const WHITE: Colour = [255, 255, 255]

/** A PNG of a shield of one colour with a white band. Drawn here, so that it is the coat of arms of no real ente. */
export function shieldPng(colour: Colour): Buffer {
  const rows = Array.from({ length: SIZE }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: SIZE }, (_none, x) => pixel(x, y, colour)).flat()]),
  )
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIZE, 0)
  header.writeUInt32BE(SIZE, 4)
  header.set([8, 2, 0, 0, 0], 8) // bit depth 8, colour type 2 (red, green, blue), no interlacing
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function pixel(x: number, y: number, colour: Colour): Colour {
  const across = Math.abs(x - SIZE / 2)
  const half = y < 64 ? 52 : 52 * Math.sqrt(Math.max(0, 1 - ((y - 64) / 60) ** 2))
  if (y < 4 || y > 123 || across > half) return WHITE
  return across < 10 ? WHITE : colour
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
