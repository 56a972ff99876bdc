import { afterAll, beforeAll, expect, it } from 'vitest'
import { iuv17, numeroAvviso } from '../../domain/iuv.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'

const LUCE = iuv17({ segregationCode: '22', progressive: 1 })

let site: Site

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
})
afterAll(() => site.close())

it('other sites lead to the form of a type, to an ente and to the sign-in', async () => {
  const visitor = site.visitor()
  const form = await visitor.get('/landing/spontaneo?codIpaEnte=C_X901&codTipo=DIRITTI_VARI')
  expect((await visitor.get(form.location!)).status).toBe(200)
  expect((await visitor.get('/landing/ente?codIpaEnte=C_X902')).location).toBe(`${site.url}/enti/C_X902`)
  expect((await visitor.get('/landing/login')).location).toBe(`${site.url}/accedi`)
})

it('a notice named by another site is filled in once, and its fiscal code is in no address', async () => {
  const visitor = site.visitor()
  const query = `codIpaEnte=C_X902&numeroAvviso=${numeroAvviso(LUCE)}&codIdUnivoco=BNCCHR85H52M999M`
  const landed = await visitor.get(`/landing/ente?${query}`)
  expect(landed.location).toBe(`${site.url}/avviso`)
  const form = await visitor.get('/avviso')
  for (const value of [numeroAvviso(LUCE), 'BNCCHR85H52M999M'])
    expect(form.html).toContain(`value="${value}"`)
  expect(form.html).toContain('<option value="C_X902" selected>')
  expect((await visitor.get('/avviso')).html).not.toContain('BNCCHR85H52M999M')
})

it('the old link of a notice opens its PDF, and its receipt once it is paid', async () => {
  const path = (name: string): string =>
    `/public/landing/legacy/avviso?${new URLSearchParams({ iuv: LUCE, ente: 'C_X902', anagrafica: name }).toString()}`
  const visitor = site.visitor()
  const landed = await visitor.get(path('chiara  bianchi'))
  expect(landed.location).toMatch(/\/avvisi\/[0-9a-f-]+\.pdf\?scade=/)
  expect((await visitor.get(landed.location!)).status).toBe(200)
  const wrong = await visitor.get(path('Chiara Rossi'))
  expect([wrong.status, textOf(wrong)]).toEqual([404, expect.not.stringContaining('luce votiva')])
})

it.each([
  '/landing/ente',
  '/landing/ente?codIpaEnte=C_NESSUNO&numeroAvviso=1',
  '/landing/ente?codIpaEnte=C_X904',
  '/landing/spontaneo?codIpaEnte=C_X901',
  '/landing/spontaneo?codIpaEnte[]=C_X901&codTipo=DIRITTI_VARI',
  '/public/landing/legacy/avviso?iuv=123&ente=C_X902&anagrafica=Chiara',
  '/public/landing/legacy/avviso?iuv=22000000000000101',
])('%s shows a page that says what is wrong, and no data', async (path) => {
  const page = await site.visitor().get(path)
  expect([page.status, textOf(page)]).toEqual([404, expect.stringContaining('Pagina non trovata')])
})
