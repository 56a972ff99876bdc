import type { ScaleLinear } from 'd3-scale'
import { wholeNumber } from '../format.ts'

/**
 * The lines of amounts across a chart, and their whole euros above the left end of each. The texts are drawn after the bars: those of large
 * sums are wider than the place beside the bars, and would be cut off at the side of a phone if they ended there.
 * @param y from cents to pixels
 */
export function amountLines(y: ScaleLinear<number, number>): { lines: string; texts: string } {
  const values = y.ticks(3).map((value) => ({ value, at: y(value) }))
  return {
    lines: values
      .map(
        ({ at }) =>
          `<line class="mypay-chart-line" x1="0" x2="100%" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/>`,
      )
      .join(''),
    texts: values
      .map(
        ({ value, at }) =>
          `<text class="mypay-chart-text" x="0" y="${(at - 4).toFixed(1)}">${wholeNumber(Math.round(value / 100))}</text>`,
      )
      .join(''),
  }
}
