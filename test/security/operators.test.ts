import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirming } from '../setup/administration.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import {
  anOperatorWorld,
  answerOf,
  ELENA,
  isOperatorPath,
  operatorAddress,
  PAOLO,
  SARA,
  type OperatorWorld,
} from '../setup/operators.ts'
import { routesOf, type AppRoute } from '../setup/routes.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

let site: Site
let world: OperatorWorld
let routes: AppRoute[]

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  world = await anOperatorWorld(site.db)
  routes = routesOf(site.app).filter(({ path }) => isOperatorPath(path))
})
afterAll(() => site.close())

const statusFor = async (route: AppRoute, visitor: Visitor): Promise<number> =>
  (await answerOf(route, site.url + operatorAddress(route.path, world), visitor)).status

const enter = (person: typeof PAOLO): Promise<Visitor> => signInAs(site.db, site.visitor(), person)

async function statuses(visitor: Visitor, of: readonly AppRoute[]): Promise<[string, number][]> {
  const found: [string, number][] = []
  for (const route of of) found.push([`${route.method} ${route.path}`, await statusFor(route, visitor)])
  return found
}

describe('every address of operators, administrators and support, as the routers list them', () => {
  it('there are many', () => {
    expect(routes.length).toBeGreaterThan(30)
  })

  it('leads an anonymous visitor to the sign-in', async () => {
    const visitor = site.visitor()
    await visitor.get('/avviso')
    for (const [route, status] of await statuses(visitor, routes))
      expect([route, status]).toEqual([route, 303])
  })

  it('is refused to who signed in and works for nobody', async () => {
    const citizen = await enter({
      codiceFiscale: 'BNCCHR85H52M999M',
      anagrafica: 'Chiara Bianchi',
      email: 'chiara@example.org',
    })
    for (const [route, status] of await statuses(citizen, routes))
      expect([route, status]).toEqual([route, 403])
  })

  it('does not exist for an operator of another ente', async () => {
    const other = { ...PAOLO, codiceFiscale: 'RVIMRC83C17M999W' }
    const ente = (await site.db('ente').first('id').where({ cod_ipa: 'C_X903' })) as { id: string }
    const [{ id }] = (await site
      .db('operator')
      .insert({ codice_fiscale: other.codiceFiscale, name: 'Marco Riva' })
      .returning('id')) as [{ id: string }]
    await site.db('operator_grant').insert({ operator_id: id, ente_id: ente.id, role: 'admin' })
    const visitor = await enter(other)
    const ofEnte = routes.filter(({ path }) => path.includes(':codIpa'))
    for (const [route, status] of await statuses(visitor, ofEnte))
      expect([route, status]).toEqual([route, 404])
  })

  it('of administration does not exist for an operator, nor that of the region for an administrator of an ente', async () => {
    const admin = routes.filter(({ path }) => !path.startsWith('/operatore'))
    for (const [route, status] of await statuses(await enter(PAOLO), admin))
      expect([route, status]).toEqual([route, 404])
    const region = admin.filter(({ path }) =>
      /^\/supporto|giornale|nuovo$|\/stato$|\/logo$|tipi-dovuto|^\/admin\/operatori/.test(path),
    )
    expect(region.length).toBeGreaterThan(10)
    for (const [route, status] of await statuses(await enter(SARA), region))
      expect([route, status]).toEqual([route, 404])
  })

  it('is closed at once to who loses the grant', async () => {
    const paolo = await enter(PAOLO)
    expect((await paolo.get('/operatore/C_X902/dovuti')).status).toBe(200)
    const elena = await enter(ELENA)
    const page = await elena.get('/admin/enti/C_X902/operatori')
    const asked = await elena.submit(page, `/${world.operatorId}/togli`)
    expect((await paolo.get('/operatore/C_X902/dovuti')).status).toBe(200)
    await confirming(elena, asked)
    expect((await paolo.get('/operatore/C_X902/dovuti')).status).toBe(403)
    expect((await elena.get('/admin/enti/C_X902')).html).toContain('tolta un’abilitazione')
  })
})
