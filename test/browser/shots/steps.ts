import type { Page } from 'playwright-core'

/** One thing that a person does on a page. */
export type Step = (page: Page, site: string) => Promise<unknown>

export const open =
  (path: string): Step =>
  (page, site) =>
    page.goto(site + path)

/** Presses the first button or link whose name is the text or matches the pattern. */
export const press =
  (name: string | RegExp): Step =>
  async (page) => {
    const exact = typeof name === 'string'
    const named = page
      .getByRole('button', { name, exact })
      .or(page.getByRole('link', { name, exact }))
      .first()
    await named.click()
    await page.waitForLoadState()
  }

/** Follows the first link that the selector finds. */
export const follow =
  (selector: string): Step =>
  async (page) => {
    await page.locator(selector).first().click()
    await page.waitForLoadState()
  }

/** Fills fields, which may be inputs or selects, by their ids. */
export const fill =
  (fields: Record<string, string>): Step =>
  async (page) => {
    for (const [id, text] of Object.entries(fields)) {
      const field = page.locator(`#${id}`)
      if ((await field.count()) === 0) continue
      const isSelect = await field.evaluate(({ tagName }) => tagName === 'SELECT')
      await (isSelect ? field.selectOption({ label: text }) : field.fill(text))
    }
  }

/** Waits until the first heading matches, because a page turns by itself when the state of a payment changes. */
export const sees =
  (heading: RegExp): Step =>
  (page) =>
    page.locator('h1').filter({ hasText: heading }).waitFor()

/** Chooses a file for an input. */
export const uploads =
  (selector: string, name: string, text: string): Step =>
  (page) =>
    page.setInputFiles(selector, { name, mimeType: 'text/csv', buffer: Buffer.from(text) })

/** Waits until the page has such an element, because a process ends before it is there. */
export const waits =
  (selector: string): Step =>
  (page) =>
    page.locator(selector).first().waitFor()
