import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { iuv17, noticeNumber } from '../../domain/iuv.ts'
import { askAbout, payCartActivities } from '../setup/begun.ts'
import { FORM, startSite, askLink, withCart, type Site } from '../setup/citizen-site.ts'
import { isOperatorPath } from '../setup/operators.ts'
import { noticeMailPaths } from '../setup/notice-mail.ts'
import { routesOf } from '../setup/routes.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'
import { launch, noBrowser } from './chromium.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}
const SIZES = {
  narrow: { width: 320, height: 700 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
}

/** Paths of GET whose answers are no pages of the citizen. */
const NO_PAGES = new Set([
  '/accedi',
  '/accedi/ritorno',
  '/avvisi/:file',
  '/avvisi-email/:id/apri',
  '/avvisi-email/:id/ferma',
  '/enti/:codIpa/logo.png',
  '/flussi/:flowId/:credential/:kind.zip',
  '/landing/ente',
  '/landing/login',
  '/landing/spontaneo',
  '/pagamenti/:cartId/eventi',
  '/pa/changeEnte.html',
  '/public/landing/legacy/avviso',
  '/public/landing/rt',
  '/ricevute/:file',
  '/ritorno',
  '/ws/pa/PagamentiTelematiciDovutiPagati',
  '/ws/pa/PagamentiTelematiciDovutiPagati.wsdl',
])

/** Pages that are missing or have fewer fields for a signed-in citizen, so that an anonymous one opens them. */
const FOR_ANONYMOUS = new Set(['/avviso', '/avviso/esito', '/carrello/versante'])

/** An address for each page, in the state with the most content. */
const ADDRESSES: Record<string, (world: World) => string> = {
  '/': () => '/',
  '/enti': () => '/enti',
  '/enti/:codIpa': () => '/enti/C_X902',
  '/enti/:codIpa/spontaneo/:code': () => FORM,
  '/avviso': () => '/avviso',
  '/avvisi-email/:id': ({ stop }) => stop,
  '/avviso/esito': () => '/avviso/esito',
  '/mail-inviata': () => '/mail-inviata',
  '/conferma/:token': ({ link }) => link,
  '/carrello': () => '/carrello',
  '/carrello/versante': () => '/carrello/versante',
  '/pagamenti/:cartId': ({ cartId }) => `/pagamenti/${cartId}`,
  '/privacy': () => '/privacy',
  '/cookie': () => '/cookie',
  '/accessibilita': () => '/accessibilita',
  '/domande': () => '/domande',
  '/aiuto': () => '/aiuto',
  '/area': () => '/area',
  '/area/posizioni': () => '/area/posizioni',
  '/area/pagamenti': () => '/area/pagamenti',
  '/area/account': () => '/area/account',
}

interface World {
  visitor: Visitor
  /** A visitor who is not signed in, with a cart. */
  anonymous: Visitor
  link: string
  /** The page that stops notices by mail. */
  stop: string
  cartId: string
}

let site: Site
let browser: Browser
let world: World

describe.skipIf(noBrowser())('every page of the citizen', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    ;[site, browser] = await Promise.all([startSite(), launch()])
    world = await makeWorld()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it('has an address in this test', () => {
    const pages = routesOf(site.app).filter(
      ({ method, path }) => method === 'get' && !isOperatorPath(path) && !NO_PAGES.has(path),
    )
    expect(pages.map(({ path }) => path).sort()).toEqual(Object.keys(ADDRESSES).sort())
  })

  it.each(['phone', 'desktop'] as const)(
    'has no accessibility fault, one h1 and a title of its own: %s',
    async (size) => {
      const titles = new Set<string>()
      await eachPage({ viewport: SIZES[size] }, async (page, path) => {
        const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
        expect([path, violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])]).toEqual([
          path,
          [],
        ])
        expect([path, await page.locator('h1').count()]).toEqual([path, 1])
        titles.add(await page.title())
      })
      expect(titles.size).toBe(Object.keys(ADDRESSES).length + 1)
    },
  )

  it('fits 320 pixels, and twice its size on a small screen', async () => {
    // A window 640 pixels wide at 200 % shows 320 pixels.
    await eachPage({ viewport: SIZES.narrow }, async (page, path) => {
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([path, tooWide]).toEqual([path, 0])
    })
  })

  it.each(['en', 'de'])('has no accessibility fault and fits in %s', async (language) => {
    for (const visitor of [world.visitor, world.anonymous]) await visitor.get(`/?lingua=${language}`)
    await eachPage({ viewport: SIZES.narrow }, async (page, path) => {
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
      expect([path, violations.map(({ id }) => id)]).toEqual([path, []])
      expect([path, await page.locator('html').getAttribute('lang')]).toEqual([path, language])
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([path, tooWide]).toEqual([path, 0])
    })
    for (const visitor of [world.visitor, world.anonymous]) await visitor.get('/?lingua=it')
  })

  it('the skip link comes first and leads to the content', async () => {
    const context = await contextOf({})
    const page = await context.newPage()
    await page.goto(`${site.url}/avviso`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('contenuto')
    await context.close()
  })

  it('the summary of errors takes the focus', async () => {
    const context = await contextOf({})
    const page = await context.newPage()
    await page.goto(`${site.url}/avviso`)
    await page.click('main button[type=submit]')
    await page.waitForSelector('#errori:focus')
    expect(await page.title()).toMatch(/^Errore: /)
    await context.close()
  })
})

type BrowserPage = Awaited<ReturnType<BrowserContext['newPage']>>

async function eachPage(
  options: Parameters<Browser['newContext']>[0] & object,
  look: (page: BrowserPage, path: string) => Promise<void>,
): Promise<void> {
  const paths = [...Object.values(ADDRESSES).map((address) => address(world)), '/nulla']
  for (const visitor of [world.visitor, world.anonymous]) {
    const context = await contextOf(options, visitor)
    const page = await context.newPage()
    for (const path of paths.filter((one) => FOR_ANONYMOUS.has(one) === (visitor === world.anonymous))) {
      await page.goto(site.url + path)
      await look(page, path)
    }
    await context.close()
  }
}

async function contextOf(
  options: Parameters<Browser['newContext']>[0] & object,
  visitor = world.visitor,
): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  const [name, value] = visitor.cookie().split(/=(.*)/s)
  await context.addCookies([{ name: name!, value: value!, url: site.url }])
  return context
}

/** A signed-in visitor with a cart, a payment under way and a link that is not opened yet. */
async function makeWorld(): Promise<World> {
  const visitor = await withCart(site, { nota: 'primo' })
  site.processes.answer = async (cartId) => {
    await payCartActivities(site.db).beginCart({ ...askAbout(cartId), replicaConfirmed: true })
    return { kind: 'waiting' }
  }
  await visitor.submit(await visitor.get('/carrello'), '/carrello/paga')
  const { cartId } = site.processes.begun.at(-1)!
  const link = await askLink(site, site.visitor(), { nota: 'secondo' })
  await visitor.submit(await visitor.get(link), link)
  await signInAs(site.db, visitor, CHIARA)
  const anonymous = await withCart(site, { nota: 'altro' })
  await findTwo(anonymous)
  const { page: stop } = await noticeMailPaths(site.db)
  return { visitor, anonymous, cartId, stop, link: await askLink(site, site.visitor(), { nota: 'terzo' }) }
}

/** Gives two enti a due with the same number and searches it, so that the page lets the visitor choose. */
async function findTwo(visitor: Visitor): Promise<void> {
  const [iuv, other] = ['22', '33'].map((segregationCode) => iuv17({ segregationCode, progressive: 3 }))
  const payer = 'GLLSFN78D14M999X'
  await site.db('due').where({ iuv: other! }).update({ iuv: iuv!, pagatore_codice: payer })
  const search = { 'codice-avviso': noticeNumber(iuv!), 'intestatario-codice': payer }
  const found = await visitor.submit(await visitor.get('/avviso'), '/avviso', search)
  expect((await visitor.get(found.location!)).html.match(/name="posto"/g)).toHaveLength(2)
}
