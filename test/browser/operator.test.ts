import { AxeBuilder } from '@axe-core/playwright'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flowZip } from '../flows/zip.ts'
import {
  anOperatorWorld,
  ELENA,
  isOperatorPath,
  operatorAddress,
  PAOLO,
  type OperatorWorld,
} from '../setup/operators.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { routesOf } from '../setup/routes.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { launch, noBrowser } from './chromium.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1280, height: 900 }

let browser: Browser
beforeAll(async () => {
  if (!noBrowser()) browser = await launch()
})
afterAll(() => browser?.close())

async function contextOf(url: string, visitor: Visitor, viewport = DESKTOP): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport })
  const [name, value] = visitor.cookie().split('=') as [string, string]
  await context.addCookies([{ name, value, url }])
  return context
}

async function axe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
  expect([page.url(), found]).toEqual([page.url(), []])
}

describe.skipIf(noBrowser())(
  'every page of operators, administrators and support',
  { timeout: 120_000 },
  () => {
    let site: Site
    let world: OperatorWorld
    let elena: Visitor

    beforeAll(async () => {
      site = await startSite()
      world = await anOperatorWorld(site.db)
      elena = await signInAs(site.db, site.visitor(), ELENA)
    })
    afterAll(() => site?.close())

    /** Answers of GET that are no pages. */
    const NO_PAGES = /\/eventi$|\/file\/|\.csv$|\.pdf$|\/originale$/

    it.each([
      ['phone', PHONE],
      ['desktop', DESKTOP],
      ['narrow', { width: 320, height: 700 }],
    ])('has no accessibility fault, one h1 and fits: %s', async (_, viewport) => {
      const paths = routesOf(site.app)
        .filter(({ method, path }) => method === 'get' && isOperatorPath(path))
        .filter(({ path }) => !NO_PAGES.test(path))
        .map(({ path }) => operatorAddress(path, world))
      expect(paths.length).toBeGreaterThan(15)
      const context = await contextOf(site.url, elena, viewport)
      const page = await context.newPage()
      for (const path of paths) {
        const answer = await page.goto(site.url + path)
        expect([path, answer?.status()]).toEqual([path, 200])
        await axe(page)
        expect([path, await page.locator('h1').count()]).toEqual([path, 1])
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        expect([path, tooWide]).toEqual([path, 0])
      }
      await context.close()
    })
  },
)

describe.skipIf(noBrowser())('an operator at work', { timeout: 120_000 }, () => {
  let stack: Stack
  let page: Page
  let context: BrowserContext

  beforeAll(async () => {
    stack = await startStack({ seed: true })
    const visitor = await signInAs(stack.db, createVisitor(stack.publicUrl), PAOLO)
    context = await contextOf(stack.publicUrl, visitor)
    page = await context.newPage()
  })
  afterAll(async () => {
    await context?.close()
    await stack?.close()
  })

  const open = (path: string) => page.goto(`${stack.publicUrl}/operatore/C_X902${path}`)

  it('uploads a file, watches it load, reads the rejects, cancels it', async () => {
    const base = 'C_X902-BROWSER1-1_0'
    const header =
      'IUD;codIuv;tipoIdentificativoUnivoco;codiceIdentificativoUnivoco;anagraficaPagatore;indirizzoPagatore;civicoPagatore;' +
      'capPagatore;localitaPagatore;provinciaPagatore;nazionePagatore;mailPagatore;dataEsecuzionePagamento;importoDovuto;' +
      'commissioneCaricoPa;tipoDovuto;tipoVersamento;causaleVersamento;datiSpecificiRiscossione;azione'
    const row = (n: number, importo: string) =>
      `BR-${n};;F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;;;2099-09-30;${importo};;LUCE_VOTIVA;;Luce ${n};9/0114100TS/LV;I`
    const { name, bytes } = await flowZip(base, [header, row(1, '10.00'), row(2, '10,00')].join('\n'))
    const file = join(tmpdir(), name)
    writeFileSync(file, bytes)
    await open('/flussi')
    await page.setInputFiles('#file', file)
    await page.click('button:has-text("Carica")')
    await page.waitForURL(/\/flussi\/[0-9a-f-]{36}$/)
    // The page moves by itself: nobody clicks.
    await page.waitForSelector('#stato-testo strong:text-is("Caricato")')
    await axe(page)
    expect(await page.textContent('#stato')).toContain('IMPORTO_DOVUTO NON CONFROME: 10,00')
    await page.click('text=Annulla il flusso')
    await axe(page)
    await page.click('button:has-text("Annulla il flusso")')
    await page.waitForSelector('#stato-testo strong:text-is("Annullato")')
    expect(await page.textContent('#stato')).toContain('Dovuti annullati: 1')
  })

  it('searches a due and corrects it', async () => {
    await open('/dovuti')
    await page.click('table a >> nth=0')
    await axe(page)
    await page.click('text=Modifica')
    await page.fill('#causaleVersamento', 'Causale corretta')
    await page.fill('#dataEsecuzionePagamento', '2099-12-31')
    await axe(page)
    await page.click('button:has-text("Salva")')
    await page.waitForSelector('h1:has-text("Causale corretta")')
    expect(await page.textContent('ol.mypay-list')).toContain('Modificato da Paolo Ferri')
  })

  it('books an export and downloads it when it is ready, without a click in between', async () => {
    await open('/esportazioni')
    await page.click('text=Prenota i pagati')
    await page.waitForSelector('a[href^="/esportazioni/"]')
    await axe(page)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('a[href^="/esportazioni/"]'),
    ])
    expect(download.suggestedFilename()).toMatch(/ESTRAZIONE_DOVUTI_\d{14}-1_3\.zip$/)
  })
})
