import { PNG } from 'pngjs'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noticeNumber } from '../../domain/iuv.ts'
import { flowZip } from '../flows/zip.ts'
import { stateOf } from '../setup/begun.ts'
import { confirming, saveEnte } from '../setup/administration.ts'
import { CHIARA, RIGHTS, textOf } from '../setup/citizen-site.ts'
import { linkIn } from '../setup/mailbox.ts'
import { ELENA, PAOLO } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const HEADER = readFileSync(
  new URL('../fixtures/flows/import/C_Q999-TRIBUTI202501-1_3.csv', import.meta.url),
  'utf8',
).split('\n')[0]!

let stack: Stack
let elena: Visitor

beforeAll(async () => {
  stack = await startStack({ seed: true })
  elena = await signInAs(stack.db, createVisitor(stack.publicUrl), ELENA)
})
afterAll(() => stack.close())

const aStranger = (): Visitor => createVisitor(stack.publicUrl)

interface Step {
  text: string
  isDone: boolean
  how: string | undefined
  href: string | undefined
}

/** The steps to the start that the page of an ente shows. */
async function stepsOf(path: string): Promise<Step[]> {
  const { html } = await elena.get(path)
  const list = /<ul class="mypay-tasks">([\s\S]*?)<\/ul>/.exec(html)![1]!
  return [...list.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, item]) => ({
    text: textOf({ html: item!.split('</div>')[0]!.split('<br>')[0]! } as Page).trim(),
    isDone: item!.includes('mypay-chip-good'),
    how: /mypay-note">([^<]+)</.exec(item!)?.[1],
    href: /<a href="([^"]+)"/.exec(item!)?.[1]?.replaceAll('&#x3D;', '='),
  }))
}
const stepOf = async (path: string, text: string): Promise<Step> =>
  (await stepsOf(path)).find((step) => step.text.includes(text))!

const move = async (path: string, stato: string): Promise<number> =>
  (await confirming(elena, await elena.submit(await elena.get(path), '/stato', { stato }))).status

/** True when a citizen finds the ente in the list, and the HTTP status of its page. */
async function seenByCitizens(codIpa: string, name: string): Promise<[boolean, number]> {
  const listed = await aStranger().get(`/enti?q=${encodeURIComponent(name)}`)
  return [listed.html.includes(`/enti/${codIpa}"`), (await aStranger().get(`/enti/${codIpa}`)).status]
}

/** Pays after a page sent a link: opens the mail, fills the cart, pays on the node's page, waits for the receipt. */
async function payThroughMail(visitor: Visitor, email: string): Promise<void> {
  const link = new URL(await linkIn(stack.simulator.url, email)).pathname
  await visitor.submit(await visitor.get(link), link)
  const paid = await visitor.submit(await visitor.get('/carrello'), '/carrello/paga')
  const idSession = new URL(paid.location!).searchParams.get('idSession')!
  await stack.simulator.pay(idSession, 'OK')
  const back = await visitor.get(`/ritorno?idSession=${idSession}&esito=OK`)
  const cartId = new URL(back.location!).pathname.split('/').at(-1)!
  await waitUntil(async () => (await stateOf(stack.db, 'cart', cartId)) === 'paid')
}

it('a new ente goes from its adhesion to its start, and not before each step is done', async () => {
  const created = await elena.submit(await elena.get('/admin/enti/nuovo'), '/nuovo', {
    cod_ipa: 'c_x999',
    codice_fiscale: '99999900014',
    name: 'Comune di Nuovavilla',
    segregation_code: '45',
    iban: 'IT61 H999 9912 3450 0000 0000 001',
  })
  const path = new URL(created.location!).pathname
  expect(path).toBe('/admin/enti/C_X999')
  const steps = await stepsOf(path)
  expect(steps.filter(({ isDone }) => isDone).map(({ text }) => text)).toEqual([
    expect.stringContaining('come aderisce'),
    expect.stringContaining('IBAN'),
  ])
  for (const { text, isDone, how, href } of steps.filter((step) => !step.isDone)) {
    expect([text, isDone, how]).toEqual([text, false, expect.stringMatching(/\.$/)])
    if (href !== undefined) expect([href, (await elena.get(href)).status]).toEqual([href, 200])
  }
  expect(await move(path, 'PRE-ESERCIZIO')).toBe(422)

  await saveEnte(elena, path, { indirizzo: 'Via Roma', localita: 'Nuovavilla' })
  await saveEnte(elena, path, { email: 'ente@example.org' })
  const picked = await elena.submit(await elena.get(`${path}/tipi`), '/tipi/DIRITTI_VARI/scegli')
  const tipo = new URL(picked.location!).pathname
  await elena.submit(await elena.get(tipo), tipo, { active: 'true', spontaneous: 'true' })
  await elena.submit(await elena.get(`${path}/operatori`), '/operatori', {
    'codice-fiscale': PAOLO.codiceFiscale,
    nome: 'Paolo Ferri',
    email: '',
    ruolo: 'operator',
    tipi: 'DIRITTI_VARI',
  })
  // In the state INSERITO there is no form for a test payment yet.
  expect((await stepOf(path, 'pagamento di prova')).href).toBeUndefined()
  expect(await move(path, 'PRE-ESERCIZIO')).toBe(303)
  expect(await move(path, 'ESERCIZIO')).toBe(422)

  const test = (await stepOf(path, 'pagamento di prova')).href!
  const tester = aStranger()
  expect(textOf(await tester.get(new URL(test).pathname + new URL(test).search))).toContain('Collaudo')
  const form = '/enti/C_X999/spontaneo/DIRITTI_VARI'
  const email = 'collaudo@example.org'
  await tester.submit(await tester.get(form), form, { ...RIGHTS, ...CHIARA, 'e-mail': email })
  await payThroughMail(tester, email)
  expect(await stepOf(path, 'pagamento di prova')).toMatchObject({ isDone: true, how: undefined })
  // The test payment is real, and still nobody else can see the ente.
  expect(await seenByCitizens('C_X999', 'Nuovavilla')).toEqual([false, 404])
  expect((await aStranger().get(form)).status).toBe(404)

  expect(await move(path, 'ESERCIZIO')).toBe(422)
  const logo = { name: 'logo.png', bytes: PNG.sync.write(new PNG({ width: 100, height: 100 })) }
  expect((await elena.upload(await elena.get(`${path}/logo`), '/logo', logo)).status).toBe(303)
  expect((await stepsOf(path)).every(({ isDone }) => isDone)).toBe(true)
  const question = await elena.submit(await elena.get(path), '/stato', { stato: 'ESERCIZIO' })
  expect(textOf(question)).toContain('Da subito i cittadini trovano l’ente')
  expect(await seenByCitizens('C_X999', 'Nuovavilla')).toEqual([false, 404])
  // A question of before another move confirms nothing.
  expect(await move(path, 'INSERITO')).toBe(303)
  expect((await elena.submit(question, '/stato')).status).toBe(409)
  expect(await move(path, 'PRE-ESERCIZIO')).toBe(303)
  expect((await elena.submit(question, '/stato')).status).toBe(303)
  expect(await seenByCitizens('C_X999', 'Nuovavilla')).toEqual([true, 200])
})

it('an ente with files alone tests with a notice of its own file, which strangers do not find', async () => {
  const path = '/admin/enti/C_X904'
  await saveEnte(elena, path, { 'adhesion.base': 'false', 'adhesion.flows': 'true' })
  const flows = (await stepOf(path, 'flusso di prova')).href!
  const row =
    'COLLAUDO-1;;F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;;;2099-09-30;10.00;;DIRITTI_VARI;;Prova;9/0105107TS/DV;;true;I'
  const sent = await elena.upload(
    await elena.get(flows),
    flows,
    await flowZip('C_X904-COLLAUDO1-1_3', `${HEADER}\n${row}\n`),
  )
  expect(sent.status).toBe(303)
  await waitUntil(async () => (await stepOf(path, 'flusso di prova')).isDone)
  const { iuv } = (await stack.db('due').first('iuv').where({ iud: 'COLLAUDO-1' })) as { iuv: string }

  const search = async (visitor: Visitor): Promise<Page> =>
    visitor.submit(await visitor.get('/avviso'), '/avviso', {
      'codice-avviso': noticeNumber(iuv),
      'intestatario-codice': 'BNCCHR85H52M999M',
    })
  expect((await search(aStranger())).status).toBe(422)
  const test = (await stepOf(path, 'Paga un avviso di prova')).href!
  const tester = aStranger()
  await tester.get(new URL(test).pathname + new URL(test).search)
  const found = await tester.get((await search(tester)).location!)
  expect(textOf(found)).toContain('10,00')
  const email = 'avviso@example.org'
  await tester.submit(found, '/avviso/paga', { posto: '0', 'e-mail': email })
  await payThroughMail(tester, email)
  expect((await stepOf(path, 'Paga un avviso di prova')).isDone).toBe(true)
  expect(await seenByCitizens('C_X904', 'Colle Fiorito')).toEqual([false, 404])
})
