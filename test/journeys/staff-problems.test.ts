import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

let site: Site
let paolo: Visitor
let sara: Visitor

beforeAll(async () => {
  site = await startSite()
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
})
afterAll(() => site.close())

/** The text of a page of an error without the code to quote and the way to the same page in another language. */
const said = (page: Page): [number, string] => [
  page.status,
  textOf(page)
    .replace(/[0-9a-f-]{36}/g, '')
    .replace(/C_X\d{3}/g, ''),
]

it('says which ente the right is missing for, and nothing of an ente that is not public', async () => {
  const open = await paolo.get('/operatore/C_X903/dovuti')
  expect(said(open)).toEqual([404, expect.stringContaining('Non sei abilitato per questo ente')])
  expect(textOf(open)).toContain(
    'Chiedi a un amministratore dell’ente di abilitarti con il tuo codice fiscale',
  )
  const [unknown, hidden] = [
    await paolo.get('/operatore/C_X999/dovuti'),
    await paolo.get('/operatore/C_X904/dovuti'),
  ]
  expect(said(hidden)).toEqual(said(unknown))
  expect(textOf(hidden)).not.toContain('Non sei abilitato per questo ente')
  await site
    .db('ente')
    .where({ cod_ipa: 'C_X903' })
    .update({ features: ['PAGAMENTO_SPONTANEO'] })
  expect(said(await paolo.get('/operatore/C_X903/dovuti'))).toEqual(said(unknown))
  await site
    .db('ente')
    .where({ cod_ipa: 'C_X903' })
    .update({ features: ['ENTE_PUBBLICO'] })
})

it('says of a due of a type that is not granted what it says of one that does not exist', async () => {
  const { rows } = await site.db.raw<{ rows: { id: string }[] }>(
    `select d.id from due d join ente_due_type t on t.id = d.ente_due_type_id join ente e on e.id = d.ente_id
     where e.cod_ipa = 'C_X902' and t.code = 'RETTA_ASILO_NIDO' limit 1`,
  )
  const at = (id: string) => paolo.get(`/operatore/C_X902/dovuti/${id}`)
  const hidden = said(await at(rows[0]!.id))
  expect(hidden).toEqual(said(await at(randomUUID())))
  expect(hidden).toEqual([404, expect.stringContaining('di un tipo dovuto a cui non sei abilitato')])
})

it.each([
  ['/admin/enti/C_X902', 'paolo', 'Serve un amministratore'],
  ['/admin/giornale', 'sara', 'Serve un amministratore della Regione'],
  ['/supporto', 'sara', 'Serve un amministratore della Regione'],
  ['/operatore/C_X902/nulla', 'sara', 'Pagina non trovata'],
] as const)('%s tells %s: %s', async (path, who, words) => {
  const page = await (who === 'paolo' ? paolo : sara).get(path)
  expect(said(page)).toEqual([404, expect.stringContaining(words)])
  // It is a page of staff: their header, the way back to their work, and none of the ways of citizens.
  expect(page.html).toContain('class="btn btn-primary" href="/operatore"')
  expect(textOf(page)).toContain('Gestione dei pagamenti per gli enti')
  expect(page.html).not.toMatch(/href="\/(carrello|aiuto|avviso)"[^>]*class="btn/)
})

it('a page that is over says it in words of staff', async () => {
  const form = await sara.get('/operatore/C_X902/dovuti/nuovo?tipo=DIRITTI_VARI')
  const answer = await sara.submit(form, '/nuovo', { _csrf: 'x' })
  expect(said(answer)).toEqual([403, expect.stringContaining('ricarica la pagina e invia di nuovo.')])
  expect(textOf(answer)).not.toContain('carrello')
})
