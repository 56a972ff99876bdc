import bwip from 'bwip-js'

/** Modules of a two-dimensional code, row by row; true is dark. */
export interface Modules {
  size: number
  dark: readonly boolean[]
}

interface RawCode {
  pixs: readonly number[]
  pixx: number
}

// The types of the package omit `raw`, which returns modules for two-dimensional codes.
const { raw } = bwip as typeof bwip & { raw(options: object): RawCode[] }

/** Version 4, 33 x 33 modules, error correction M. Source: docs/field/identifiers.md#qr-code. */
export const qrModules = (text: string): Modules =>
  modulesOf({ bcid: 'qrcode', text, eclevel: 'M', version: 4 })

/** A square, as large as 256 characters need. */
export const dataMatrixModules = (text: string): Modules => modulesOf({ bcid: 'datamatrix', text })

function modulesOf(options: object): Modules {
  const [code] = raw(options)
  return { size: code!.pixx, dark: code!.pixs.map((value) => value === 1) }
}

/**
 * Draws the dark modules as one vector path with a rectangle for each run of a row, so that no gaps show at any zoom.
 */
export function drawModules(
  doc: PDFKit.PDFDocument,
  { size, dark }: Modules,
  { x, y, width }: { x: number; y: number; width: number },
): void {
  const step = width / size
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size;) {
      const length = runLength(dark, row * size + column, size - column)
      if (length > 0) doc.rect(x + column * step, y + row * step, length * step, step)
      column += Math.max(1, length)
    }
  doc.fill('#000000')
}

function runLength(dark: readonly boolean[], start: number, most: number): number {
  let length = 0
  while (length < most && dark[start + length]) length++
  return length
}
