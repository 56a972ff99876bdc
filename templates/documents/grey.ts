import { createHash } from 'node:crypto'
import { PNG } from 'pngjs'

/** Size of the cache. Enti print many documents with the same picture. */
const MOST = 200
const done = new Map<string, Buffer>()

const OPAQUE = 255
const GREY = 0
const GREY_AND_ALPHA = 4

/**
 * Converts a picture to greys with the brightness of its colours, for printing. Source:
 * docs/field/payments.md#printed-notice.
 */
export function greyscale(png: Uint8Array): Buffer {
  const key = createHash('sha256').update(png).digest('base64')
  const known = done.get(key)
  if (known) return known
  const drawn = withoutColour(png)
  if (done.size >= MOST) done.delete(done.keys().next().value!)
  done.set(key, drawn)
  return drawn
}

function withoutColour(png: Uint8Array): Buffer {
  const picture = PNG.sync.read(Buffer.from(png))
  const { data } = picture
  let isOpaque = true
  for (let at = 0; at < data.length; at += 4) {
    // Weights of the brightness that people see. Source: ITU-R BT.601.
    const grey = Math.round(0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!)
    data.fill(grey, at, at + 3)
    isOpaque &&= data[at + 3] === OPAQUE
  }
  return PNG.sync.write(picture, { colorType: isOpaque ? GREY : GREY_AND_ALPHA })
}
