import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { iuv17 } from '../../domain/iuv.ts'
import { CHIARA, FORM, RIGHTS, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import type { Page } from '../setup/visitor.ts'

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const notice = (progressive: number): Record<string, string> => ({
  'codice-avviso': iuv17({ segregationCode: '22', progressive }),
  'intestatario-codice': CHIARA['intestatario-codice'],
})
const forget = (): Promise<unknown> => site.db('rate_limit').delete()
/** As when a quarter of an hour has passed: the limits keep their ends in the table. */
const passWindow = (): Promise<unknown> => site.db('rate_limit').update({ expire: Date.now() - 1 })

describe('a limit', () => {
  const ask = async (email: string): Promise<Page> => {
    const visitor = site.visitor()
    return visitor.submit(await visitor.get(FORM), FORM, { ...RIGHTS, ...CHIARA, 'e-mail': email })
  }

  it('on links to one address counts it however it is written, and ends after its window', async () => {
    for (let n = 0; n < 5; n++)
      expect((await ask(n % 2 === 0 ? 'molte@example.org' : 'MOLTE@example.org')).status).toBe(303)
    expect((await ask('Molte@Example.org')).status).toBe(429)
    expect((await ask('altra@example.org')).status).toBe(303)
    await passWindow()
    expect((await ask('molte@example.org')).status).toBe(303)
  })

  it('on one notice holds for all who ask together, from whatever session', async () => {
    await forget()
    const search = async (): Promise<number> => {
      const visitor = site.visitor()
      return (await visitor.submit(await visitor.get('/avviso'), '/avviso', notice(3))).status
    }
    const statuses = []
    for (let n = 0; n < 11; n++) statuses.push(await search())
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429])
    await passWindow()
    expect(await search()).toBe(422)
  })

  it('on one client is not evaded by naming another in a header', async () => {
    await forget()
    const visitor = site.visitor()
    const form = await visitor.get('/avviso')
    const token = /name="_csrf" value="([^"]+)"/.exec(form.html)![1]!
    const statuses = []
    for (let n = 0; n < 31; n++) {
      const body = new URLSearchParams({ ...notice(1_000 + n), _csrf: token })
      const headers = { cookie: visitor.cookie(), 'x-forwarded-for': `10.0.0.${n}` }
      statuses.push((await fetch(`${site.url}/avviso`, { method: 'POST', body, headers })).status)
    }
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 422), 429])
  })

  it('counts links of enti together with searches: neither is a way around the other', async () => {
    await forget()
    const link = (n: number): string =>
      `/public/landing/legacy/avviso?iuv=${notice(3)['codice-avviso']}&ente=C_X902&anagrafica=Tizio+${n}`
    for (let n = 0; n < 10; n++) expect((await site.visitor().get(link(n))).status).toBe(404)
    expect((await site.visitor().get(link(10))).status).toBe(429)
    const visitor = site.visitor()
    expect((await visitor.submit(await visitor.get('/avviso'), '/avviso', notice(3))).status).toBe(429)
  })

  it.each([
    ['it', 'Aspetta un quarto d’ora'],
    ['en', 'Wait a quarter of an hour'],
    ['de', 'Viertelstunde'],
  ])('says how long to wait, in %s', async (language, words) => {
    const visitor = site.visitor()
    await visitor.get(`/?lingua=${language}`)
    const page = await visitor.submit(await visitor.get('/avviso'), '/avviso', notice(3))
    expect([page.status, textOf(page)]).toEqual([429, expect.stringContaining(words)])
  })

  it('keeps neither addresses nor numbers in its table', async () => {
    const rows = JSON.stringify(await site.db('rate_limit'))
    for (const said of ['example.org', '127.0.0.1', notice(3)['codice-avviso']!])
      expect(rows).not.toContain(said)
  })
})
