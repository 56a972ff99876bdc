import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSite, textOf, type Site, withoutHelp } from '../setup/citizen-site.ts'
import { anOperatorWorld, CODE, enterAsElena } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}

/** Every list with a search, with one filter that can be read and one that cannot. */
const LISTS: [path: string, good: string, bad: string][] = [
  ['/area/posizioni', 'causale=zzz', 'dal=domani'],
  ['/area/pagamenti', 'causale=zzz', 'stato=forse'],
  [`/operatore/${CODE}/dovuti`, 'causale=zzz', 'importo-da=abc'],
  [`/operatore/${CODE}/flussi`, 'nome=zzz', 'stato=forse'],
  [`/operatore/${CODE}/esportazioni`, 'nome=zzz', 'prenotata-dal=2026-02-30'],
  [`/operatore/${CODE}/operazioni`, 'operatore=zzz', 'chiesta-dal=domani'],
  ['/admin/giornale', 'psp=zzz', 'verso=su'],
  ['/admin/accessi', 'operatore=zzz', 'al=mai'],
]

let site: Site
let elena: Visitor
let chiara: Visitor

beforeAll(async () => {
  site = await startSite()
  await anOperatorWorld(site.db)
  // The files of a person that wait for a confirmation are another table of the page of files.
  await site.db('draft').delete()
  elena = await enterAsElena(site.db, site.visitor())
  chiara = await signInAs(site.db, site.visitor(), CHIARA)
})
afterAll(() => site.close())

const get = (path: string): Promise<Page> => (path.startsWith('/area') ? chiara : elena).get(path)

const tables = (page: Page): number => withoutHelp(page).split(/<table|class="mypay-lines"/).length - 1

it.each(LISTS)('%s says that a search found nothing, and offers to remove it', async (path, good) => {
  const page = await get(`${path}?${good}`)
  expect(page.status).toBe(200)
  expect(page.html).toContain('<p role="status" class="mt-3">')
  expect(textOf(page)).toContain('Togli la ricerca')
  expect(tables(page)).toBe(0)
})

it.each(LISTS)(
  '%s shows a filter that cannot be read beside its field, looks for nothing and keeps what was typed',
  async (path, _good, bad) => {
    const [field, value] = bad.split('=') as [string, string]
    const page = await get(`${path}?${bad}`)
    expect(page.status).toBe(422)
    expect(page.html).toContain(`id="${field}-errore"`)
    expect(page.html).toContain(`href="#${field}"`)
    expect(page.html).toMatch(/<details class="mypay-filters mt-3" open>/)
    expect(textOf(page)).toContain('La ricerca non è partita: correggi i campi segnati.')
    expect(tables(page)).toBe(0)
    const isChoice = ['stato', 'verso'].includes(field)
    if (!isChoice) expect(page.html).toContain(`value="${value}"`)
  },
)

it('the CSV of dues is not made from a search that cannot be read', async () => {
  const page = await elena.get(`/operatore/${CODE}/dovuti.csv?importo-a=abc&vista=archivio`)
  expect(page.status).toBe(303)
  expect(page.location).toBe(`${site.url}/operatore/${CODE}/dovuti?importo-a=abc&vista=archivio`)
})
