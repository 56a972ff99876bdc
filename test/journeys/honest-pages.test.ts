import { stateChip } from '../../templates/chip.ts'
import { compileTemplate } from '../../templates/engine.ts'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problems } from '../../api/middleware/problems.ts'
import { answerRt } from '../../api/node/answer-rt.ts'
import { AppError, ERRORS, type ErrorCode } from '../../domain/errors.ts'
import { isFiscalId } from '../../domain/codice-fiscale.ts'
import { LANGUAGES, type Language } from '../../templates/language.ts'
import { askAbout, payCartActivities, attemptIdsOf, US, closeAnomalies } from '../setup/begun.ts'
import { askLink, FORM, startSite, type Site } from '../setup/citizen-site.ts'
import { claimsOn, moneyTexts, ruleOf, truthOf, type Truth } from '../setup/money-claims.ts'
import {
  anOperatorWorld,
  enterAsElena,
  isOperatorPath,
  operatorAddress,
  type OperatorWorld,
} from '../setup/operators.ts'
import { pay, reallyBegin, settle, URL_OF_NODE } from '../setup/paying.ts'
import { routesOf } from '../setup/routes.ts'
import { buildRtFor } from '../setup/rt.ts'
import { changeSession, signInAs } from '../setup/session.ts'
import { unescaped, type Page, type Visitor } from '../setup/visitor.ts'

let site: Site
let elena: Visitor
let operators: OperatorWorld

beforeAll(async () => {
  site = await startSite()
  operators = await anOperatorWorld(site.db)
  elena = await enterAsElena(site.db, site.visitor())
}, 60_000)
afterAll(() => site.close())

/** A payment of a person who has no other, so that lists show nothing else. */
interface Case {
  citizen: Visitor
  codice: string
  email: string
  link: string
  cartId: string
  dueIds: string[]
}

const sql = (text: string, ...bindings: string[]) => site.db.raw(text, bindings)
const cart = (it: Case, values: object) => site.db('cart').where({ id: it.cartId }).update(values)
const begin = (it: Case, url?: null): Promise<unknown> =>
  url === null ? reallyBegin(site, it.cartId, null).then(() => keep(it)) : pay(site, it.citizen)
const keep = (it: Case) => changeSession(site.db, it.citizen, { payments: [it.cartId] })
const back = (it: Case, esito: string) => it.citizen.get(`/ritorno?idSession=s-${it.cartId}&esito=${esito}`)
const paid = async (it: Case, given: Parameters<typeof settle>[2] = {}): Promise<void> => {
  await begin(it)
  await settle(site, it.cartId, given)
}
const again = (it: Case) => settle(site, it.cartId, { messageId: 'RIC2', iur: 'IUR2' })
const mail = (it: Case, state: string, last_answer: string | null = null) =>
  site.db('email').where({ cart_id: it.cartId }).update({ state, last_answer })
const unclear = async (it: Case, kind: string): Promise<void> => {
  const [attemptId] = await attemptIdsOf(site.db, it.cartId)
  await site.db('anomaly').insert({
    kind,
    cart_id: it.cartId,
    attempt_id: attemptId!,
    unplaced_cents: kind === 'receipt_refused' ? 1050 : 0,
  })
  await sql(
    `update attempt set attention = ? where cart_id = ? and state in ('created', 'sent')`,
    kind,
    it.cartId,
  )
}
/** Sets the state that the rules set when they give a payment up. */
const forced = async (it: Case, reason: string): Promise<void> => {
  await begin(it)
  await sql(
    `update attempt set state = 'not_paid', forced_reason = ?, next_check_at = null where cart_id = ?`,
    reason,
    it.cartId,
  )
  await sql(`update cart_item set live = false where cart_id = ?`, it.cartId)
  await site.db('due').whereIn('id', it.dueIds).update({ state: 'payable' })
  await cart(it, { state: 'not_paid' })
}

const CASES: Record<string, (it: Case) => Promise<unknown>> = {
  'an open cart': () => Promise.resolve(),
  'a cart that has run out': (it) => cart(it, { expires_at: site.db.raw(`now() - interval '1 minute'`) }),
  'an expired cart': (it) => cart(it, { state: 'expired' }),
  'an archived cart': async (it) => {
    await cart(it, { state: 'expired' })
    await cart(it, { state: 'archived' })
  },
  'a cancelled cart': (it) => cart(it, { state: 'cancelled' }),
  'begun, no page of the node yet': (it) => begin(it, null),
  'at the page of the node': (it) => begin(it),
  'back without an outcome': async (it) => {
    await begin(it)
    await back(it, 'ERROR')
  },
  'back with OK': async (it) => {
    await begin(it)
    await back(it, 'OK')
  },
  'back with OK after an error': async (it) => {
    await begin(it)
    await back(it, 'ERROR')
    await back(it, 'OK')
  },
  'to be paid later': async (it) => {
    await begin(it)
    await back(it, 'DIFFERITO')
  },
  'taken by a PSP': async (it) => {
    await begin(it)
    await site.db('attempt').where({ cart_id: it.cartId }).update({ progress: 'accepted' })
  },
  'a receipt nobody looked at yet': async (it) => {
    await begin(it)
    for (const attemptId of await attemptIdsOf(site.db, it.cartId))
      await answerRt(site.db, US, (await buildRtFor(site.db, attemptId)).envelope)
  },
  'a receipt nobody understood': async (it) => {
    await begin(it)
    await unclear(it, 'receipt_not_understood')
  },
  'a receipt nobody understood, then a negative one': async (it) => {
    await begin(it)
    await unclear(it, 'receipt_not_understood')
    await settle(site, it.cartId, { outcome: 1 })
  },
  'a refused receipt': async (it) => {
    await begin(it)
    await unclear(it, 'receipt_refused')
  },
  'paid, the mail is to be sent': (it) => paid(it),
  'paid, the mail has left': async (it) => {
    await paid(it)
    await mail(it, 'sent', '250 OK')
  },
  'paid, the mail was refused': async (it) => {
    await paid(it)
    await mail(it, 'failed', '550 no such user')
  },
  'paid, the mail may have arrived': async (it) => {
    await paid(it)
    await mail(it, 'failed', 'DOUBT')
  },
  'a cent less': (it) => paid(it, { paid: [1049] }),
  'a cent more': (it) => paid(it, { paid: [1051] }),
  'paid twice': async (it) => {
    await paid(it)
    await again(it)
  },
  'paid twice, and a person has closed it': async (it) => {
    await paid(it)
    await again(it)
    await closeAnomalies(site.db, { cart_id: it.cartId })
  },
  'paid, and a refused receipt': async (it) => {
    await paid(it)
    await unclear(it, 'receipt_refused')
  },
  'not paid': (it) => paid(it, { outcome: 1 }),
  'time ran out': (it) => paid(it, { outcome: 3 }),
  'refused by the node': (it) => forced(it, 'refused'),
  'given up after silence': (it) => forced(it, 'silence'),
  'given up after silence, then paid': async (it) => {
    await forced(it, 'silence')
    await settle(site, it.cartId)
  },
  'refused by the node, then paid all the same': async (it) => {
    await forced(it, 'refused')
    await settle(site, it.cartId)
  },
  'not paid, then paid': async (it) => {
    await paid(it, { outcome: 1 })
    await again(it)
  },
  'paid after the due was cancelled': async (it) => {
    await forced(it, 'silence')
    await site.db('due').whereIn('id', it.dueIds).update({ state: 'cancelled', cancelled_reason: 'operator' })
    await settle(site, it.cartId)
  },
  'paid after the due was cancelled, and a person has closed it': async (it) => {
    await CASES['paid after the due was cancelled']!(it)
    await closeAnomalies(site.db, { cart_id: it.cartId })
  },
  'one of two dues paid': async (it) => {
    await addSecond(it)
    await paid(it, { outcome: 2, paid: [1050, 0] })
  },
  'one of two dues paid, and nothing left to pay': async (it) => {
    await addSecond(it)
    await paid(it, { outcome: 2, paid: [1050, 0] })
    await sql(
      `update due set state = 'cancelled', cancelled_reason = 'operator' where state = 'payable' and id = any (?::uuid[])`,
      `{${it.dueIds.join(',')}}`,
    )
  },
  'one of two dues paid, and the other twice': async (it) => {
    await addSecond(it)
    await paid(it, { outcome: 2, paid: [1050, 0] })
    await again(it)
  },
}

async function addSecond(it: Case): Promise<void> {
  const link = await askLink(
    site,
    site.visitor(),
    fieldsOf(it.codice, `${it.email.replace('@', '2@')}`, 'seconda'),
  )
  await it.citizen.submit(await it.citizen.get(link), link)
  it.dueIds = await site.db('cart_item').where({ cart_id: it.cartId }).orderBy('position').pluck('due_id')
}

/** Fiscal codes of invented women who are born on different days. */
const codici = Array.from({ length: 31 * 12 }, (_, n) => {
  const base = `BNCCHR85${'ABCDEHLMPRST'[Math.floor(n / 31)]}${41 + (n % 31)}M999`
  return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => base + letter).find((one) => isFiscalId('F', one))
}).filter((one) => one !== undefined)

const fieldsOf = (codice: string, email: string, nota: string) => ({
  'intestatario-codice': codice,
  'e-mail': email,
  nota: `${nota} ${codice}`,
})

async function aCase(make: (it: Case) => Promise<unknown>): Promise<Case> {
  const codice = codici.pop()!
  const email = `${codice.toLowerCase()}@example.org`
  const citizen = site.visitor()
  const link = await askLink(site, citizen, fieldsOf(codice, email, 'voce'))
  await citizen.submit(await citizen.get(link), link)
  const { id: cartId } = (await site.db('cart').where({ versante_codice: codice }).first('id')) as {
    id: string
  }
  const dueIds = (await site.db('cart_item').where({ cart_id: cartId }).pluck('due_id')) as string[]
  const made = { citizen, codice, email, link, cartId, dueIds }
  await make(made)
  return made
}

/** Paths whose answers never end. */
const STREAM = /\/eventi$/

/** An address of a route of citizens, with the ids of the case. */
async function citizenAddress(path: string, it: Case): Promise<string> {
  const receipt = (await site.db('receipt').where({ cart_id: it.cartId }).first('id')) as
    { id: string } | undefined
  const values: Record<string, string> = {
    '/enti/:codIpa/spontaneo/:code': FORM,
    '/enti/:codIpa': '/enti/C_X901',
    '/enti/:codIpa/logo.png': '/enti/C_X901/logo.png',
    '/conferma/:token': it.link,
    '/pagamenti/:cartId': `/pagamenti/${it.cartId}`,
    '/ricevute/:file': `/ricevute/${receipt?.id ?? 'nulla'}.pdf`,
    '/avvisi/:file': `/avvisi/${it.dueIds[0]}.pdf`,
    '/landing/ente': '/landing/ente?codIpaEnte=C_X901',
    '/landing/spontaneo': '/landing/spontaneo?codIpaEnte=C_X901&codTipo=DIRITTI_VARI',
    // The session is unknown, so that the return records nothing.
    '/ritorno': '/ritorno?idSession=mai-vista&esito=OK',
  }
  return values[path] ?? path.replace(/:\w+/g, 'nulla')
}

const routes = () =>
  routesOf(site.app).filter(
    ({ method, path }) => method === 'get' && !STREAM.test(path) && !path.startsWith('/ws/'),
  )

/** True for an HTML page. Other answers, such as PDFs, are not checked. */
const isHtml = (page: Page): boolean => page.html.startsWith('<!doctype html>')

function expectHonest(page: Page, truth: Truth, where: string, language: Language = 'it'): void {
  for (const { text, keys } of claimsOn(page.html, language)) {
    const isTrue = keys.some((key) => ruleOf(key)!(truth))
    expect([where, text, keys, isTrue]).toEqual([where, text, keys, true])
  }
}

const FORBIDS = /non pagare di nuovo|do not pay again|bezahlen sie nicht erneut/i

/** Checks the headings and buttons of the page of a payment. */
function expectRightButtons(page: Page, truth: Truth, where: string): void {
  const html = unescaped(page.html)
  const isDoubtful = truth.unplaced || truth.unclear
  const mayGo =
    truth.state === 'requested' && !truth.saidOk && !truth.isDeferred && !truth.isTaken && !isDoubtful
  if (!mayGo) expect([where, html.includes(URL_OF_NODE)]).toEqual([where, false])
  if (isDoubtful) {
    expect([where, html]).toEqual([
      where,
      expect.stringMatching(/ufficio è stato avvisato|office has been told|Amt wurde verständigt/),
    ])
    expect([where, html]).toEqual([
      where,
      expect.not.stringMatching(/>(Pagato|Paid|Bezahlt)<\/h1>|mypay-callout-good/),
    ])
  }
  if (isDoubtful || !truth.isPayable || FORBIDS.test(html))
    expect([where, html.includes('/riprova')]).toEqual([where, false])
  // No page has a button to the node: a plain link leads back to a payment that has begun.
  expect([where, html]).toEqual([where, expect.not.stringMatching(/class="btn[^>]*href="https:\/\/nodo/)])
}

it('every sentence about money has a rule here', () => {
  for (const language of LANGUAGES)
    for (const [key] of moneyTexts(language)) expect([key, ruleOf(key) !== undefined]).toEqual([key, true])
})

describe.each(Object.keys(CASES))('%s', (name) => {
  let it_: Case
  let truth: Truth

  beforeAll(async () => {
    it_ = await aCase(CASES[name]!)
    truth = await truthOf(site.db, it_.cartId)
  })

  it('no page of the payer, of a stranger, or of the account says more than is true', async () => {
    const account = await signInAs(site.db, site.visitor(), {
      codiceFiscale: it_.codice,
      anagrafica: 'Chiara Bianchi',
      email: it_.email,
    })
    await changeSession(site.db, it_.citizen, {
      notices: { ids: it_.dueIds, foundAt: new Date().toISOString() },
    })
    const readers = { payer: it_.citizen, stranger: site.visitor(), account }
    let seen = 0
    for (const { path } of routes().filter((route) => !isOperatorPath(route.path))) {
      const address = await citizenAddress(path, it_)
      for (const [who, visitor] of Object.entries(readers)) {
        const page = await visitor.get(address)
        if (!isHtml(page)) continue
        expectHonest(page, truth, `${who} ${address}`)
        if (path === '/pagamenti/:cartId') expectRightButtons(page, truth, `${who} ${address}`)
        if (path === '/avviso/esito' && (truth.unplaced || truth.unclear))
          expect([who, page.html.includes('name="posto"')]).toEqual([who, false])
        seen++
      }
    }
    expect(seen).toBeGreaterThan(40)
  })

  it.each(['en', 'de'] as const)('no page says more than is true in %s', async (language) => {
    for (const visitor of [it_.citizen, site.visitor()]) {
      await visitor.get(`/?lingua=${language}`)
      for (const path of [`/pagamenti/${it_.cartId}`, '/carrello', '/avviso/esito', it_.link, '/nulla']) {
        // Answers without a page in this language, such as redirects, are skipped.
        const page = await visitor.get(path)
        if (!page.html.includes(`<html lang="${language}">`)) continue
        expectHonest(page, truth, `${language} ${path}`, language)
        if (path.startsWith('/pagamenti')) expectRightButtons(page, truth, `${language} ${path}`)
      }
      await visitor.get('/?lingua=it')
    }
  })

  it('no page of operators or support says that all is done while it is not', async () => {
    const { enteCode } = (await site
      .db('due as d')
      .join('ente as e', 'e.id', 'd.ente_id')
      .where('d.id', it_.dueIds[0]!)
      .first({ enteCode: 'e.cod_ipa' })) as { enteCode: string }
    const [attemptId = operators.attemptId] = await attemptIdsOf(site.db, it_.cartId)
    const world = { ...operators, dueId: it_.dueIds[0]!, cartId: it_.cartId, attemptId }
    for (const { path } of routes().filter(
      (route) => isOperatorPath(route.path) && /:cartId|:dueId|^\/supporto$|dovuti$/.test(route.path),
    )) {
      const page = await elena.get(operatorAddress(path, world, enteCode))
      if (!isHtml(page)) continue
      const own =
        path.includes(':') && !path.endsWith('dovuti')
          ? page.html
          : rowsAbout(page.html, [it_.cartId, ...it_.dueIds])
      expectNotOver(own, truth, path)
    }
    const found = await elena.get(`/supporto?q=${it_.cartId}`)
    expect(found.html).toContain(`/supporto/pagamenti/${it_.cartId}`)
    expectNotOver(rowsAbout(found.html, [it_.cartId]), truth, '/supporto?q=')
  })
})

/** Rows of a list that contain one of these ids. */
const rowsAbout = (html: string, ids: readonly string[]): string =>
  html
    .split(/(?=<li\b|<tr\b)/)
    .filter((row) => ids.some((id) => row.includes(id)))
    .join('')

/** "Pagato" as the state of the whole thing: a heading, the chip below it, that of a due, of a title of a list, or of a row of dues. */
const CHIP = '<span class="mypay-chip[^"]*"><svg[^>]*><use[^>]*></use></svg> Pagato</span>'
const SAYS_PAID = new RegExp(
  `>Pagato</h1>|<p>${CHIP}|</strong> ${CHIP}|</a> ${CHIP}|${CHIP}</td><td data-label="Scadenza"`,
)

it('the words that these tests forbid are those of the pages', () => {
  const chip = compileTemplate('partials/chip.hbs')(stateChip('due', 'paid', 'Pagato'))
  expect(`<p>${chip.trim()}`).toMatch(SAYS_PAID)
  expect(`<p>${chip.trim().replace('Pagato', 'Pagato, con denaro da collocare')}`).not.toMatch(SAYS_PAID)
})

function expectNotOver(html: string, truth: Truth, where: string): void {
  const text = unescaped(html)
  const isOver = /Non attende nulla|definitivo/.test(text)
  if (
    truth.unplaced ||
    truth.unclear ||
    truth.state === 'requested' ||
    truth.mails.failed ||
    truth.mails.doubt
  )
    expect([where, isOver]).toEqual([where, false])
  if (truth.unplaced || truth.unclear) {
    // The state of the whole thing must not be "Pagato": as a heading, in the lead of a due, or in a title of a list.
    expect([where, text]).toEqual([where, expect.not.stringMatching(SAYS_PAID)])
  }
  if (SAYS_PAID.test(text)) expect([where, truth.hasMoney]).toEqual([where, true])
}

describe('every error', () => {
  const CODES = Object.keys(ERRORS) as ErrorCode[]
  const PATHS = [
    '/pagamenti/x',
    '/carrello/paga',
    '/ritorno',
    '/ricevute/x.pdf',
    '/conferma/x',
    '/area',
    '/operatore',
    '/supporto/pagamenti/x',
  ]

  it.each(LANGUAGES)(
    'claims nothing about money, wherever it happens, and says what to do: %s',
    async (language) => {
      const app = express()
      app.locals['isTest'] = true
      app.use((req, res, next) => {
        Object.assign(req, { id: '1', log: { error() {} } })
        res.locals['language'] = language
        next()
      })
      for (const code of CODES)
        for (const path of PATHS)
          app.all(`${path}/${code}`, () => {
            throw new AppError(code)
          })
      app.use(problems)
      const server = app.listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const { port } = server.address() as { port: number }
      for (const code of CODES)
        for (const path of PATHS) {
          const answer = await fetch(`http://127.0.0.1:${port}${path}/${code}`)
          const html = await answer.text()
          const reader = /^\/(operatore|supporto)/.test(path) ? 'operator' : 'citizen'
          // Staff read Italian, whatever language the session has.
          const claims = claimsOn(html, reader === 'operator' ? 'it' : language).flatMap(({ keys }) => keys)
          expect([code, path, answer.status, claims]).toEqual([
            code,
            path,
            ERRORS[code].status,
            [`request.${reader}`],
          ])
          expect(html).toMatch(/<a class="btn[^>]*href="\//)
        }
      server.close()
    },
  )
})

it('the facts of a payment are read from the tables, without its process', async () => {
  const it_ = await aCase(CASES['paid twice']!)
  await payCartActivities(site.db).loadCart(askAbout(it_.cartId))
  expect(await truthOf(site.db, it_.cartId)).toMatchObject({ state: 'paid', isSettled: true, unplaced: true })
})
