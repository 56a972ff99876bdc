import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { unescaped, type Page, type Visitor } from '../setup/visitor.ts'

const DUES = '/operatore/C_X902/dovuti'
const SEARCH = `${DUES}?q=luce+votiva&ordine=nome&vista=archivio`

let site: Site
let paolo: Visitor
let sara: Visitor

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
})
afterAll(() => site.close())

const save = async (nome: string, address = SEARCH, visitor = paolo): Promise<Page> => {
  const answer = await visitor.submit(await visitor.get(address), '/ricerche', { nome })
  expect(answer.status).toBe(303)
  return visitor.get(answer.location!.replace(site.url, ''))
}
const namesOf = async (codice: string): Promise<string[]> =>
  site
    .db('saved_search as s')
    .join('operator as o', 'o.id', 's.operator_id')
    .where({ 'o.codice_fiscale': codice })
    .orderBy('s.name')
    .pluck('s.name')

it('a search is saved by name, opened again with all its filters, and deleted; events say who', async () => {
  const saved = await save(' Lampade ', `${SEARCH}&dopo=x&conta=tutto&altro=1`)
  expect(textOf(saved)).toContain('La ricerca «Lampade» è salvata.')
  expect(textOf(saved)).toContain('Ricerche salvate (1)')
  const href = /<li><a href="([^"]*)">Lampade</.exec(saved.html)![1]!
  expect(unescaped(href)).toBe(SEARCH)
  const opened = await paolo.get(unescaped(href))
  expect(opened.html).toContain('value="luce votiva"')
  const gone = await paolo.submit(opened, '/elimina')
  expect(gone.status).toBe(303)
  expect(await namesOf(PAOLO.codiceFiscale)).toEqual([])
  const events = await site.db('event').where({ entity: 'saved_search' }).orderBy('id')
  expect(events.map(({ kind, data }) => [kind, (data as { by: string }).by])).toEqual([
    ['search_saved', PAOLO.anagrafica],
    ['search_deleted', PAOLO.anagrafica],
  ])
})

it('a search of the same name gets the new filters', async () => {
  await save('Mense')
  const again = await save('MENSE', `${DUES}?q=mensa`)
  expect(await namesOf(PAOLO.codiceFiscale)).toEqual(['MENSE'])
  expect(unescaped(/<li><a href="([^"]*)">MENSE</.exec(again.html)![1]!)).toBe(`${DUES}?q=mensa`)
})

const refused = async (nome: string, visitor = paolo): Promise<Page> => {
  const answer = await visitor.submit(await visitor.get(SEARCH), '/ricerche', { nome })
  expect(answer.status).toBe(422)
  return answer
}

it('a name that is missing or too long saves nothing: the page says so beside the field and keeps everything', async () => {
  const before = await namesOf(PAOLO.codiceFiscale)
  for (const name of ['', '   ', 'x'.repeat(61)]) {
    const page = await refused(name)
    expect(page.html).toMatch(/id="nome-errore">.*Scrivi un nome di 60 caratteri al massimo\./)
    expect(page.html).toContain('<details class="mypay-filters mt-3" open>')
    expect(page.html).toContain(`name="nome" value="${name}"`)
    // The search is still there, in the list as in the form that is sent again.
    expect(page.html).toContain('value="luce votiva"')
    const again = await paolo.submit(page, '/ricerche', { nome: 'Con un nome' })
    expect(unescaped(again.location!)).toBe(site.url + SEARCH)
    await site.db('saved_search').where({ name: 'Con un nome' }).delete()
  }
  expect(await namesOf(PAOLO.codiceFiscale)).toEqual(before)
  expect(textOf(await save('y'.repeat(60)))).toContain('è salvata')
})

it('the search form of such a page searches the list again', async () => {
  expect((await refused('')).html).toContain(`<form method="get" action="${DUES}"`)
})

it('a list without a search, or with a filter that cannot be read, has nothing to save', async () => {
  for (const address of [DUES, `${DUES}?importo-da=abc`])
    expect((await paolo.get(address)).html).not.toContain('name="nome"')
  const form = await paolo.get(SEARCH)
  for (const ricerca of ['', 'importo-da=abc', 'altro=1', `causale=${'x'.repeat(200)}`])
    await paolo.submit(form, '/ricerche', { nome: 'Vuota', ricerca })
  expect(await namesOf(PAOLO.codiceFiscale)).not.toContain('Vuota')
})

it('a person sees and deletes only their own searches', async () => {
  await save('Di Sara', SEARCH, sara)
  expect((await paolo.get(DUES)).html).not.toContain('Di Sara')
  const { id } = (await site.db('saved_search').first('id').where({ name: 'Di Sara' })) as { id: string }
  const form = await paolo.get(DUES)
  const own = /action="([^"]*ricerche\/[0-9a-f-]{36}\/elimina)"/.exec(form.html)![1]!
  const forged = { ...form, html: form.html.replaceAll(own, `${DUES}/ricerche/${id}/elimina`) }
  expect((await paolo.submit(forged, `${id}/elimina`)).status).toBe(303)
  expect(await namesOf(SARA.codiceFiscale)).toEqual(['Di Sara'])
})

it('there are at most 20', async () => {
  for (let n = (await namesOf(SARA.codiceFiscale)).length; n < 20; n += 1)
    await save(`Ricerca ${n}`, SEARCH, sara)
  expect(textOf(await refused('Una di troppo', sara))).toContain('Hai già 20 ricerche salvate')
  expect(textOf(await save('RICERCA 5', SEARCH, sara))).toContain('è salvata')
  expect((await namesOf(SARA.codiceFiscale)).length).toBe(20)
})
