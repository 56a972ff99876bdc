import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noticeNumber } from '../../domain/iuv.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { fetchSimState } from '../../tools/check/facts.ts'
import { linkIn } from '../setup/mailbox.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { waitUntil } from '../setup/wait.ts'
import { launch, noBrowser } from './chromium.ts'

/** The tests play the six most frequent ways to pay, each from the first page to the receipt, on a telephone. */
const PHONE = { width: 390, height: 844 }
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

let stack: Stack
let browser: Browser

describe.skipIf(noBrowser())('from the first page to the receipt', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack({ seed: true }), launch()])
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  it('a notice in six clicks and one mail', async () => {
    const due = await aDue()
    const hand = await aPerson()
    await hand.opens('/')
    await hand.clicks('a.btn:has-text("avviso")')
    await hand.types('#codice-avviso', due.number)
    await hand.types('#intestatario-codice', due.codice)
    await hand.types('#e-mail', 'avviso@example.org')
    await hand.clicks('main button:has-text("Continua")')
    await hand.opensMail('avviso@example.org')
    await hand.clicks('main button[type=submit]')
    await hand.clicks('main button:has-text("Paga ")')
    await hand.choosesAtPsp('Paga')
    await hand.seesPaid()
    expect(hand.clicked).toBeLessThanOrEqual(6)
    expect(await mailsTo('avviso@example.org')).toEqual(['link'])
  })

  it('a spontaneous due', async () => {
    const hand = await aPerson()
    await hand.opens('/')
    await hand.types('#q', 'Montal')
    await hand.clicks('main button:has-text("Cerca")')
    await hand.clicks('main a[href="/enti/C_X901"]')
    await hand.clicks('main a[href$="/spontaneo/DIRITTI_VARI"]')
    const fields = {
      '#diritto': 'Segreteria',
      '#importo': '10,50',
      '#nota': 'certificato',
      '#intestatario-nome': 'Chiara Bianchi',
      '#intestatario-codice': 'BNCCHR85H52M999M',
      '#e-mail': 'spontaneo@example.org',
    }
    for (const [field, value] of Object.entries(fields)) await hand.fills(field, value)
    await hand.clicks('main form button.btn-primary')
    await hand.opensMail('spontaneo@example.org')
    await hand.clicks('main button[type=submit]')
    await hand.clicks('main button:has-text("Paga ")')
    await hand.choosesAtPsp('Paga')
    await hand.seesPaid()
    expect(await mailsTo('spontaneo@example.org')).toEqual(['link'])
  })

  it('two open positions of a signed-in citizen', async () => {
    const hand = await aPerson()
    await hand.signsIn('Chiara Bianchi')
    await hand.opens('/area/posizioni')
    const boxes = hand.page.locator('.mypay-line:not(:has-text("da sola")) input[name=dovuti]')
    await boxes.nth(0).check()
    await boxes.nth(1).check()
    await hand.clicks('text=Metti nel carrello')
    await hand.clicks('main button:has-text("Paga ")')
    await hand.choosesAtPsp('Paga')
    await hand.seesPaid()
    await hand.opens('/area/pagamenti')
    expect(await hand.page.locator('main').textContent()).toContain('Pagato')
  })

  it('a deferred payment of a signed-in citizen: the page stays calm, and the money comes later', async () => {
    stack.simulator.behave({ settings: { deferredMs: 5_000 } })
    const due = await aDue()
    const hand = await aPerson()
    await hand.signsIn('Luca')
    await hand.opens('/avviso')
    await hand.types('#codice-avviso', due.number)
    await hand.fills('#intestatario-codice', due.codice)
    if ((await hand.page.locator('#e-mail').count()) > 0) await hand.types('#e-mail', 'differito@example.org')
    await hand.clicks('main button:has-text("Continua")')
    if (hand.page.url().endsWith('/mail-inviata')) {
      await hand.opensMail('differito@example.org')
      await hand.clicks('main button[type=submit]')
    }
    await hand.clicks('main button:has-text("Paga ")')
    await hand.choosesAtPsp('Paga più tardi')
    await hand.sees(/prenotato/)
    expect(await stateOf(due.id)).toBe('paying')
    await hand.seesPaid()
  })

  it('a printed notice paid at the counter of a PSP: the site shows it', async () => {
    const due = await aDue()
    const hand = await aPerson()
    await hand.opens('/avviso')
    await hand.types('#codice-avviso', due.number)
    await hand.types('#intestatario-codice', due.codice)
    await hand.clicks('main button:has-text("Continua")')
    const pdf = await hand.page.locator('main a[href*="/avvisi/"]').first().getAttribute('href')
    const answer = await hand.page.request.get(new URL(pdf!, stack.publicUrl).href)
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
    await hand.page.goto(`${stack.simulator.url}/psp/sportello`)
    await hand.page.fill('#numero', due.number)
    await hand.page.fill('#ente', due.domain)
    await hand.page.click('button.main')
    await hand.page.click('button[value=paga]')
    await hand.page.waitForSelector('h1:has-text("Pagato allo sportello")')
    await waitUntil(async () => (await stateOf(due.id)) === 'paid')
    await hand.opens('/avviso/esito')
    expect(await hand.page.locator('main').textContent()).toMatch(/Già pagato/)
  })

  it('refused at the PSP, then tried again and paid', async () => {
    const due = await aDue()
    const hand = await aPerson()
    await findsAndConfirms(hand, due, 'rifiuto@example.org')
    await hand.clicks('main button:has-text("Paga ")')
    await hand.choosesAtPsp('Rifiuta il pagamento')
    await hand.sees(/non riuscito|Non pagato/i)
    expect(await stateOf(due.id)).toBe('payable')
    await hand.clicks('main button:has-text("prova")')
    await hand.clicks('main button:has-text("Paga ")')
    await hand.choosesAtPsp('Paga')
    await hand.seesPaid()
  })

  it('the same without a single script', async () => {
    const due = await aDue()
    const hand = await aPerson({ javaScriptEnabled: false })
    await findsAndConfirms(hand, due, 'senza.script@example.org')
    await hand.clicks('main button:has-text("Paga ")')
    await hand.choosesAtPsp('Paga')
    await waitUntil(async () => (await stateOf(due.id)) === 'paid')
    await hand.clicks('text=Aggiorna', { ifThere: true })
    expect(await hand.page.locator('h1').textContent()).toBe('Pagato')
  })

  it('and the money of them all adds up', async () => {
    const { db, simulator } = stack
    await waitUntil(async () => (await db('email').where({ state: 'pending' }).pluck('id')).length === 0)
    const findings = await checkMoney({ db, simState: await fetchSimState(simulator.url) })
    expect(findings.flatMap(({ violations }) => violations)).toEqual([])
  })
})

async function findsAndConfirms(hand: Hand, due: Due, email: string): Promise<void> {
  await hand.opens('/avviso')
  await hand.fills('#codice-avviso', due.number)
  await hand.fills('#intestatario-codice', due.codice)
  await hand.fills('#e-mail', email)
  await hand.clicks('main button:has-text("Continua")')
  await hand.opensMail(email)
  await hand.clicks('main button[type=submit]')
}

interface Due {
  id: string
  number: string
  codice: string
  domain: string
}

const taken: string[] = []

/** A notice that no other journey uses, with one beneficiary; not one of Chiara, who pays hers signed in. */
async function aDue(): Promise<Due> {
  const { rows } = await stack.db.raw<{ rows: (Due & { iuv: string })[] }>(
    `select d.id, d.iuv, d.pagatore_codice as codice, e.codice_fiscale as domain
     from due d join ente e on e.id = d.ente_id join ente_due_type t on t.id = d.ente_due_type_id
     where d.state = 'payable' and length(d.iuv) = 17 and e.state = 'ESERCIZIO' and t.active and t.notice_enabled
       and not is_expired(d.due_on, t.due_on_binding) and d.pagatore_codice not in ('ANONIMO', 'BNCCHR85H52M999M')
       and not exists (select from due_share s where s.due_id = d.id and s.position = 2)
       and not d.id = any (?::uuid[]) order by d.iuv limit 1`,
    [taken],
  )
  const due = rows[0]!
  taken.push(due.id)
  return { ...due, number: noticeNumber(due.iuv) }
}

const stateOf = async (id: string): Promise<string> =>
  ((await stack.db('due').first('state').where({ id })) as { state: string }).state

/** Kinds of the mails to an address, without receipts, which are sent only after the payment. */
const mailsTo = (address: string): Promise<string[]> =>
  stack.db('email').where({ address }).whereNot({ kind: 'receipt' }).pluck('kind')

/** A person with a telephone; every page is checked for accessibility faults. */
class Hand {
  /** Clicks so far, on our pages, in the mail and at the PSP. */
  clicked = 0
  readonly page: Page
  private readonly hasScripts: boolean

  constructor(page: Page, hasScripts: boolean) {
    this.page = page
    this.hasScripts = hasScripts
  }

  async opens(path: string): Promise<void> {
    await this.page.goto(stack.publicUrl + path)
    await this.looks()
  }

  async clicks(selector: string, { ifThere = false } = {}): Promise<void> {
    const found = this.page.locator(selector).first()
    if (ifThere && (await found.count()) === 0) return
    await found.click()
    this.clicked += 1
    await this.page.waitForLoadState()
    await this.looks()
  }

  async types(selector: string, text: string): Promise<void> {
    await this.page.locator(selector).pressSequentially(text)
  }

  /** Fills a field, which may be an input or a select. */
  async fills(selector: string, text: string): Promise<void> {
    const field = this.page.locator(selector)
    const tag = await field.evaluate(({ tagName }) => tagName).catch(() => 'INPUT')
    await (tag === 'SELECT' ? field.selectOption({ label: text }) : field.fill(text))
  }

  async signsIn(name: string): Promise<void> {
    await this.opens('/')
    await this.page.goto(`${stack.publicUrl}/accedi`)
    await this.page.click(`button:has-text("${name}")`)
    await this.page.waitForURL(/\/area/)
    await this.looks()
  }

  async opensMail(address: string): Promise<void> {
    await this.page.waitForURL(/mail-inviata$/)
    const link = await linkIn(stack.simulator.url, address)
    this.clicked += 1
    await this.page.goto(link)
    await this.looks()
  }

  async choosesAtPsp(choice: string): Promise<void> {
    await this.page.getByRole('button', { name: choice, exact: true }).click()
    this.clicked += 1
    await this.page.waitForURL(/\/pagamenti\//)
  }

  async sees(heading: RegExp): Promise<void> {
    await this.page.locator('h1').filter({ hasText: heading }).waitFor()
    await this.looks()
  }

  /** Waits until the page shows the payment as paid, without a click. */
  async seesPaid(): Promise<void> {
    await this.sees(/^Pagato$/)
    const receipt = await this.page.locator('main a[href*="/ricevute/"]').first().getAttribute('href')
    const answer = await this.page.request.get(new URL(receipt!, stack.publicUrl).href)
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
  }

  private async looks(): Promise<void> {
    if (!this.hasScripts || !this.page.url().startsWith(stack.publicUrl)) return
    const { violations } = await new AxeBuilder({ page: this.page }).withTags(RULES).analyze()
    expect(violations.map(({ id, nodes }) => `${this.page.url()} ${id}: ${nodes[0]?.html}`)).toEqual([])
  }
}

async function aPerson(given: { javaScriptEnabled?: boolean } = {}): Promise<Hand> {
  const context = await browser.newContext({ viewport: PHONE, ...given })
  return new Hand(await context.newPage(), given.javaScriptEnabled ?? true)
}
