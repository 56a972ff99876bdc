import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core'
import type { Visitor } from '../setup/visitor.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Path of the machine's Chromium; undefined when there is none. */
export function findChromium(path = process.env['PATH'] ?? ''): string | undefined {
  const folders = ['/usr/bin', ...path.split(delimiter)].filter((folder) => folder !== '')
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable)
}

/** True when there is no browser: the tests are skipped, with a notice. @throws in CI, which requires the browser */
export function noBrowser(): boolean {
  if (findChromium() !== undefined) return false
  if (process.env['MYPAY_REQUIRE_BROWSER'] === '1')
    throw new Error('browser tests are required and no Chromium was found')
  process.stderr.write(
    'notice: no Chromium found, browser tests are skipped (install chromium to run them)\n',
  )
  return true
}

export function launch(): Promise<Browser> {
  // Containers run as root, and Chromium's sandbox does not start as root.
  return chromium.launch({ executablePath: findChromium()!, args: ['--no-sandbox'] })
}

/** A window with the session of a visitor. */
export async function windowOf(
  browser: Browser,
  url: string,
  visitor: Visitor,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  const [name, value] = visitor.cookie().split(/=(.*)/s) as [string, string]
  await context.addCookies([{ name, value, url }])
  return context
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
