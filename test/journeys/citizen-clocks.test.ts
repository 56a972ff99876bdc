import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { textOf } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { codeIn } from '../setup/mailbox.ts'
import { follow, signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Page, type Visitor } from '../setup/visitor.ts'
import { noticeHref } from '../../templates/signed-link.ts'
import { noticeNumber } from '../../domain/iuv.ts'

// F39 for things that a citizen holds for a while: a sign-in under way, a code in the mail, a link on a page, a found notice.
const HOUR = 3_600_000
const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}

let stack: Stack
/** Milliseconds by which the clock of the pages is ahead; negative when it is behind. */
let aheadMs = 0
const pagesNow = (): string => new Date(Date.now() + aheadMs).toISOString()

beforeAll(async () => {
  stack = await startStack({ seed: true, clock: pagesNow })
}, 60_000)
afterAll(() => stack.close())
afterEach(() => (aheadMs = 0))

const STEPS: [string, number][] = [
  ['an hour ahead', HOUR],
  ['an hour behind', -HOUR],
  ['25 hours ahead', 25 * HOUR],
]

async function signsIn(visitor: Visitor, meanwhile: () => void = () => undefined): Promise<Page> {
  const choice = await follow(visitor, await visitor.get('/accedi'))
  // With a session at the provider there is no choice of a person, so the sign-in is already complete.
  if (choice.url.startsWith(stack.publicUrl)) return choice
  meanwhile()
  return follow(visitor, await visitor.submit(choice, new URL(choice.url).pathname, { persona: 'chiara' }))
}

describe('a sign-in', () => {
  it.each(STEPS)('works while the clock is %s', async (_, ms) => {
    aheadMs = ms
    expect((await signsIn(createVisitor(stack.publicUrl))).url).toBe(`${stack.publicUrl}/area`)
  })

  it('under way when the clock is set an hour forth is refused as too old, says so, and works again', async () => {
    const visitor = createVisitor(stack.publicUrl)
    const page = await signsIn(visitor, () => (aheadMs = HOUR))
    expect([page.status, textOf(page)]).toEqual([403, expect.stringMatching(/Accesso non riuscito/)])
    expect((await signsIn(visitor)).url).toBe(`${stack.publicUrl}/area`)
  })

  it('under way when the clock is set an hour back goes on', async () => {
    const page = await signsIn(createVisitor(stack.publicUrl), () => (aheadMs = -HOUR))
    expect(page.url).toBe(`${stack.publicUrl}/area`)
  })
})

describe('the code of an account', () => {
  it.each(STEPS)('runs out by the clock of the database, not by that of pages %s', async (name, ms) => {
    const address = `${name.replaceAll(' ', '.')}@example.org`
    const visitor = await signInAs(stack.db, createVisitor(stack.publicUrl), CHIARA)
    await stack.db('account_code').update({ created_at: stack.db.raw(`created_at - interval '1 hour'`) })
    await visitor.submit(await visitor.get('/area/account'), '/area/account/posta', {
      'nuova-posta': address,
    })
    const code = await codeIn(stack.simulator.url, address)
    aheadMs = ms
    // A clock that is a day ahead ends the session, so the person signs in again; the code is still valid.
    await signInAs(stack.db, visitor, CHIARA)
    const page = await visitor.get('/area/account')
    const done = await visitor.submit(page, '/area/account/codice', { codice: code })
    expect(done.location).toBe(`${stack.publicUrl}/area/account?fatto=posta`)
  })

  it('that ran out is refused, however far behind the pages are', async () => {
    const visitor = await signInAs(stack.db, createVisitor(stack.publicUrl), CHIARA)
    await stack.db('account_code').update({ created_at: stack.db.raw(`created_at - interval '1 hour'`) })
    const address = 'scaduto@example.org'
    await visitor.submit(await visitor.get('/area/account'), '/area/account/posta', {
      'nuova-posta': address,
    })
    const code = await codeIn(stack.simulator.url, address)
    const page = await visitor.get('/area/account')
    await stack.db('account_code').update({ expires_at: stack.db.raw(`now() - interval '1 second'`) })
    aheadMs = -HOUR
    const refused = await visitor.submit(page, '/area/account/codice', { codice: code })
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringMatching(/scadut/)])
  })
})

describe('a link to a document', () => {
  it.each([
    ['an hour ahead', HOUR, 200],
    ['an hour behind', -HOUR, 200],
    ['25 hours ahead', 25 * HOUR, 403],
  ])('made before the clock was set %s', async (_, ms, status) => {
    const { id } = (await stack
      .db('due')
      .first('id')
      .where({ state: 'payable', pagatore_codice: CHIARA.codiceFiscale })
      .whereNotNull('iuv')) as { id: string }
    const path = noticeHref(KEYS.link, id, pagesNow())
    aheadMs = ms
    expect((await createVisitor(stack.publicUrl).get(path)).status).toBe(status)
  })
})

it.each(STEPS)(
  'a notice found before the clock was set %s is still payable, or asked for again',
  async (_, ms) => {
    const visitor = createVisitor(stack.publicUrl)
    const { iuv } = (await stack
      .db('due')
      .first('iuv')
      .where({ state: 'payable', pagatore_codice: CHIARA.codiceFiscale })
      .whereRaw('length(iuv) = 17')) as { iuv: string }
    const search = { 'codice-avviso': noticeNumber(iuv), 'intestatario-codice': CHIARA.codiceFiscale }
    await visitor.submit(await visitor.get('/avviso'), '/avviso', search)
    aheadMs = ms
    const page = await visitor.get('/avviso/esito')
    expect(textOf(page)).toMatch(ms > 2 * HOUR ? /Cerca di nuovo|di nuovo/ : /Da pagare/)
  },
)
