import { ratioOf, runPairs } from '../pairs.ts'
import { compared, HEAD, type Part } from '../part.ts'
import { table, type Target } from '../report.ts'
import { renderNoticePdf } from '../../templates/documents/notice-pdf.ts'
import type { NoticePdfView } from '../../templates/documents/notice-view.ts'
import { zipOf } from '../../templates/documents/zip.ts'
import { drawBare } from './bare.ts'
import { aNotice } from './notices.ts'

export interface Size {
  pairs: number
  /** Notices per measurement. */
  notices: number
}

export const SHORT: Size = { pairs: 5, notices: 40 }
export const FULL: Size = { pairs: 9, notices: 150 }

const LIMITS = { ratio: 2, zipSeconds: 60, zipGrowth: 0.2 } as const
const IN_ZIP = 1_000
/** Memory is compared with its value after this many notices. */
const WARM = 250

type Say = (text: string) => void

/** Prints the table; returns the targets that must be met. */
export async function benchDocuments(size: Size, say: Say): Promise<Target[]> {
  const parts = [
    await measureNotice('one_page', {}, size, say),
    await measureNotice('two_pages', { secondLanguage: 'de' }, size, say),
    await measureZip(say),
  ]
  const rows = parts.flatMap((part) => part.rows)
  say(`\n${table(HEAD, rows)}\n`)
  return parts.flatMap(({ targets }) => targets)
}

async function measureNotice(
  name: string,
  change: Partial<NoticePdfView>,
  { pairs, notices }: Size,
  say: Say,
): Promise<Part> {
  const views = Array.from({ length: notices }, (_, index) => aNotice(index, change))
  const each = async (draw: (view: NoticePdfView) => Promise<Buffer>): Promise<number> => {
    const from = performance.now()
    for (const view of views) await draw(view)
    return (performance.now() - from) / notices
  }
  say(`notice of ${name}: ms each, product / bare pdfkit`)
  const ms = (value: number): number => value
  const found = await runPairs(
    { product: () => each(renderNoticePdf), twin: () => each(drawBare), figure: ms },
    pairs,
    say,
  )
  return {
    rows: [compared(`notice of ${name}, ms`, found, ms, 1)],
    targets: [{ name: `notice_${name}_ratio`, value: ratioOf(found, ms), limit: LIMITS.ratio, is: 'most' }],
  }
}

/** Streams a zip of a thousand notices into nothing: measures the time and whether memory grows with their number. */
async function measureZip(say: Say): Promise<Part> {
  const seen: number[] = []
  const entries = Array.from({ length: IN_ZIP }, (_, index) => ({
    name: `AVVISO_${index}.pdf`,
    bytes: async () => {
      seen.push(process.memoryUsage.rss() / 1e6)
      return renderNoticePdf(aNotice(index))
    },
  }))
  let size = 0
  const from = performance.now()
  for await (const chunk of zipOf(entries)) size += (chunk as Buffer).length
  const seconds = (performance.now() - from) / 1000
  const [first, all] = [Math.max(...seen.slice(0, WARM)), Math.max(...seen)]
  say(`zip of ${IN_ZIP} notices, ${(size / 1e6).toFixed(0)} MB: ${seconds.toFixed(1)} s`)
  return {
    rows: [
      [`zip of ${IN_ZIP} notices, s`, seconds.toFixed(1), '', '', ''],
      [`resident MB at most, first ${WARM} / all`, `${first.toFixed(0)} / ${all.toFixed(0)}`, '', '', ''],
    ],
    targets: [
      { name: 'zip_seconds', value: seconds, limit: LIMITS.zipSeconds, is: 'most' },
      { name: 'zip_memory_growth', value: all / first - 1, limit: LIMITS.zipGrowth, is: 'most' },
    ],
  }
}
