import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { CODE, ELENA, isOperatorPath } from '../setup/operators.ts'
import { routesOf, type AppRoute } from '../setup/routes.ts'
import { signInAs } from '../setup/session.ts'

let site: Site
let routes: AppRoute[]
beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  routes = routesOf(site.app)
})
afterAll(() => site.close())

const addressOf = (path: string): string =>
  path.replace(/:\w+/g, (name) => (name === ':codIpa' ? CODE : randomUUID()))

/** Sends requests as Elena, who administers the region and may open every page, so that only the level decides. */
async function elena(level: number) {
  const visitor = await signInAs(site.db, site.visitor(), ELENA, level)
  const form = await visitor.get('/avviso')
  const token = /name="_csrf" value="([^"]+)"/.exec(form.html)![1]!
  return async ({ method, path }: AppRoute): Promise<Response> => {
    const answer = await fetch(site.url + addressOf(path), {
      method,
      headers: { cookie: visitor.cookie() },
      redirect: 'manual',
      ...(method === 'post' ? { body: new URLSearchParams({ _csrf: token }) } : {}),
    })
    // A stream of news never ends, so its body is not read.
    if (answer.headers.get('content-type')?.startsWith('text/event-stream')) await answer.body?.cancel()
    return answer
  }
}

it('every page and form of staff, as the routers list them, asks for level 2', async () => {
  const ask = await elena(1)
  const ofStaff = routes.filter(({ path }) => isOperatorPath(path))
  expect(ofStaff.length).toBeGreaterThan(40)
  for (const route of ofStaff) {
    const location = (await ask(route)).headers.get('location')
    expect([route.method, route.path, location]).toEqual([
      route.method,
      route.path,
      expect.stringMatching(/^\/accedi\?.*livello=2/),
    ])
  }
})

it('no page that the routers list is kept by caches, but for the logos of enti', async () => {
  const ask = await elena(2)
  const kept: string[] = []
  for (const route of routes.filter(({ method }) => method === 'get')) {
    const { status, headers } = await ask(route)
    const isRedirect = status >= 300 && status < 400
    if (!isRedirect && headers.get('cache-control') !== 'no-store') kept.push(route.path)
  }
  expect(kept).toEqual(['/enti/:codIpa/logo.png'])
})
