import type { Page, Refusal } from '../../treasury/movement.ts'

/** More pages than any treasurer makes of a day. */
const MOST_PAGES = 1_000

/**
 * Whether the files of a zip are one whole journal: each page once, in any order. A file that names no page is a journal by itself.
 * Source: docs/field/treasury.md#giornale-di-cassa.
 */
export function judgePages(pages: readonly Page[]): Refusal | undefined {
  const total = Math.max(1, ...pages.map((page) => page.pages ?? 1))
  const given = pages.map(({ page }) => page ?? 1)
  const expected = Array.from({ length: Math.min(total, MOST_PAGES) }, (_, at) => at + 1)
  const missing = expected.filter((page) => !given.includes(page))
  const doubled = [...new Set(given.filter((page, at) => given.indexOf(page) !== at || page > total))]
  const isWhole = missing.length === 0 && doubled.length === 0 && total <= MOST_PAGES
  return isWhole ? undefined : { kind: 'pages', missing, doubled }
}
