import { scaleBand, scaleLinear } from 'd3-scale'
import { formatDay } from '../../domain/calendar.ts'
import { wholeNumber } from '../format.ts'
import { t } from '../language.ts'

/** Cents of a week, whose Monday is `week`. */
export interface WeekBars {
  week: string
  collected: number
  reported: number
  credited: number
}

const SERIES = ['collected', 'reported', 'credited'] as const

/** How each kind of bar is told from the others without colours: full, hatched, and only its border. */
const LOOKS: Record<(typeof SERIES)[number], string> = {
  collected: 'class="mypay-chart-bar"',
  reported: 'class="mypay-chart-today" fill="url(#settimane-tratti)"',
  credited: 'class="mypay-chart-hollow"',
}

/** Pixels from the top: the words of the series, the upper end of the scale, the foot of the bars, and the line of the weeks. */
const WORDS = 14
const TOP = 40
const FOOT = 214
const WEEKS = 234
/** Percent of the width that the amounts on the left take. */
const LEFT = 12
/** A phone has room for the name of every third week. */
const NAMED_EVERY = 3

/**
 * Three bars for each week, one beside the other: text of an `<svg>`. Places from left to right are percents and heights are pixels, so that
 * letters stay readable on a phone. A table with the same numbers must stand beside it.
 */
export function weeksChart(weeks: readonly WeekBars[]): string {
  const most = Math.max(1, ...weeks.flatMap((week) => SERIES.map((name) => week[name])))
  const x = scaleBand(
    weeks.map(({ week }) => week),
    [LEFT, 100],
  ).paddingInner(0.3)
  const inside = scaleBand(SERIES, [0, x.bandwidth()]).paddingInner(0.1)
  const y = scaleLinear([0, most], [FOOT, TOP]).nice(3)
  const width = inside.bandwidth().toFixed(2)
  const bars = weeks.flatMap((week) =>
    SERIES.map((name) => {
      // A week with little money keeps a bar that can be seen; what was revoked makes none.
      const height = week[name] <= 0 ? 0 : Math.max(FOOT - y(week[name]), 2)
      const left = (x(week.week)! + inside(name)!).toFixed(2)
      return `<rect ${LOOKS[name]} x="${left}%" y="${(FOOT - height).toFixed(1)}" height="${height.toFixed(1)}" width="${width}%"/>`
    }),
  )
  const lines = y
    .ticks(3)
    .map(
      (value) =>
        `<line class="mypay-chart-line" x1="${LEFT}%" x2="100%" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/>` +
        `<text class="mypay-chart-text" x="${LEFT - 1}%" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${wholeNumber(Math.round(value / 100))}</text>`,
    )
  const names = weeks.flatMap(({ week }, at) =>
    (weeks.length - 1 - at) % NAMED_EVERY === 0
      ? [
          `<text class="mypay-chart-text" x="${(x(week)! + x.bandwidth() / 2).toFixed(2)}%" y="${WEEKS}" text-anchor="middle">${formatDay(week).slice(0, 5)}</text>`,
        ]
      : [],
  )
  return `<svg class="mypay-chart" role="img" aria-labelledby="settimane-titolo" width="100%" height="${WEEKS + 10}">
<title id="settimane-titolo">${t('figures.weeks.title')}</title>
<defs><pattern id="settimane-tratti" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="mypay-chart-hatch" width="3" height="6"/></pattern></defs>
${SERIES.map(legend).join('')}${lines.join('')}${bars.join('')}${names.join('')}
</svg>`
}

/** A square that looks like the bars, and what they are. */
function legend(name: (typeof SERIES)[number], at: number): string {
  const left = (at * 100) / SERIES.length
  return `<rect ${LOOKS[name]} x="${left.toFixed(2)}%" y="${WORDS - 11}" width="12" height="12"/><text class="mypay-chart-text" x="${left.toFixed(2)}%" dx="18" y="${WORDS}">${t(`figures.weeks.${name}.name`)}</text>`
}
