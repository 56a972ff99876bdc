import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { askAbout, payCartActivities, attemptIdsOf, US } from '../setup/begun.ts'
import { FORM, startSite, withCart, type Site } from '../setup/citizen-site.ts'
import { buildRtFor } from '../setup/rt.ts'
import { launch, noBrowser } from './chromium.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
let node: Awaited<ReturnType<typeof startNode>>
let site: Site
let browser: Browser

describe.skipIf(noBrowser())('pages in a browser', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    node = await startNode()
    ;[site, browser] = await Promise.all([startSite({ nodeHosts: [new URL(node.url).host] }), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    node?.server.close()
  })

  it('the waiting page turns to "Pagato" by itself, with the receipt', async () => {
    const { cookie, cartId } = await begunPayment()
    const page = await open(await browser.newContext(), cookie)
    await page.goto(`${site.url}/pagamenti/${cartId}`)
    await expectClean(page, 'waiting')
    await settle(cartId)
    await page.waitForSelector('h1:has-text("Pagato")')
    expect(await page.locator('a:has-text("Ricevuta di")').count()).toBe(1)
    await expectClean(page, 'paid')
  })

  it('"Paga" leads to the page of the node, and nothing in our headers stops it', async () => {
    const page = await open(await browser.newContext(), (await withCart(site, { nota: 'nodo' })).cookie())
    site.processes.answer = () => Promise.resolve({ kind: 'redirect', url: `${node.url}/paga?idSession=1` })
    await page.goto(`${site.url}/carrello`)
    await page.click('text=Paga 10,50')
    await page.waitForSelector('h1:has-text("Nodo")')
    expect(page.url()).toBe(`${node.url}/paga?idSession=1`)
  })

  it('without scripts the same page is reached by "Aggiorna"', async () => {
    const { cookie, cartId } = await begunPayment()
    const page = await open(await browser.newContext({ javaScriptEnabled: false }), cookie)
    await page.goto(`${site.url}/pagamenti/${cartId}`)
    await settle(cartId)
    await page.getByRole('link', { name: 'Aggiorna', exact: true }).click()
    expect(await page.locator('h1').textContent()).toBe('Pagato')
  })

  it('the form is filled and sent with the keyboard alone', async () => {
    const page = await open(await browser.newContext(), '')
    await page.goto(site.url + FORM)
    await page.focus('#diritto')
    await page.keyboard.type('Seg')
    for (const text of ['12/2026', '10,50', 'Chiara Bianchi', 'BNCCHR85H52M999M', 'tastiera@example.org']) {
      await page.keyboard.press('Tab')
      await page.keyboard.type(text)
    }
    await page.keyboard.press('Enter')
    await page.waitForURL(/mail-inviata$/)
    expect(await page.locator('h1').textContent()).toBe('Guarda la tua posta')
  })
})

/** Starts a server with a page of another site, to which citizens are redirected to pay. */
async function startNode(): Promise<{ server: Server; url: string }> {
  const server = createServer((_req, res) => res.setHeader('content-type', 'text/html').end('<h1>Nodo</h1>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function open(context: BrowserContext, cookie: string): Promise<Page> {
  const [name, value] = cookie.split(/=(.*)/s)
  if (name && value) await context.addCookies([{ name, value, url: site.url }])
  return context.newPage()
}

async function expectClean(page: Page, label: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  expect([label, violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])]).toEqual([label, []])
  const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect([label, tooWide]).toEqual([label, 0])
}

let paid = 0

/** A payment of a browser that has begun; the node's page is known, nothing else has happened. */
async function begunPayment(): Promise<{ cookie: string; cartId: string }> {
  const citizen = await withCart(site, { nota: `browser ${++paid}` })
  site.processes.answer = async (cartId) => {
    await payCartActivities(site.db).beginCart({ ...askAbout(cartId), replicaConfirmed: true })
    await site
      .db('cart')
      .where({ id: cartId })
      .update({ redirect_url: `${node.url}/paga` })
    return { kind: 'waiting' }
  }
  await citizen.submit(await citizen.get('/carrello'), '/carrello/paga')
  return { cookie: citizen.cookie(), cartId: site.processes.begun.at(-1)!.cartId }
}

async function settle(cartId: string): Promise<void> {
  for (const attemptId of await attemptIdsOf(site.db, cartId))
    await answerRt(site.db, US, (await buildRtFor(site.db, attemptId)).envelope)
  await payCartActivities(site.db).settleCart(askAbout(cartId))
}
