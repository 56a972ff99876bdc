import JSZip from 'jszip'
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldFigures } from '../../db/figures/keep.ts'
import { countReportingWeeks } from '../../db/figures/reporting-weeks.ts'
import { addDays, formatDay } from '../../domain/calendar.ts'
import { euro } from '../../templates/format.ts'
import {
  beginMorning,
  fetchNow,
  MORNING,
  publishFlows,
  sendBankStatement,
  transfersOf,
  type Morning,
} from '../setup/morning.ts'
import { CODE, ELENA, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { launch, noBrowser, windowOf } from './chromium.ts'
import { expectFine, unfold } from './fine.ts'
import { insideOf, lookAt } from './lightness.ts'

const HOME = `/operatore/${CODE}`
const FLOWS = `${HOME}/rendicontazione`
const MATCHES = `${HOME}/riconciliazione`
const BANK = `${HOME}/tesoreria`
const FIGURES = '/admin/numeri'

const NARROW = { viewport: { width: 320, height: 700 } }
const PHONE = { viewport: { width: 390, height: 844 } }
const DESKTOP = { viewport: { width: 1280, height: 900 } }
const SIZES = [
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const

/** What the section of reporting on a home has: the numbers on top, the table by week, and how high its bars are drawn. */
interface Drawn {
  numbers: string[]
  rows: string[][]
  heights: number[]
}
const SECTION = 'section[aria-labelledby=rendicontazione]'
const DRAWN = `(() => {
  const section = document.querySelector('${SECTION}')
  const texts = (of, selector) => [...of.querySelectorAll(selector)].map(({ textContent }) => textContent)
  return {
    numbers: texts(section, '.mypay-count-number'),
    rows: [...section.querySelector('table').tBodies[0].rows].map((row) => texts(row, '.mypay-amount')),
    heights: [...section.querySelectorAll('.mypay-chart > rect')].map((bar) => bar.getBBox().height),
  }
})()`

/** Each text of the charts with the pixels where it begins and ends. */
const TEXTS = `[...document.querySelectorAll('.mypay-chart text')].map((text) => {
  const { left, right } = text.getBoundingClientRect()
  return [text.textContent, left, right]
})`

/** @param text an amount as pages write it, "−1.234,50 €" */
const centsOf = (text: string): number => Number(text.replaceAll(/[^\d−]/g, '').replace('−', '-'))

async function downloaded(page: Page, link: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(link)])
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

/** Shows a page as somebody sees it who sees no colours, or who chose the colours of all pages. */
async function seenIn(
  page: Page,
  how: 'greyscale' | 'forced colours' | 'forced dark colours',
): Promise<void> {
  const colours = await page.context().newCDPSession(page)
  const type = how === 'greyscale' ? 'achromatopsia' : 'none'
  await colours.send('Emulation.setEmulatedVisionDeficiency', { type })
  const colorScheme = how === 'forced dark colours' ? 'dark' : 'light'
  await page.emulateMedia({ forcedColors: how === 'greyscale' ? 'none' : 'active', colorScheme })
}

describe.skipIf(noBrowser())('after a morning', { timeout: 300_000 }, () => {
  let stack: Stack
  let browser: Browser
  let morning: Morning
  /** Works with the types of the payments. */
  let paolo: Visitor
  /** Administers the region. */
  let elena: Visitor

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack({ seed: true }), launch()])
    const person = (who: typeof PAOLO) => signInAs(stack.db, createVisitor(stack.publicUrl), who)
    paolo = await person(PAOLO)
    elena = await person(ELENA)
    const sara = await person(SARA)
    morning = await beginMorning(stack)
    await publishFlows(stack.simulator.url, morning)
    await fetchNow(stack, sara)
    await sendBankStatement(stack, sara, morning)
    // The sweep does this.
    await foldFigures(stack.db)
    await countReportingWeeks(stack.db)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  async function opened(visitor: Visitor, path: string, options: BrowserContextOptions): Promise<Page> {
    const page = await (await windowOf(browser, stack.publicUrl, visitor, options)).newPage()
    await open(page, path)
    return page
  }

  async function open(page: Page, path: string): Promise<void> {
    const answer = await page.goto(stack.publicUrl + path)
    expect([path, answer?.status()]).toEqual([path, 200])
  }

  const idOf = async (table: string, where: object): Promise<string> =>
    ((await stack.db(table).first('id').where(where)) as { id: string }).id
  const flowId = (fdr: string) => idOf('reporting_flow', { flow_id: fdr })
  const rowId = (iuv: string) => idOf('reported_row', { iuv })

  it.each(SIZES)('flows are found by PSP and days, opened and downloaded: %s', async (_, size) => {
    const page = await opened(paolo, FLOWS, size)
    await page.click('.mypay-filters summary')
    await page.fill('#psp', 'valle')
    await page.fill('#prodotto-dal', morning.today)
    await page.fill('#prodotto-al', addDays(morning.today, 1))
    await expectFine(page)
    await page.click('.mypay-filters button')
    await page.waitForURL(/psp=valle/)
    expect(await page.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringContaining(morning.flows.second),
    ])
    await expectFine(page)
    const name = `${MORNING.second}_${morning.flows.second}_1`
    const zip = await JSZip.loadAsync((await downloaded(page, 'a:has-text("archivio zip")')).bytes)
    expect(Object.keys(zip.files).sort()).toEqual([`${name}.csv`, `${name}.xml`])

    await page.click('td a.mypay-code')
    await page.waitForSelector(`h1:has-text("${morning.flows.second}")`)
    await expectFine(page)
    const xml = await downloaded(page, 'text=Il flusso in XML')
    expect(xml.name).toBe(`${name}.xml`)
    expect(xml.bytes.toString()).toContain(`${morning.flows.second}</`)
    const csv = await downloaded(page, 'text=I pagamenti in CSV')
    expect(csv.name).toBe(`${name}.csv`)
    const lines = csv.bytes.toString().trim().split('\r\n')
    expect(lines).toHaveLength(1 + 7)
    for (const text of [xml.bytes.toString(), csv.bytes.toString()])
      for (const { iuv } of morning.payments.slice(14)) expect(text).toContain(iuv)
    await page.context().close()
  })

  it('flows of other days are not found, and the page says so', async () => {
    const before = addDays(morning.today, -1)
    const page = await opened(paolo, `${FLOWS}?prodotto-al=${before}`, PHONE)
    expect(await page.textContent('main')).toContain('Nessun flusso corrisponde alla ricerca.')
    expect(await page.textContent('.mypay-active')).toContain(formatDay(before))
    await expectFine(page)
    await page.context().close()
  })

  it.each(SIZES)('a text of the bank leads to those who paid: %s', async (_, size) => {
    const page = await opened(paolo, `${BANK}/chi-ha-pagato`, size)
    await page.click('button:has-text("Cerca")')
    await page.waitForSelector('#errori:focus')
    await expectFine(page)
    const id = morning.flows.second
    // As banks write it, with a line that ends within the identifier.
    await page.fill(
      '#testo',
      `ACCREDITI VARI /PUR/LGPE-RIVERSAMENTO/URI/${id.slice(0, 14)}\n ${id.slice(14)} POSTE`,
    )
    await page.click('button:has-text("Cerca")')
    await page.waitForSelector(`h2:has-text("${id}")`)
    const sum = euro(transfersOf(morning).second)
    expect(await page.textContent('#trovato-1 + p')).toBe(`Poste di Valle, 7 pagamenti per ${sum}.`)
    expect(await page.locator('tbody tr').count()).toBe(7)
    const dues = (await stack
      .db('due')
      .select('iuv', { payer: stack.db.raw(`pagatore ->> 'anagrafica'`) })
      .whereIn(
        'iuv',
        morning.payments.slice(14).map(({ iuv }) => iuv),
      )) as { iuv: string; payer: string }[]
    expect(dues).toHaveLength(6)
    for (const { iuv, payer } of dues)
      expect(await page.innerText(`tbody tr:has-text("${iuv}")`)).toContain(payer)
    await expectFine(page)
    await page.context().close()
  })

  it.each([
    ['desktop', DESKTOP],
    ['narrow', NARROW],
  ] as const)('no page of a full morning has a fault: %s', async (_, size) => {
    await grant(true)
    const rows = [morning.wrong, morning.missing, morning.nine, morning.payments[0]!].map(({ iuv }) => iuv)
    const dues = [morning.nine, morning.payments[0]!].map(({ iuv }) => idOf('due', { iuv }))
    const flows = await Promise.all(Object.values(morning.flows).map(flowId))
    const credits = (await stack.db('treasury_credit').pluck('id')) as string[]
    const paths = [
      HOME,
      FLOWS,
      ...flows.flatMap((id) => [`${FLOWS}/${id}`, `${FLOWS}/${id}?classe=matched`]),
      MATCHES,
      ...(await Promise.all([...rows, MORNING.unknownIuv].map(rowId))).map((id) => `${MATCHES}/${id}`),
      BANK,
      `${BANK}/file/${await idOf('treasury_file', {})}`,
      `${BANK}/accrediti`,
      ...credits.map((id) => `${BANK}/accrediti/${id}`),
      `${BANK}/proposte`,
      `${HOME}/anomalie`,
      ...(await Promise.all(dues)).map((id) => `${HOME}/dovuti/${id}`),
    ]
    expect(credits).toHaveLength(3)
    for (const [visitor, theirs] of [
      [paolo, paths],
      [elena, [FIGURES, '/supporto/anomalie']],
    ] as const) {
      const page = await opened(visitor, theirs[0]!, size)
      for (const path of theirs) {
        await open(page, path)
        await unfold(page)
        await expectFine(page)
      }
      await page.context().close()
    }
  })

  it.each([
    ['desktop', DESKTOP, 'Dovuto sconosciuto', () => MORNING.unknownIuv],
    ['phone', PHONE, 'Importo diverso', () => morning.wrong.iuv],
  ] as const)('a payment to look at is decided by who may: %s', async (_, size, state, iuvOf) => {
    const page = await opened(paolo, MATCHES, size)
    await grant(false)
    await page.click(`.mypay-list li:has-text("${state}") a`)
    await page.waitForURL(/classe=/)
    await expectFine(page)
    await page.click(`td a:text-is("${iuvOf()}")`)
    await page.waitForSelector(`.lead .mypay-chip:has-text("${state}")`)
    expect(await page.textContent('main')).toContain('Decide chi ha il permesso Riconcilia')
    expect(await page.locator('button:text-is("Accetta")').count()).toBe(0)

    await grant(true)
    await page.reload()
    await page.click('button:text-is("Accetta")')
    await page.waitForSelector('#errori:focus')
    expect(await page.getAttribute('#motivo-accetta', 'aria-describedby')).toContain('motivo-accetta-errore')
    await expectFine(page)
    await page.fill('#motivo-accetta', 'Visto con il PSP')
    await page.click('button:text-is("Accetta")')
    await page.waitForSelector('[role=status]:has-text("La riga è accettata così com’è.")')
    const decided = await page.innerText('section[aria-labelledby=deciso]')
    for (const words of ['Accettato così com’è', 'Visto con il PSP', 'Paolo Ferri'])
      expect(decided).toContain(words)
    expect(await page.locator('button:text-is("Riprendi la decisione")').count()).toBe(1)
    await expectFine(page)

    await open(page, MATCHES)
    expect(await page.locator(`.mypay-list li:has-text("${state}")`).count()).toBe(0)
    const anomalies = stack.db('anomaly').where({ reported_row_id: await rowId(iuvOf()), closed_at: null })
    expect(await anomalies).toEqual([])
    await expectFine(page)
    await page.context().close()
  })

  /** Gives Paolo the grant, or takes it. */
  const grant = (mayReconcile: boolean) =>
    stack
      .db('operator_grant')
      .whereIn(
        'operator_id',
        stack.db('operator').select('id').where({ codice_fiscale: PAOLO.codiceFiscale }),
      )
      .update({ may_reconcile: mayReconcile })

  describe.each([
    ['the home of the ente', HOME, () => paolo],
    ['the figures of the region', FIGURES, () => elena],
  ] as const)('the weeks on %s, 320 pixels wide', (_, path, visitor) => {
    let page: Page
    beforeAll(async () => {
      page = await opened(visitor(), path, { ...NARROW, deviceScaleFactor: 2 })
      await unfold(page)
    })
    afterAll(() => page?.context().close())

    it('have no fault, and their table has what the chart draws', async () => {
      await expectFine(page)
      const { numbers, rows, heights } = await page.evaluate<Drawn>(DRAWN)
      const table = rows.map((cells) => cells.map(centsOf))
      const sums = table[0]!.map((__, at) => table.reduce((sum, cells) => sum + cells[at]!, 0))
      expect(numbers.map(centsOf)).toEqual(sums)
      expect(Math.min(...sums.slice(0, 3))).toBeGreaterThan(0)
      expect(sums[1]).toBe(transfersOf(morning).first + 900 + transfersOf(morning).second)
      const drawn = table.toReversed().flatMap((cells) => cells.slice(0, 3))
      expect(heights).toHaveLength(drawn.length)
      const pixel = Math.max(...drawn) / Math.max(...heights)
      for (const [at, cents] of drawn.entries()) expect(heights[at]! * pixel).toBeCloseTo(cents, -2)
    })

    it.each(['greyscale', 'forced colours', 'forced dark colours'] as const)(
      'are told apart without colours: %s',
      async (how) => {
        await seenIn(page, how)
        const chart = page.locator(`${SECTION} .mypay-chart`)
        await chart.scrollIntoViewIfNeeded()
        const { y, height } = (await chart.boundingBox())!
        const paper = await lookAt(page, { x: 1, y: y + height / 2, width: 4, height: 4 })
        const bars = chart.locator('> rect')
        const count = await bars.count()
        const keys = page.locator(`${SECTION} .mypay-chart-legend rect`)
        for (const three of [
          [count - 3, count - 2, count - 1].map((at) => bars.nth(at)),
          [0, 1, 2].map((at) => keys.nth(at)),
        ]) {
          const looks = []
          for (const shape of three) looks.push(await insideOf(page, shape))
          if (how === 'greyscale') expect(looks.map(({ isGrey }) => isGrey)).toEqual([true, true, true])
          const [full, hatched, empty] = looks.map(({ lightness }) => Math.abs(lightness - paper.lightness))
          expect(empty).toBeLessThan(0.05)
          expect(hatched).toBeGreaterThan(0.15)
          expect(full! - hatched!).toBeGreaterThan(0.15)
        }
      },
    )
  })

  it.each([
    ['the home of the ente', HOME, () => paolo],
    ['the figures of the region', FIGURES, () => elena],
  ] as const)('the charts on %s have room for millions, 320 pixels wide', async (_, path, visitor) => {
    await stack.db('reporting_week').update({ credited_cents: 12_345_678_90 })
    const page = await opened(visitor(), path, NARROW)
    const places = await page.evaluate<[text: string, left: number, right: number][]>(TEXTS)
    expect(places.map(([text]) => text)).toContainEqual(expect.stringMatching(/^\d+\.000\.000$/))
    expect(places.filter(([, left, right]) => left < 0 || right > 320)).toEqual([])
    await page.context().close()
  })
})
