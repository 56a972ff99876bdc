import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launch } from '../chromium.ts'
import { SHOT_PAGES, type Person, type ShotPage } from './pages.ts'

// Entry point of `npm run shots`: takes a picture of each page of pages.ts, whole, at two widths, of a running `npm start`.
// Usage: npm run shots -- folder [address] [name of a page …]

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } }
const PATIENCE_MS = 20_000

const [folder = '.data/shots', site = 'http://localhost:3000', ...names] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const browser = await launch()
try {
  for (const page of SHOT_PAGES)
    if (names.length === 0 || names.includes(page.name)) await shoot(browser, page)
} finally {
  await browser.close()
}

/** One page that cannot be reached does not cost the pictures of the others, but the command fails. */
async function shoot(from: Browser, { name, who, steps }: ShotPage): Promise<void> {
  const context = await from.newContext({ viewport: SIZES.desktop, locale: 'it-IT' })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    if (who) await signIn(page, who)
    for (const step of steps) await step(page, site)
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport)
      await page.screenshot({ path: join(folder, `${name}-${size}.png`), fullPage: true })
    }
    process.stdout.write(`${name}\n`)
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`${name}: ${String(error).split('\n')[0]}\n`)
  } finally {
    await context.close()
  }
}

async function signIn(page: Page, who: Person): Promise<void> {
  await page.goto(`${site}/accedi`)
  await page.locator(`button:has-text("${who}")`).click()
  await page.waitForURL(`${site}/**`)
}
