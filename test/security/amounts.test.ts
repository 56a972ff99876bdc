import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { iuv17 } from '../../domain/iuv.ts'
import { CHIARA, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

let site: Site

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
})
afterAll(() => site.close())

/** Names of fields from which a server might take an amount. */
const NAMES = [
  'importo',
  'importoCents',
  'importo_cents',
  'importo[0]',
  'totale',
  'total',
  'amount',
  'cents',
  'prezzo',
]
const AMOUNTS = Object.fromEntries(NAMES.map((name) => [name, '0,01']))

let before: unknown
const amounts = (): Promise<unknown> => site.db('due').select('id', 'importo_cents').orderBy('id')

beforeEach(async () => {
  before = await amounts()
})

/** Names of the fields of the form, hidden ones included, that an attacker could change. */
function fieldsOf(page: Page, action: string): string[] {
  const forms = page.html.match(/<form\b[^>]*>[\s\S]*?<\/form>/g) ?? []
  const form = forms.find((one) => one.includes(`action="${action}"`))!
  return [...form.matchAll(/<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"/g)]
    .map(([, name]) => name!)
    .filter((name) => name !== '_csrf')
}

/** Sends a form once for each of its fields, with an amount in that field; returns the number of fields. */
async function rewriteEach(
  visitor: Visitor,
  { path, action, fields = {} }: { path: string; action: string; fields?: Record<string, string> },
): Promise<number> {
  const names = fieldsOf(await visitor.get(path), action)
  for (const name of names)
    await visitor.submit(await visitor.get(path), action, { ...fields, ...AMOUNTS, [name]: '0,01' })
  return names.length
}

const LUCE = {
  'codice-avviso': iuv17({ segregationCode: '22', progressive: 1 }),
  'intestatario-codice': CHIARA['intestatario-codice'],
}

it('an amount added to any form between a notice and its payment changes nothing', async () => {
  const visitor = site.visitor()
  await visitor.submit(await visitor.get('/avviso'), '/avviso', { ...LUCE, ...AMOUNTS })
  expect(await rewriteEach(visitor, { path: '/avviso', action: '/avviso', fields: LUCE })).toBeGreaterThan(3)
  await visitor.submit(await visitor.get('/avviso'), '/avviso', LUCE)
  const pay = { posto: '0', 'e-mail': 'amounts@example.org' }
  await rewriteEach(visitor, { path: '/avviso/esito', action: '/avviso/paga', fields: pay })
  const sent = await visitor.submit(await visitor.get('/avviso/esito'), '/avviso/paga', {
    ...AMOUNTS,
    ...pay,
  })
  expect(sent.location).toBe(`${site.url}/mail-inviata`)
  const { secret } = (await site
    .db('email')
    .where({ address: pay['e-mail'] })
    .orderBy('created_at', 'desc')
    .first('secret')) as { secret: string }
  const link = `/conferma/${secret}`
  await visitor.submit(await visitor.get(link), link, AMOUNTS)
  expect(textOf(await visitor.get('/carrello'))).toContain('Totale 18,50 €')
  const begun = site.processes.begun.length
  const rewritten = await rewriteEach(visitor, { path: '/carrello', action: '/carrello/paga' })
  expect(rewritten).toBeGreaterThan(2)
  // Each hidden field guards the payment: with a changed one nothing begins.
  expect(site.processes.begun).toHaveLength(begun)
  await visitor.submit(await visitor.get('/carrello'), '/carrello/paga', AMOUNTS)
  expect(site.processes.begun).toHaveLength(begun + 1)
  expect(await amounts()).toEqual(before)
})

it('positions chosen in the area cost what the ente wrote', async () => {
  const visitor = await signInAs(site.db, site.visitor(), {
    codiceFiscale: CHIARA['intestatario-codice'],
    anagrafica: 'Chiara Bianchi',
    email: 'chiara@example.org',
  })
  const page = await visitor.get('/area/posizioni')
  const rows = (await site.db('due').where({ iuv: LUCE['codice-avviso'] }).pluck('id')) as string[]
  const done = await visitor.submit(page, '/area/posizioni/carrello', { ...AMOUNTS, dovuti: rows[0]! })
  expect(done.location).toBe(`${site.url}/carrello`)
  expect(textOf(await visitor.get('/carrello'))).toContain('Totale 18,50 €')
  expect(await amounts()).toEqual(before)
})

it('a type with a fixed amount costs that amount, also when its field is sent with another', async () => {
  const form = {
    fields: [
      { kind: 'text', id: 'nota', label: 'Nota' },
      { kind: 'amount_fixed', id: 'importo', label: 'Importo', importo: 1600 },
    ],
    causale: 'Prova ${nota}',
  }
  await site
    .db('ente_due_type')
    .where({ code: 'DIRITTI_VARI' })
    .update({ form: JSON.stringify(form) })
  const path = '/enti/C_X901/spontaneo/DIRITTI_VARI'
  const visitor = await signInAs(site.db, site.visitor(), {
    codiceFiscale: CHIARA['intestatario-codice'],
    anagrafica: 'Chiara Bianchi',
    email: 'chiara@example.org',
  })
  const typed = { nota: 'una', 'intestatario-nome': 'Chiara Bianchi', ...LUCE, ...AMOUNTS }
  const done = await visitor.submit(await visitor.get(path), path, typed)
  expect(done.location).toBe(`${site.url}/carrello`)
  expect(textOf(await visitor.get('/carrello'))).toContain('Totale 16,00 €')
  const rows = (await amounts()) as { importo_cents: number }[]
  expect(rows).toHaveLength((before as unknown[]).length + 1)
  expect(rows.filter((row) => row.importo_cents === 1)).toEqual([])
})
