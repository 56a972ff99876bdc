import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { iuv17, noticeNumber } from '../../domain/iuv.ts'
import { aBegunPayment, askAbout, payCartActivities, US } from '../setup/begun.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { buildRtFor } from '../setup/rt.ts'
import type { Page } from '../setup/visitor.ts'

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
  const tipo = site.db('ente_due_type').where({ code: 'DIRITTI_VARI' })
  await tipo.clone().update({ external_url: 'https://ente.example/diritti' })
  const elsewhere = await visitor.get('/landing/spontaneo?codIpaEnte=C_X901&codTipo=DIRITTI_VARI')
  expect(elsewhere.location).toBe('https://ente.example/diritti')
  await tipo.clone().update({ external_url: null })
  expect((await visitor.get('/landing/login')).location).toBe(`${site.url}/accedi`)
})

it('a notice named by another site is filled in once, and its fiscal code is in no address', async () => {
  const visitor = site.visitor()
  const query = `codIpaEnte=C_X902&numeroAvviso=${noticeNumber(LUCE)}&codIdUnivoco=BNCCHR85H52M999M`
  const landed = await visitor.get(`/landing/ente?${query}`)
  expect(landed.location).toBe(`${site.url}/avviso`)
  const form = await visitor.get('/avviso')
  for (const value of [noticeNumber(LUCE), 'BNCCHR85H52M999M'])
    expect(form.html).toContain(`value="${value}"`)
  expect(form.html).toContain('<option value="C_X902" selected>')
  expect((await visitor.get('/avviso')).html).not.toContain('BNCCHR85H52M999M')
})

describe('the old link of a notice', () => {
  const iuvOf = (progressive: number): string => iuv17({ segregationCode: '22', progressive })
  const dueOf = async (progressive: number): Promise<{ id: string; pagatore: { anagrafica: string } }> =>
    (await site
      .db('due')
      .where({ iuv: iuvOf(progressive) })
      .first('id', 'pagatore')) as { id: string; pagatore: { anagrafica: string } }
  const ask = (progressive: number, anagrafica: string): Promise<Page> =>
    site
      .visitor()
      .get(
        `/public/landing/legacy/avviso?${new URLSearchParams({ iuv: iuvOf(progressive), ente: 'C_X902', anagrafica }).toString()}`,
      )
  const fileAt = async ({ location }: Page): Promise<[number, string | null]> => {
    const { status, headers } = await fetch(location!)
    return [status, headers.get('content-disposition')]
  }

  it('opens its PDF for who writes the name on it, and no page for who writes another', async () => {
    const file = `inline; filename="MYPAY_AVVISO_99999902028_${iuvOf(1)}.pdf"`
    expect(await fileAt(await ask(1, ' chiara  BIANCHI '))).toEqual([200, file])
    for (const name of ['Chiara Rossi', '%', ' ', "' or true--"]) {
      const wrong = await ask(1, name)
      expect([wrong.status, textOf(wrong)]).toEqual([404, expect.not.stringContaining('luce votiva')])
    }
  })

  it('opens its receipt once it is paid', async () => {
    const { id, pagatore } = await dueOf(4)
    const { cartId, attemptIds } = await aBegunPayment(site.db, [id])
    const paying = await ask(4, pagatore.anagrafica)
    expect((await fileAt(paying))[0]).toBe(409)
    for (const attemptId of attemptIds)
      await answerRt(site.db, US, (await buildRtFor(site.db, attemptId, { outcome: 0 })).envelope)
    await payCartActivities(site.db).settleCart(askAbout(cartId))
    const [status, file] = await fileAt(await ask(4, pagatore.anagrafica))
    expect([status, file]).toEqual([200, expect.stringContaining('MYPAY_RT_99999902028_')])
  })
})

it.each([
  '/landing/ente',
  '/landing/ente?codIpaEnte=C_NESSUNO&numeroAvviso=1',
  '/landing/ente?codIpaEnte=C_X904',
  '/landing/spontaneo?codIpaEnte=C_X901&codTipo=NULLA',
  '/landing/spontaneo?codIpaEnte=NESSUNO&codTipo=DIRITTI_VARI',
  '/landing/extAppSpontaneo?extAppToken=abc',
  '/landing/charity?id=abc',
  '/landing/paymentReplica?id=abc',
  '/landing/esitoPagamento?id=abc',
  '/landing/inviaDovuti?id=abc',
  '/public/landing/precaricato?id=abc&backUrl=https://elsewhere.example/',
  '/public/landing/rt?id=abc',
  '/landing/spontaneo?codIpaEnte=C_X901',
  '/landing/spontaneo?codIpaEnte[]=C_X901&codTipo=DIRITTI_VARI',
  '/public/landing/legacy/avviso?iuv=123&ente=C_X902&anagrafica=Chiara',
  '/public/landing/legacy/avviso?iuv=22000000000000101',
])('%s shows a page that says what is wrong, and no data', async (path) => {
  const page = await site.visitor().get(path)
  expect([page.status, textOf(page)]).toEqual([404, expect.stringContaining('Pagina non trovata')])
})
