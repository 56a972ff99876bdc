import { inflateSync } from 'node:zlib'
import { PNG } from 'pngjs'

const MAX_SIDE = 250
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** The bytes of length, name and checksum around the content of a part. */
const FRAME = 12

/** Why a picture cannot be a logo. The page has a sentence for each. */
export type LogoProblem = 'not_png' | 'too_wide' | 'interlaced' | 'animated' | 'broken'

export type Logo = { kind: 'logo'; bytes: Buffer } | { kind: LogoProblem }

/**
 * Reads a PNG of at most 250 × 250 pixels and writes it again from its pixels, so that nothing else in the file is kept. The parts are
 * checked before anything is unpacked, because unpacking blocks the process and the sender of an interlaced picture decides how large it
 * becomes.
 */
export function readLogo(bytes: Buffer): Logo {
  const parts = partsOf(bytes)
  const header = parts?.[0]
  if (!parts || !header) return { kind: 'not_png' }
  const problem = problemOf(parts, header)
  if (problem) return { kind: problem }
  try {
    checkPixels(parts, header)
    const picture = PNG.sync.read(bytes.subarray(0, parts.at(-1)!.end))
    return { kind: 'logo', bytes: PNG.sync.write(picture) }
  } catch {
    return { kind: 'broken' }
  }
}

/** The number of values per pixel, by the colour type of the header. */
const CHANNELS = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
])

/**
 * Checks that the pixels unpack to exactly the size that follows from the header. pngjs does not clear its buffer of that size, so a
 * picture with missing pixels would show earlier contents of the memory.
 * @throws an error when the size is another one, or the pixels cannot be unpacked
 */
function checkPixels(parts: readonly Part[], { content: header }: Part): void {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const bits = header[8]! * (CHANNELS.get(header[9]!) ?? 0)
  const size = height * (1 + Math.ceil((width * bits) / 8))
  const packed = parts.filter(({ name }) => name === 'IDAT').map(({ content }) => content)
  const pixels = inflateSync(Buffer.concat(packed), { maxOutputLength: size })
  if (pixels.length !== size) throw new RangeError('not the pixels of its header')
}

interface Part {
  name: string
  content: Buffer
  /** The offset at which the next part begins. */
  end: number
}

/** The parts up to IEND; bytes after it are ignored. Undefined when the file does not begin with the signature of a PNG. */
function partsOf(bytes: Buffer): Part[] | undefined {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return undefined
  const parts: Part[] = []
  for (let at = SIGNATURE.length; at + FRAME <= bytes.length && parts.at(-1)?.name !== 'IEND';) {
    const end = at + FRAME + bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    parts.push({ name, content: bytes.subarray(at + 8, end - 4), end })
    at = end
  }
  return parts
}

function problemOf(parts: readonly Part[], { name, content }: Part): LogoProblem | undefined {
  const count = (wanted: string): number => parts.filter((part) => part.name === wanted).length
  // pngjs would use a second header instead of the first one, which is checked here.
  if (name !== 'IHDR' || content.length !== 13 || count('IHDR') !== 1 || count('IEND') !== 1) return 'broken'
  const sides = [content.readUInt32BE(0), content.readUInt32BE(4)]
  if (sides.some((side) => side > MAX_SIDE)) return 'too_wide'
  if (sides.includes(0)) return 'broken'
  if (count('acTL') > 0) return 'animated'
  return content[12] === 0 ? undefined : 'interlaced'
}
