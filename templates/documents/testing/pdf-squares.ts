import {
  BarcodeFormat,
  BinaryBitmap,
  DecodeHintType,
  HybridBinarizer,
  MultiFormatReader,
  RGBLuminanceSource,
} from '@zxing/library'
import { inflateSync } from 'node:zlib'

export interface Square {
  x: number
  y: number
  width: number
  height: number
}

/** Filled rectangles of each path with more than a hundred of them: the two-dimensional codes, in drawing order. */
export function drawnCodes(file: Buffer): Square[][] {
  const source = file.toString('latin1')
  const streams = [...source.matchAll(/stream\n([\s\S]*?)\nendstream/g)].flatMap(([, body]) => {
    try {
      return [inflateSync(Buffer.from(body!, 'latin1')).toString('latin1')]
    } catch {
      return []
    }
  })
  const number = '(-?[\\d.]+)'
  const rectangle = new RegExp(`${number} ${number} ${number} ${number} re`, 'g')
  return streams
    .flatMap((stream) => stream.split(/\nf\n|\nf\b/))
    .map((path) =>
      [...path.matchAll(rectangle)].map(([, x, y, width, height]) => ({
        x: Number(x),
        y: Number(y),
        width: Number(width),
        height: Number(height),
      })),
    )
    .filter((squares) => squares.length > 100)
}

const QUIET = 8

/**
 * Paints the squares at their places on the page, `module` pixels per module, and decodes them as a telephone would.
 */
export function readCode(squares: readonly Square[], format: 'qr' | 'datamatrix', module = 6): string {
  const step = Math.min(...squares.map(({ height }) => height))
  const left = Math.min(...squares.map(({ x }) => x))
  const top = Math.min(...squares.map(({ y }) => y))
  const right = Math.max(...squares.map(({ x, width }) => x + width))
  const bottom = Math.max(...squares.map(({ y, height }) => y + height))
  const across = Math.round((right - left) / step) + 2 * QUIET
  const down = Math.round((bottom - top) / step) + 2 * QUIET
  const width = across * module
  const pixels = new Uint8ClampedArray(width * down * module).fill(255)
  for (const square of squares) {
    const from = Math.round(((square.x - left) / step + QUIET) * module)
    const to = Math.round(((square.x + square.width - left) / step + QUIET) * module)
    const first = Math.round(((square.y - top) / step + QUIET) * module)
    for (let y = first; y < first + module; y++) pixels.fill(0, y * width + from, y * width + to)
  }
  const hints = new Map<DecodeHintType, unknown>([
    [DecodeHintType.POSSIBLE_FORMATS, [format === 'qr' ? BarcodeFormat.QR_CODE : BarcodeFormat.DATA_MATRIX]],
    [DecodeHintType.TRY_HARDER, true],
  ])
  const luminance = new RGBLuminanceSource(pixels, width, down * module)
  return new MultiFormatReader().decode(new BinaryBitmap(new HybridBinarizer(luminance)), hints).getText()
}
