import { PNG } from 'pngjs'

const MAX_SIDE = 250

/** The bytes of a PNG of at most 250 × 250, written again from its pixels: nothing else that came with it is kept. */
export function readLogo(bytes: Buffer): Buffer | undefined {
  const header = bytes.subarray(0, 24)
  // Looked at before it is unpacked: a small file may claim a size that fills the memory.
  if (header.length < 24 || header.toString('latin1', 1, 4) !== 'PNG') return undefined
  if (header.readUInt32BE(16) > MAX_SIDE || header.readUInt32BE(20) > MAX_SIDE) return undefined
  try {
    return PNG.sync.write(PNG.sync.read(bytes))
  } catch {
    return undefined
  }
}
