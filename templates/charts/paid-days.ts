import { scaleBand, scaleLinear } from 'd3-scale'
import { formatDay } from '../../domain/calendar.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import { t } from '../language.ts'
import { amountLines } from './amount-lines.ts'

interface PaidBar {
  /** Day of Rome. */
  day: string
  items: number
  cents: number
}

/** Pixels from the top: the upper end of the scale, the foot of the bars, and the line of the days. */
const TOP = 16
const FOOT = 190
const DAYS = 210
/** Percent of the width that the amounts on the left take. */
const LEFT = 12
/** What the chart shows. */
export interface PaidDays {
  bars: readonly PaidBar[]
  /** Day of Rome. */
  today: string
  /** The days of the bars in words, such as "negli ultimi 30 giorni". */
  period: string
}

/** Every how many days a day is named below its bar, so that a phone has room for the names: each of a week, then whole weeks. */
const namedEvery = (count: number): number => (count < 14 ? Math.ceil(count / 7) : 7 * Math.ceil(count / 35))

/**
 * The chart of what was paid on each day: text of an `<svg>`. It is as wide as its place: places from left to
 * right are percents and heights are pixels, so that letters stay readable on a phone. Today's bar is hatched, because its day is not
 * over. A table with the same numbers must stand beside it.
 */
export function paidDaysChart({ bars, today, period }: PaidDays): string {
  const most = Math.max(...bars.map((bar) => bar.cents))
  const x = scaleBand(
    bars.map(({ day }) => day),
    [LEFT, 100],
  ).paddingInner(0.25)
  const y = scaleLinear([0, Math.max(most, 1)], [FOOT, TOP]).nice(3)
  const { lines, texts } = amountLines(y)
  const columns = bars.map((bar) => column(bar, { x: x(bar.day)!, y: y(bar.cents) }, bar.day === today))
  const named = bars.flatMap(({ day }, at) =>
    (bars.length - 1 - at) % namedEvery(bars.length) === 0
      ? [dayName(day === today ? t('figures.chart.today') : formatDay(day).slice(0, 5), at, bars.length)]
      : [],
  )
  const width = x.bandwidth().toFixed(2)
  return `<svg class="mypay-chart" role="img" aria-labelledby="grafico-titolo grafico-testo" width="100%" height="220">
<title id="grafico-titolo">${t('figures.chart.title', { period })}</title><desc id="grafico-testo">${words(bars, most)}</desc>
<defs><pattern id="grafico-oggi" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="mypay-chart-hatch" width="3" height="6"/></pattern></defs>
${lines}${columns.map((place) => `<rect ${place} width="${width}%"/>`).join('')}${texts}${named.join('')}
</svg>`
}

function column({ cents: paid }: PaidBar, place: { x: number; y: number }, isToday: boolean): string {
  // A day with little money keeps a bar that can be seen.
  const height = paid === 0 ? 0 : Math.max(FOOT - place.y, 2)
  const look = isToday ? 'class="mypay-chart-today" fill="url(#grafico-oggi)"' : 'class="mypay-chart-bar"'
  return `${look} x="${place.x.toFixed(2)}%" y="${(FOOT - height).toFixed(1)}" height="${height.toFixed(1)}"`
}

/** The name of a day below the middle of its bar; that of the last one ends with it. */
function dayName(text: string, at: number, count: number): string {
  const isLast = at === count - 1
  const anchor = isLast ? 'end' : 'middle'
  const x = isLast ? 100 : LEFT + ((at + 0.5) / count) * (100 - LEFT)
  return `<text class="mypay-chart-text" x="${x.toFixed(2)}%" y="${DAYS}" text-anchor="${anchor}">${text}</text>`
}

/** What the chart shows, for people who do not see it. */
function words(bars: readonly PaidBar[], most: number): string {
  const best = bars.find((bar) => bar.cents === most)!
  const total = bars.reduce((sum, bar) => sum + bar.cents, 0)
  return t('figures.chart.words', {
    total: formatEuro(cents(total)),
    most: formatEuro(cents(most)),
    day: formatDay(best.day),
  })
}
