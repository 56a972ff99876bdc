import { crc32, deflateSync } from 'node:zlib'

export interface PngShape {
  width?: number
  height?: number
  depth?: number
  interlace?: number
  /** Compressed pixels. */
  data?: Buffer
  /** Chunks between the header and the pixels. */
  more?: readonly Buffer[]
}

/** Writes a PNG byte by byte, so that it may be wrong. The default has 250 × 250 pixels of four channels. */
export function aPng({
  width = 250,
  height = 250,
  depth = 8,
  interlace = 0,
  data = deflateSync(Buffer.alloc(250 * (1 + 250 * 4))),
  more = [],
}: PngShape = {}): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, 6, 0, 0, interlace], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    part('IHDR', header),
    ...more,
    part('IDAT', data),
    part('IEND', Buffer.alloc(0)),
  ])
}

/** One chunk of a PNG, with its checksum. */
export function part(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(content.length, 0)
  frame.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
}
