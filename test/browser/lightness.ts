import type { Locator, Page } from 'playwright-core'
import { PNG } from 'pngjs'

/** What a part of a page looks like. */
export interface Look {
  /** The mean of its points: 0 is black, 1 is white. */
  lightness: number
  /** No point of it has a colour. */
  isGrey: boolean
}

/** Pixels at the sides of a shape that its line takes. */
const LINE = 2

/** The look of the inside of a shape. It is scrolled into the window. */
export async function insideOf(page: Page, shape: Locator): Promise<Look> {
  await shape.scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await shape.boundingBox())!
  return lookAt(page, { x: x + LINE, y: y + LINE, width: width - 2 * LINE, height: height - 2 * LINE })
}

/** The look of a part of the window, in pixels. */
export async function lookAt(
  page: Page,
  clip: { x: number; y: number; width: number; height: number },
): Promise<Look> {
  const { data } = PNG.sync.read(await page.screenshot({ clip }))
  const points = Array.from({ length: data.length / 4 }, (_, at) => [...data.subarray(4 * at, 4 * at + 3)])
  const sum = points.reduce(
    (all, [red, green, blue]) => all + 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!,
    0,
  )
  return {
    lightness: sum / points.length / 255,
    isGrey: points.every((point) => Math.max(...point) - Math.min(...point) <= 3),
  }
}
