import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { touches } from './spacing.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

/** Opens all that is folded, so that it is looked at too. */
export const unfold = (page: Page): Promise<void> =>
  page.evaluate(`for (const part of document.querySelectorAll('main details')) part.open = true`)

/** Expects that a page has no accessibility fault, one h1, nothing wider than the window, and nothing that touches. */
export async function expectFine(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  const faults = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
  const found = {
    url: page.url(),
    faults,
    headings: await page.locator('h1').count(),
    tooWide: await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
    touching: await touches(page),
  }
  expect(found).toEqual({ url: page.url(), faults: [], headings: 1, tooWide: 0, touching: [] })
}
