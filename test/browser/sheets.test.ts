import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { xlsx, type RawCell } from '../flows/xlsx.ts'
import { PAOLO } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor } from '../setup/visitor.ts'
import { launch, noBrowser } from './chromium.ts'

const HEADERS = FLOW_COLUMNS['1_3'].map(({ header }) => header)
const DUE: Record<string, RawCell> = {
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  importoDovuto: '1.234,50',
  dataEsecuzionePagamento: { s: 1, v: '58074' },
  tipoDovuto: 'LUCE_VOTIVA',
  causaleVersamento: 'Luce votiva di un loculo con una causale che è lunga quanto basta per andare a capo',
  datiSpecificiRiscossione: '9/0114100TS/LV',
  flgGeneraIuv: { t: 'b', v: '1' },
  azione: 'I',
}
const rowOf = (values: Record<string, RawCell>): RawCell[] =>
  HEADERS.map((name) => ({ ...DUE, ...values })[name] ?? null)

describe.skipIf(noBrowser())('a spreadsheet in a browser', { timeout: 120_000 }, () => {
  let stack: Stack
  let browser: Browser

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack({ seed: true }), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  async function enter(viewport: { width: number; height: number }, javaScriptEnabled = true): Promise<Page> {
    const visitor = await signInAs(stack.db, createVisitor(stack.publicUrl), PAOLO)
    const context = await browser.newContext({ viewport, javaScriptEnabled })
    const cookies = visitor
      .cookie()
      .split('; ')
      .map((pair) => {
        const at = pair.indexOf('=')
        return { name: pair.slice(0, at), value: pair.slice(at + 1), url: stack.publicUrl }
      })
    await context.addCookies(cookies)
    return context.newPage()
  }

  async function send(page: Page, name: string): Promise<void> {
    const buffer = await xlsx([
      HEADERS,
      rowOf({ IUD: `${name}-1` }),
      rowOf({ IUD: `${name}-2`, codIuv: { v: '1.2000000000000119E+16' } }),
    ])
    await page.goto(`${stack.publicUrl}/operatore/C_X902/flussi`)
    await page.setInputFiles('#file', { name: `${name}.xlsx`, mimeType: 'application/octet-stream', buffer })
    await page.check('#foglio')
    await page.click('form[enctype] button[type=submit]')
  }

  const isSound = async (page: Page): Promise<void> => {
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    expect(await page.locator('h1').count()).toBe(1)
  }
  /** Where to put pictures of the pages, for those who want to look at them. */
  const shots = process.env['MYPAY_SHOTS']
  const picture = async (page: Page, name: string): Promise<void> => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }

  it.each([
    ['narrow', { width: 320, height: 700 }],
    ['phone', { width: 390, height: 844 }],
    ['desktop', { width: 1280, height: 900 }],
  ])('turns to its preview by itself, is read and confirmed: %s', async (size, viewport) => {
    const page = await enter(viewport)
    await send(page, `FOGLIO${size}`)
    await page.waitForSelector('#stato-testo .mypay-chip:text-is("Da confermare")')
    await isSound(page)
    await picture(page, `preview-${size}`)
    await page.click('summary')
    await isSound(page)
    await page.fill('#iuf', '')
    await page.click('button:text-is("Carica")')
    await page.waitForSelector('#iuf-errore')
    await isSound(page)
    await page.fill('#iuf', `FOGLIO${size}`)
    await page.click('button:text-is("Carica")')
    await page.waitForSelector('#stato-testo .mypay-chip:text-is("Caricato con 1 scarto")')
    await picture(page, `flow-${size}`)
    expect(
      await stack
        .db('flow')
        .where({ iuf: `FOGLIO${size}` })
        .pluck('rows_rejected'),
    ).toEqual([1])
    await page.goto(`${stack.publicUrl}/operatore/C_X902/flussi`)
    await isSound(page)
    await picture(page, `upload-${size}`)
    await page.context().close()
  })

  it('works without scripts', async () => {
    const page = await enter({ width: 390, height: 844 }, false)
    await send(page, 'MUTO')
    while (!(await page.content()).includes('Da confermare</span>')) await page.reload()
    await page.click('button:text-is("Annulla")')
    expect(new URL(page.url()).pathname).toBe('/operatore/C_X902/flussi')
    await page.context().close()
  })
})
