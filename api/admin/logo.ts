import { inflateSync } from 'node:zlib'
import { PNG } from 'pngjs'

const MAX_SIDE = 250
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Length, name and checksum around the content of a part. */
const FRAME = 12

/** Why a picture is no logo; each has its sentence on the page. */
export type LogoProblem = 'not_png' | 'too_wide' | 'interlaced' | 'animated' | 'broken'

export type Logo = { kind: 'logo'; bytes: Buffer } | { kind: LogoProblem }

/**
 * A PNG of at most 250 × 250, written again from its pixels: nothing else that came with it is kept. Its parts are looked at before
 * anything is unpacked. The unpacked size of an interlaced one is what its sender wants it to be, and unpacking stops the process.
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

/** Values of one pixel, by the kind of colour. */
const CHANNELS = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
])

/**
 * Throws unless the pixels unpack to exactly what the header says. The reader of pictures takes a buffer of that size as it finds it:
 * where pixels are missing, the picture would show what the memory held before.
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
  /** Where the next one begins. */
  end: number
}

/** The parts up to the last one, IEND; what stands behind it is none. Nothing of what does not begin as a PNG does. */
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
  // A second header would be believed instead of the one that is looked at here.
  if (name !== 'IHDR' || content.length !== 13 || count('IHDR') !== 1 || count('IEND') !== 1) return 'broken'
  const sides = [content.readUInt32BE(0), content.readUInt32BE(4)]
  if (sides.some((side) => side > MAX_SIDE)) return 'too_wide'
  if (sides.includes(0)) return 'broken'
  if (count('acTL') > 0) return 'animated'
  return content[12] === 0 ? undefined : 'interlaced'
}
