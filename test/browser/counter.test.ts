import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { launch, noBrowser } from './chromium.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
const NEW = '/operatore/C_X902/dovuti/nuovo'

describe.skipIf(noBrowser())('an operator at the counter', { timeout: 120_000 }, () => {
  let site: Site
  let browser: Browser
  let context: BrowserContext

  beforeAll(async () => {
    ;[site, browser] = await Promise.all([startSite(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  async function opened(
    viewport: { width: number; height: number },
    javaScriptEnabled = true,
  ): Promise<Page> {
    context = await browser.newContext({ viewport, javaScriptEnabled })
    const visitor = await signInAs(site.db, site.visitor(), SARA)
    const [name, value] = visitor.cookie().split(/=(.*)/s)
    await context.addCookies([{ name: name!, value: value!, url: site.url }])
    return context.newPage()
  }

  async function isFine(page: Page): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
    const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
    expect([page.url(), found]).toEqual([page.url(), []])
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
  }

  it('makes a due and prints it, without help and without scripts', async () => {
    const page = await opened({ width: 1280, height: 900 }, false)
    await page.goto(`${site.url}/operatore/C_X902/dovuti`)
    await page.click('a:has-text("Inserisci un dovuto")')
    await page.click('a:has-text("Diritti vari")')
    await page.selectOption('#modulo-diritto', { label: 'Copia di atti' })
    await page.fill('#modulo-importo', '12,34')
    await page.fill('#dataEsecuzionePagamento', '2099-12-31')
    await page.fill('#codiceIdentificativoUnivoco', 'BNCCHR85H52M999M')
    await page.fill('#anagraficaPagatore', 'Chiara Bianchi')
    await page.press('#anagraficaPagatore', 'Enter')
    await page.waitForSelector('[role=status]:has-text("Il dovuto è creato")')
    const href = await page.getAttribute('a.btn-primary:has-text("Stampa l’avviso")', 'href')
    const pdf = await context.request.get(site.url + href!)
    expect((await pdf.body()).subarray(0, 4).toString()).toBe('%PDF')
    await context.close()
  })

  it.each([
    ['narrow', { width: 320, height: 700 }],
    ['phone', { width: 390, height: 844 }],
    ['desktop', { width: 1280, height: 900 }],
  ])('has no accessibility fault with everything open, errors and a bilancio: %s', async (_, viewport) => {
    const page = await opened(viewport)
    await page.goto(site.url + NEW)
    await isFine(page)
    await page.goto(`${site.url}${NEW}?tipo=DIRITTI_VARI`)
    await isFine(page)
    await page.click('button:has-text("Scrivi tu importo, causale e bilancio")')
    for (let row = 0; row < 2; row++) {
      if (!(await page.isVisible('#bilancio button[value=riga]'))) await page.click('#bilancio summary')
      await page.click('#bilancio button[value=riga]')
    }
    await page.fill('#bilancio-0-capitolo', 'E3010')
    await page.fill('#bilancio-1-importo', '10.5')
    await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true`)
    await page.fill('#capPagatore', '30-121')
    await page.click('button:has-text("Crea il dovuto")')
    await page.waitForSelector('#errori:focus')
    await page.evaluate(`for (const part of document.querySelectorAll('main details')) part.open = true`)
    await isFine(page)
    expect(await page.title()).toMatch(/^Errore: /)
    await context.close()
  })

  it('opens the panel of help by its link', async () => {
    const page = await opened({ width: 390, height: 844 })
    await page.goto(site.url + NEW)
    expect(await page.isVisible('#aiuto')).toBe(false)
    await page.click('a[href="#aiuto"]')
    await page.waitForSelector('#aiuto >> text=Come creo un dovuto allo sportello?')
    await isFine(page)
    await context.close()
  })
})
