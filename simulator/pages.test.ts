import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aRpt, callNode, sendRptMessage, sessionOf } from './testing/messages.ts'
import { setStage, until, type Stage } from './testing/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => {
  stage.simulator.reset()
  stage.station.received.length = 0
})

const get = async (path: string) => {
  const answer = await fetch(stage.simulator.url + path)
  return { status: answer.status, text: await answer.text() }
}
const submit = (path: string, form: Record<string, string>) =>
  fetch(stage.simulator.url + path, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
const choose = async (idSession: string, scelta: string) =>
  (await submit('/psp/paga', { idSession, scelta })).headers.get('location') ?? ''

describe('the PSP page', () => {
  it('shows what is paid, in Italian, with a button for each way it can go', async () => {
    const session = await stage.cart('CART1', aRpt({ items: ['1234.50'], total: '1234.50' }))
    const { text } = await get(`/psp/paga?idSession=${session}`)
    expect(text).toContain('<html lang="it">')
    expect(text).toContain('1.234,50 €')
    expect(text).toContain('Comune di Prova: Mensa')
    for (const value of ['paga', 'rifiuta', 'differito', 'esci']) expect(text).toContain(`value="${value}"`)
  })

  const ways = [
    ['paga', 'OK', 1],
    ['rifiuta', 'ERROR', 0],
    ['esci', 'ERROR', 0],
    ['differito', 'DIFFERITO', 0],
  ] as const
  it.each(ways)('%s goes back with esito=%s', async (scelta, esito, payments) => {
    const session = await stage.cart('CART1')
    expect(await choose(session, scelta)).toBe(
      `http://127.0.0.1:9/ritorno?idSession=${session}&esito=${esito}`,
    )
    expect(stage.simulator.state().payments).toHaveLength(payments)
  })

  it('a second click changes nothing after the first one', async () => {
    const session = await stage.cart('CART1')
    const first = await choose(session, 'paga')
    expect(await choose(session, 'rifiuta')).toBe(first)
    expect((await get(`/psp/paga?idSession=${session}`)).text).toContain('Sessione chiusa')
    expect(stage.simulator.state().payments).toHaveLength(1)
  })

  it('an RPT sent alone comes back with its ente', async () => {
    const sent = await callNode(stage.simulator.nodeUrl, 'nodoInviaRPT', sendRptMessage(aRpt()))
    expect(await choose(sessionOf(sent), 'paga')).toContain(`idDominio=${aRpt().domain}`)
  })

  it('the esito of the redirect may be wrong, and the payer may not come back at all', async () => {
    stage.simulator.behave({ rules: [{ operation: 'redirect', kind: 'esito', esito: 'OK', times: 1 }] })
    expect(await choose(await stage.cart('CART1'), 'rifiuta')).toContain('esito=OK')
    stage.simulator.behave({ rules: [{ operation: 'redirect', kind: 'none' }] })
    expect(await choose(await stage.cart('CART2', aRpt({ iuv: '01000000000000245' })), 'paga')).toBe('')
    expect(stage.simulator.state().payments).toHaveLength(1)
  })

  it('an unknown session is a 404 page', async () => {
    expect((await get('/psp/paga?idSession=x')).status).toBe(404)
    expect((await submit('/psp/paga', { idSession: 'x', scelta: 'paga' })).status).toBe(404)
  })
})

describe("the integrator's page", () => {
  it('lists RPTs with their state and escapes their values', async () => {
    await stage.cart('CART1', aRpt({ ccp: '<b>'.replace('<', '&lt;').replace('>', '&gt;') }))
    const { text } = await get('/')
    expect(text).toContain('RPT_PARCHEGGIATA_NODO')
    expect(text).not.toContain('CCP <b>')
  })

  it('its buttons send receipts: again, positive, negative', async () => {
    await stage.simulator.pay(await stage.cart('CART1'))
    await until(() => stage.station.received.length === 1)
    const rpt = `${aRpt().domain}|${aRpt().iuv}|${aRpt().ccp}`
    for (const azione of ['resend', 'negative', 'positive']) await submit('/azioni/rt', { rpt, azione })
    const [first, again, negative, positive] = stage.station.received.map(({ xml }) => xml)
    expect(again).toBe(first)
    expect(negative).toContain('<codiceEsitoPagamento>1<')
    expect(positive).toContain('<codiceEsitoPagamento>0<')
    expect(stage.simulator.state().payments).toHaveLength(2)
  })

  it('every preset of the list can be set, seen and removed', async () => {
    const presets = [...(await get('/')).text.matchAll(/<option value="(p\d+)"/g)].map((match) => match[1]!)
    expect(presets.length).toBeGreaterThan(40)
    for (const preset of presets) await submit('/azioni/comportamento', { preset, volte: '1' })
    const ids = [...(await get('/')).text.matchAll(/name="id" value="(b\d+)"/g)].map((match) => match[1]!)
    expect(ids).toHaveLength(presets.length)
    for (const id of ids) await submit('/azioni/togli', { id })
    expect((await get('/')).text).toContain('Tutto si comporta bene')
  })

  it('its buttons publish flows, of what was paid and of what goes wrong, and turn the day', async () => {
    await stage.simulator.pay(await stage.cart('CART1'))
    await submit('/azioni/pubblica', {})
    const examples = [...(await get('/')).text.matchAll(/<option value="([a-z_]+)"/g)].map(
      (match) => match[1]!,
    )
    expect(examples.length).toBeGreaterThan(10)
    const ente = aRpt().domain
    for (const esempio of examples) {
      expect((await submit('/azioni/esempio', { esempio, ente })).status).toBe(303)
    }
    await submit('/azioni/esempio', { esempio: 'mai visto', ente })
    const { flows } = stage.simulator.state()
    expect(flows).toHaveLength(1 + examples.length)
    expect(flows.map(({ count }) => count).toSorted((a, b) => b - a)[0]).toBe(100_000)
    expect((await get('/')).text).toContain(flows[0]!.fdr)
    await submit('/azioni/giorno', {})
    const tomorrow = new Date(Date.now() + 86_400_000).toLocaleDateString('it-IT', {
      timeZone: 'Europe/Rome',
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
    })
    expect((await get('/')).text).toContain(tomorrow)
  })

  it('what its buttons do, tests do by HTTP', async () => {
    const send = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(stage.simulator.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      return { status: answer.status, json: await answer.json() }
    }
    const flows = [{ domain: '77777777777', recipe: { count: 2 } }]
    expect((await send('/_sim/publish', { flows })).json).toMatchObject({
      flows: [{ revision: 1, count: 2 }],
    })
    expect((await send('/_sim/publish', { giorno: 'oggi' })).status).toBe(422)
    const { json } = await send('/_sim/clock', { days: 3 })
    expect(Date.parse((json as { now: string }).now) - Date.now()).toBeGreaterThan(2.9 * 86_400_000)
  })
})
