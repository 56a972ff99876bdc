import { afterAll, beforeAll, expect, it } from 'vitest'
import { aBegunPayment } from '../setup/begun.ts'
import { aDue, anEnte, PAYER, type TestEnte } from '../setup/builders.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { ELENA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { unescaped, type Visitor } from '../setup/visitor.ts'

const LUCIA = {
  ...PAYER,
  codice: 'MRNLCU80A41M999L',
  anagrafica: 'Lucia D’Àngelo Marini',
  email: 'lucia@example.org',
}

let site: Site
let elena: Visitor
let ente: TestEnte
let ofChiara: string
let ofLucia: string

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  elena = await signInAs(site.db, site.visitor(), ELENA)
  ente = await anEnte(site.db)
  ofChiara = (await aBegunPayment(site.db, [await aDue(site.db, ente, { progressive: 1, cents: 2175 })]))
    .cartId
  const due = await aDue(site.db, ente, { progressive: 2, cents: 3100, pagatore: LUCIA })
  ofLucia = (await aBegunPayment(site.db, [due])).cartId
})
afterAll(() => site.close())

const found = async (q: string): Promise<string[]> => {
  const { html } = await elena.get(`/supporto?${new URLSearchParams({ q }).toString()}`)
  return [ofChiara, ofLucia].filter((id) => html.includes(`/supporto/pagamenti/${id}`))
}

it.each<[what: string, q: string]>([
  ['a name and an amount', 'bianchi 21,75'],
  ['a name in another order', 'Chiara Bianchi 21,75 €'],
  ['an amount', '21,75'],
  ['the beginning of a name', 'bian 21,75'],
])('%s finds the payment', async (_what, q) => {
  expect(await found(q)).toEqual([ofChiara])
})

it('a debtor is found by name without its signs, and by fiscal code, although another person pays', async () => {
  expect(await found("marini d'angelo")).toEqual([ofLucia])
  expect(await found(LUCIA.codice)).toEqual([ofLucia])
})

it('who pays is found by name, fiscal code and address', async () => {
  expect(await found('Chiara Bianchi')).toEqual([ofChiara, ofLucia])
  expect(await found(PAYER.codice)).toEqual([ofChiara, ofLucia])
  expect(await found('chiara@example.org')).toEqual([ofChiara, ofLucia])
})

it('words of the causale and of the ente find a payment, together with names, and say what was paid', async () => {
  await site.db('due').where({ importo_cents: 3100 }).update({ causale: 'Gita a Ravenna' })
  expect(await found('gita')).toEqual([ofLucia])
  expect(await found('marini ravenna 31 euro')).toEqual([ofLucia])
  const { name } = (await site.db('ente').where({ id: ente.id }).first('name')) as { name: string }
  const [word] = name.split(' ').slice(-1)
  expect(await found(`marini ${word}`)).toEqual([ofLucia])
  expect(await found('marini altrove')).toEqual([])
  const { html } = await elena.get('/supporto?q=gita')
  expect(html).toContain('Gita a Ravenna')
})

it('today, yesterday, a day without a year and an amount with a point are understood', async () => {
  const { rows } = await site.db.raw<{ rows: { day: string }[] }>(
    `select to_char(now() at time zone 'Europe/Rome', 'FMDD/FMMM') as day`,
  )
  for (const q of ['bianchi oggi 21.75', `bianchi ${rows[0]!.day} 21,75 €`, '21,75 euro oggi'])
    expect(await found(q)).toEqual([ofChiara])
  expect(await found('bianchi ieri')).toEqual([])
})

it('a search that finds nothing says how it was understood, and which part to leave out', async () => {
  const { html } = await elena.get('/supporto?q=bianchi+21,76+oggi')
  expect(unescaped(html)).toContain('«bianchi» (parola), «21,76» (importo), «oggi» (giorno ')
  const tips = [...html.matchAll(/<a href="([^"]*)">(Senza [^<]*)</g)].map(([, href, text]) => [href, text])
  expect(tips.map(([, text]) => unescaped(text!))).toEqual(['Senza «21,76»: 2'])
  expect((await elena.get(unescaped(tips[0]![0]!))).html).toContain(`/supporto/pagamenti/${ofLucia}`)
  const lost = await elena.get('/supporto?q=sconosciuto+99,99')
  expect(unescaped(lost.html)).toContain('Anche togliendo una sola parte non si trova nulla')
})

it('terms must fit together', async () => {
  expect(await found('bianchi 21,76')).toEqual([])
  expect(await found('rossi 21,75')).toEqual([])
  expect(await found('bianchi 01/01/2020')).toEqual([])
  expect(await found("' or 1=1 & | !( : *")).toEqual([])
})

it('who searched for a person is in the register of accesses; an amount alone is no person', async () => {
  const count = async (): Promise<number> =>
    (await site.db('event').where({ kind: 'accessed', entity: 'search' })).length
  const before = await count()
  await found('21,75')
  expect(await count()).toBe(before)
  await found('bianchi 21,75')
  await found('chiara@example.org')
  expect(await count()).toBe(before + 2)
})
