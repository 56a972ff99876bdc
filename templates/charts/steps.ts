import { scaleLinear } from 'd3-scale'
import { wholeNumber } from '../format.ts'
import { t } from '../language.ts'

export interface StepBar {
  /** Our own word for the step. */
  name: string
  items: number
}

/** Pixels: one row, with its name above its bar; and the bar. */
const ROW = 48
const BAR = 14

/**
 * How many stand at each step: text of an `<svg>` with one lying bar for each, and its name and number in letters above it. Widths are
 * percents, so that letters stay readable on a phone.
 */
export function stepsChart(bars: readonly StepBar[]): string {
  const x = scaleLinear([0, Math.max(1, ...bars.map(({ items }) => items))], [0, 100])
  const rows = bars.map(({ name, items }, at) => {
    const top = at * ROW
    return `<text class="mypay-chart-name" x="0" y="${top + 14}">${name}: ${wholeNumber(items)}</text><rect class="mypay-chart-bar" x="0" y="${top + 20}" height="${BAR}" width="${x(items).toFixed(2)}%"/>`
  })
  return `<svg class="mypay-chart" role="img" aria-labelledby="passi-titolo" width="100%" height="${bars.length * ROW}">
<title id="passi-titolo">${t('figures.steps.title')}</title>${rows.join('')}
</svg>`
}
