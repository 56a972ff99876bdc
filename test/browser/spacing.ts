import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const IN_PAGE = readFileSync(new URL('in-page/spacing.js', import.meta.url), 'utf8')

/** What touches on this page: boxes, texts and boxes, texts and the sides of their boxes, and words that break in a table. */
export const touches = (page: Page): Promise<string[]> => page.evaluate<string[]>(IN_PAGE)

/** The most pixels that the header may take of a phone's first screen. */
export const MOST_HEADER = 120

export const headerHeight = (page: Page): Promise<number> =>
  page.evaluate<number>("document.querySelector('header').offsetHeight")
