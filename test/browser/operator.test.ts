import { AxeBuilder } from '@axe-core/playwright'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askApproval } from '../../db/ente/approval.ts'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { PATIENCE } from '../../workflows/processes.ts'
import { flowZip } from '../flows/zip.ts'
import {
  anOperatorWorld,
  CODE,
  ELENA,
  isOperatorPath,
  newDues,
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
import { headerHeight, MOST_HEADER, touches } from './spacing.ts'

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

/** Presses Tab until an element has the focus, at most 80 times. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

/** Inserts a change of account that waits for approval, so that pages of its ente show it. */
async function askForAccount(db: Knex, operatorId: string): Promise<void> {
  const { id: enteId } = (await db('ente').first('id').where({ cod_ipa: CODE })) as { id: string }
  await askApproval(db, {
    kind: 'account',
    enteId,
    entity: 'ente',
    entityId: enteId,
    target: 'iban_postale',
    from: 'IT22D0760112345001000000202',
    to: 'IT25B0760112345001000000101',
    by: { id: operatorId, name: 'Paolo Ferri' },
    waitsHours: 72,
  })
}

describe.skipIf(noBrowser())(
  'every page of operators, administrators and support',
  { timeout: 300_000 },
  () => {
    let site: Site
    let world: OperatorWorld
    let elena: Visitor

    beforeAll(async () => {
      site = await startSite()
      world = await anOperatorWorld(site.db)
      await askForAccount(site.db, world.operatorId)
      elena = await signInAs(site.db, site.visitor(), ELENA)
    })
    afterAll(() => site?.close())

    /** Paths of GET whose answers are no pages. */
    const NO_PAGES = /\/eventi$|\/file\/|\.(?:csv|xlsx|pdf|zip|xml)$|\/originale$|\/esempio$|\/modello$/

    it.each([
      ['phone', PHONE],
      ['desktop', DESKTOP],
      ['narrow', { width: 320, height: 700 }],
    ])('has no accessibility fault, one h1, fits and nothing touches: %s', async (_, viewport) => {
      const paths = routesOf(site.app)
        .filter(({ method, path }) => method === 'get' && isOperatorPath(path))
        .filter(({ path }) => !NO_PAGES.test(path))
        .map(({ path }) => operatorAddress(path, world))
      expect(paths.length).toBeGreaterThan(15)
      const context = await contextOf(site.url, elena, viewport)
      const page = await context.newPage()
      const touching: string[] = []
      for (const path of paths) {
        const answer = await page.goto(site.url + path)
        expect([path, answer?.status()]).toEqual([path, 200])
        await axe(page)
        expect([path, await page.locator('h1').count()]).toEqual([path, 1])
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        expect([path, tooWide]).toEqual([path, 0])
        if (viewport !== DESKTOP) expect(await headerHeight(page)).toBeLessThanOrEqual(MOST_HEADER)
        touching.push(...(await touches(page)).map((what) => `${path}: ${what}`))
      }
      await context.close()
      expect(touching).toEqual([])
    })
  },
)

describe.skipIf(noBrowser())('an operator at work', { timeout: 300_000 }, () => {
  let stack: Stack
  let visitor: Visitor
  let page: Page
  let context: BrowserContext

  beforeAll(async () => {
    // Small chunks and short turns, so that a file loads slowly enough to look at it.
    const patience = { ...PATIENCE, flow: { ...PATIENCE.flow, sliceMs: 1 } }
    stack = await startStack({
      seed: true,
      patience,
      readLimits: { chunkBytes: 3_000, lineBytes: 64 * 1024 },
    })
    visitor = await signInAs(stack.db, createVisitor(stack.publicUrl), PAOLO)
    context = await contextOf(stack.publicUrl, visitor)
    page = await context.newPage()
  })
  afterAll(async () => {
    await context?.close()
    await stack?.close()
  })

  const open = (path: string, of = page) => of.goto(`${stack.publicUrl}/operatore/C_X902${path}`)
  const says = (words: string) => page.waitForSelector(`#stato-testo .mypay-chip:text-is("${words}")`)

  /** Path of an archive on the disk, like operators have it. */
  async function fileOf(
    base: string,
    rows: readonly string[],
    format: '1_0' | '1_3' = '1_0',
  ): Promise<string> {
    const header = FLOW_COLUMNS[format].map((column) => column.header).join(';')
    const { name, bytes } = await flowZip(base, [header, ...rows].join('\n'))
    const file = join(tmpdir(), name)
    writeFileSync(file, bytes)
    return file
  }
  const row = (n: number, importo = '10.00', end = 'I') =>
    `BR-${n};;F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;;;2099-09-30;${importo};;LUCE_VOTIVA;;Luce ${n};9/0114100TS/LV;${end}`
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, n) => row(from + n))

  it('uploads a file, watches it load, reads the rejects, cancels it', async () => {
    await open('/flussi')
    await page.setInputFiles('#file', await fileOf('C_X902-BROWSER1-1_0', [row(1), row(2, '10,00')]))
    await page.click('button:has-text("Carica")')
    await page.waitForURL(/\/flussi\/[0-9a-f-]{36}$/)
    // The page updates itself without a click.
    await says('Caricato con 1 scarto')
    await axe(page)
    expect(await page.textContent('#stato')).toContain('IMPORTO_DOVUTO NON CONFROME: 10,00')
    await page.click('text=Annulla il flusso')
    await axe(page)
    await page.click('button:has-text("Annulla il flusso")')
    await page.waitForSelector('#stato-testo .mypay-chip:text-is("Annullato")')
    expect(await page.textContent('#stato')).toContain('Dovuti annullati: 1')
  })

  it('pauses a file while it loads, resumes it, and cancels it before its end', async () => {
    await open('/flussi')
    await page.setInputFiles('#file', await fileOf('C_X902-BROWSER2-1_0', rows(10_000, 6_000)))
    await page.click('button:has-text("Carica")')
    await says('In caricamento')
    await page.click('button:has-text("Sospendi")')
    await says('Sospeso')
    await axe(page)
    await page.click('button:has-text("Riprendi")')
    await says('In caricamento')
    await page.click('button:has-text("Annulla il flusso")')
    expect(await page.textContent('main')).toContain('Il caricamento si ferma')
    await axe(page)
    // The number of the dues that the page names, which moves no more once it is asked about.
    await page.fill('#numero', await page.inputValue('input[name=visti]'))
    await page.fill('#perche', 'Ruolo sbagliato')
    await page.click('button:has-text("Annulla il flusso")')
    await says('Annullato')
    await axe(page)
    const [flow] = await stack.db('flow').where({ base_name: 'C_X902-BROWSER2-1_0' })
    expect(flow.rows_read).toBeLessThan(6_000)
    const left = await stack.db('due').where({ flow_id: flow.id }).whereNot({ state: 'cancelled' })
    expect([left, flow.dues_cancelled]).toEqual([[], flow.rows_loaded])
  })

  it('follows two progress bars of a file with notices, and downloads them', async () => {
    const numbered = [1, 2, 3].map((n) => row(20_000 + n, '10.00', ';true;I'))
    await open('/flussi')
    await page.setInputFiles('#file', await fileOf('C_X902-BROWSER3-1_3', numbered, '1_3'))
    await page.check('#avvisi')
    await page.click('button:has-text("Carica")')
    await says('Caricato')
    expect(await page.textContent('label[for="avanzamento"]')).toBe('Righe lette: 3 (100%)')
    expect(await page.textContent('label[for="avvisi"]')).toBe('Avvisi preparati: 3 di 3')
    expect(await page.getAttribute('progress#avvisi', 'value')).toBe('100')
    await axe(page)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('text=Avvisi da stampare'),
    ])
    expect(download.suggestedFilename()).toBe('C_X902-BROWSER3-1_3_AVVISI_PDF.zip')
  })

  it('on a phone reads beside the field why a file is refused', async () => {
    const phone = await contextOf(stack.publicUrl, visitor, PHONE)
    const small = await phone.newPage()
    await open('/flussi', small)
    await small.setInputFiles('#file', await fileOf('C_X903-ALTRO-1_0', [row(1)]))
    await small.click('button:has-text("Carica")')
    await small.waitForSelector('#file-errore')
    expect(await small.title()).toMatch(/^Errore:/)
    expect(await small.textContent('#file-errore')).toContain('deve essere C_X902')
    expect(await small.getAttribute('#file', 'aria-describedby')).toBe('file-aiuto file-errore')
    await axe(small)
    expect(await small.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await phone.close()
  })

  it('searches a due and corrects it with the keyboard alone', async () => {
    await newDues(stack.db, [500], { values: () => ({ due_on: '2099-01-31' }) })
    await open('/dovuti')
    await tabTo(page, '#q')
    await page.keyboard.type('NUOVO-500')
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=NUOVO-500/)
    await axe(page)
    await tabTo(page, 'td a')
    await page.keyboard.press('Enter')
    await page.waitForSelector('h1:has-text("Luce 500")')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await tabTo(page, '.mypay-copy')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=status]:has-text("Copiato")')
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^3\d{17}$/)
    await axe(page)
    await page.reload()
    await tabTo(page, 'a[href$="/modifica"]')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/modifica$/)
    await tabTo(page, '#causaleVersamento')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('Con la tastiera')
    await page.keyboard.press('Enter')
    await page.waitForSelector('h1:has-text("Con la tastiera")')
    expect(await page.textContent('ol.mypay-list')).toContain('Modificato da Paolo Ferri')
    await axe(page)
  })

  it('searches a due and corrects it', async () => {
    await open('/dovuti')
    await page.click('table a >> nth=0')
    await axe(page)
    await page.click('a[href$="/modifica"]')
    await page.fill('#causaleVersamento', 'Causale corretta')
    await page.fill('#dataEsecuzionePagamento', '2099-12-31')
    await axe(page)
    await page.click('.mypay-actions button:has-text("Salva")')
    await page.waitForSelector('h1:has-text("Causale corretta")')
    expect(await page.textContent('ol.mypay-list')).toContain('Modificato da Paolo Ferri')
  })

  it('chooses dues in the list, confirms, and follows the act to its end without a click', async () => {
    await newDues(stack.db, [601, 602, 603], { values: () => ({ causale: 'Da annullare' }) })
    await open('/dovuti?causale=annullare')
    for (const nth of [0, 1]) await page.check(`input[name=dovuto] >> nth=${nth}`)
    await page.selectOption('#atto', 'cancel')
    await axe(page)
    await page.click('text=Continua con i dovuti scelti')
    await page.waitForSelector('h1:has-text("Annullare questi dovuti?")')
    await axe(page)
    await page.fill('#perche', 'Ruolo rifatto')
    await page.click('button:has-text("Annulla 2 dovuti")')
    await says('Finita')
    await axe(page)
    const states = (await stack.db('due').where({ causale: 'Da annullare' }).pluck('state')) as string[]
    expect(states.sort()).toEqual(['cancelled', 'cancelled', 'payable'])
  })

  it('on a phone reads beside the field that the number of dues is wrong', async () => {
    const numbers = Array.from({ length: 101 }, (_, n) => 700 + n)
    await newDues(stack.db, numbers, { values: () => ({ causale: 'Centouno' }) })
    const phone = await contextOf(stack.publicUrl, visitor, { width: 320, height: 700 })
    const small = await phone.newPage()
    await open('/dovuti?causale=centouno', small)
    await small.selectOption('#atto', 'cancel')
    await small.click('text=Continua con tutto il risultato (101)')
    await small.fill('#numero', '100')
    await small.click('button:has-text("Annulla 101 dovuti")')
    await small.waitForSelector('#errori:focus')
    expect(await small.title()).toMatch(/^Errore:/)
    expect(await small.getAttribute('#numero', 'aria-describedby')).toBe('numero-errore')
    expect(await small.inputValue('#numero')).toBe('100')
    await axe(small)
    expect(await small.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await phone.close()
  })

  it('books an export and downloads it when it is ready, without a click in between', async () => {
    await open('/esportazioni')
    await page.click('text=Prenota i pagati')
    await page.waitForSelector('a[href$=".zip"]')
    await axe(page)
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[href$=".zip"]')])
    expect(download.suggestedFilename()).toMatch(/ESTRAZIONE_DOVUTI_\d{14}-1_3\.zip$/)
  })
})
