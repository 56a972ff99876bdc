import { scaleBand, scaleLinear } from 'd3-scale'
import { t } from '../language.ts'
import { amountLines } from './amount-lines.ts'

export interface WeekBars {
  /** The first day of the week, such as "01/12". */
  name: string
  /** Cents collected, reported and credited. */
  cents: readonly number[]
}

/** Pixels from the top: the upper end of the scale, the foot of the bars, and the line of the weeks. */
const TOP = 16
const FOOT = 190
const WEEKS = 210
/** Percent of the width that the amounts on the left take. */
const LEFT = 12

/** The bars of a week in their order. They differ by filling and not by colour alone: full, hatched, empty. */
const LOOKS = [
  { name: 'collected', look: 'class="mypay-chart-bar"' },
  { name: 'reported', look: 'class="mypay-chart-today" fill="url(#settimane-tratto)"' },
  { name: 'credited', look: 'class="mypay-chart-today mypay-chart-empty"' },
] as const

/**
 * What came in by week: text of an `<svg>` with three bars for each week, and a legend. Places from left to right are percents and heights
 * are pixels, so that letters stay readable on a phone. A table with the same numbers must stand beside it.
 */
export function reportingWeeksChart(weeks: readonly WeekBars[]): string {
  const most = Math.max(1, ...weeks.flatMap(({ cents }) => cents))
  const y = scaleLinear([0, most], [FOOT, TOP]).nice(3)
  const x = scaleBand(
    weeks.map((_, at) => at),
    [LEFT, 100],
  ).paddingInner(0.3)
  const inner = scaleBand([0, 1, 2], [0, x.bandwidth()]).paddingInner(0.15)
  const { lines, texts } = amountLines(y)
  const bars = weeks.flatMap(({ cents }, at) =>
    cents.map((value, one) => {
      // More was revoked than reported: nothing to draw. A little money keeps a bar that can be seen.
      const height = value <= 0 ? 0 : Math.max(FOOT - y(value), 2)
      return `<rect ${LOOKS[one]!.look} x="${(x(at)! + inner(one)!).toFixed(2)}%" y="${(FOOT - height).toFixed(1)}" width="${inner.bandwidth().toFixed(2)}%" height="${height.toFixed(1)}"/>`
    }),
  )
  // Every other week is named, the last one always, so that a phone has room for the names.
  const names = weeks.map(({ name }, at) =>
    (weeks.length - 1 - at) % 2 === 0
      ? `<text class="mypay-chart-text" x="${(x(at)! + x.bandwidth() / 2).toFixed(2)}%" y="${WEEKS}" text-anchor="middle">${name}</text>`
      : '',
  )
  return `<svg class="mypay-chart" role="img" aria-labelledby="settimane-titolo" width="100%" height="220">
<title id="settimane-titolo">${t('figures.reporting.chart')}</title>
<defs><pattern id="settimane-tratto" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="mypay-chart-hatch" width="3" height="6"/></pattern></defs>
${lines}${bars.join('')}${texts}${names.join('')}
</svg>
<ul class="mypay-chart-legend">${LOOKS.map(({ name, look }) => `<li><svg width="16" height="16" aria-hidden="true" focusable="false"><rect ${look} x="1" y="1" width="14" height="14"/></svg> ${t(`figures.reporting.${name}.name`)}</li>`).join('')}</ul>`
}
