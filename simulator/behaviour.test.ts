import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Behaviours } from './behaviour/behaviours.ts'
import type { BehaviourRequest } from './behaviour/schema.ts'
import { aRpt, callNode, readMessage, sendCartMessage, sessionOf } from './testing/messages.ts'
import { setStage, until, type Stage } from './testing/stage.ts'
import { textAt } from './xml-tree.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.simulator.reset())

type NewRule = NonNullable<BehaviourRequest['rules']>[number]
const CART = 'nodoInviaCarrelloRPT'
const behave = (...rules: NewRule[]) => stage.simulator.behave({ rules })
const send = (idCart = 'CART1', iuv = aRpt().iuv) =>
  callNode(stage.simulator.nodeUrl, CART, sendCartMessage([aRpt({ iuv })], { idCart }))
const askState = () =>
  callNode(stage.simulator.nodeUrl, 'nodoChiediStatoRPT', readMessage('nodoChiediStatoRPT', aRpt()))
const taken = () => stage.simulator.state().rpts.length

describe('a node that misbehaves', () => {
  it('refuses the next call with the fault of the rule, then behaves well', async () => {
    behave({ operation: CART, kind: 'fault', code: 'PPT_SYSTEM_ERROR', times: 1 })
    expect((await send()).faultCode).toBe('PPT_SYSTEM_ERROR')
    expect(taken()).toBe(0)
    expect((await send()).faultCode).toBeUndefined()
  })

  it('refuses after it accepted the cart, with the states of the rule', async () => {
    const states = ['RPT_INVIATA_A_PSP', 'RPT_ESITO_SCONOSCIUTO_PSP']
    behave({ operation: CART, kind: 'fault', code: 'PPT_CANALE_TIMEOUT', when: 'after', states })
    expect((await send()).faultCode).toBe('PPT_CANALE_TIMEOUT')
    expect(stage.simulator.state().rpts[0]?.state).toBe('RPT_ESITO_SCONOSCIUTO_PSP')
  })

  const cuts = [
    ['timeout', 'before', 0],
    ['timeout', 'after', 1],
    ['drop', 'before', 0],
    ['drop', 'after', 1],
  ] as const
  it.each(cuts)('%s %s the effect leaves no answer', async (kind, when, count) => {
    behave({ operation: CART, kind, when, ms: 5 })
    await expect(send()).rejects.toThrow()
    expect(taken()).toBe(count)
  })

  const broken = [
    ['malformed', 200],
    ['html_502', 502],
    ['http_500', 500],
    ['soap_fault', 500],
    ['not_offered', 500],
  ] as const
  it.each(broken)('%s gives an answer that no client can use', async (kind, status) => {
    behave({ operation: CART, kind })
    const answer = await send()
    expect([answer.status, answer.body]).toEqual([status, undefined])
  })

  it('slow gives a late answer', async () => {
    behave({ operation: CART, kind: 'slow', ms: [40, 60] })
    const started = performance.now()
    expect((await send()).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThan(38)
  })

  it('a barrier holds the answer of an accepted cart until its release', async () => {
    behave({ operation: CART, kind: 'barrier', name: 'dopo' })
    const answer = send()
    await until(() => stage.simulator.held() === 1)
    expect(taken()).toBe(1)
    expect(stage.simulator.release('altro')).toBe(0)
    expect(stage.simulator.release('dopo')).toBe(1)
    expect(sessionOf(await answer)).not.toBe('')
  })

  it('a request delivered twice gets the answer of the second, a duplicate', async () => {
    behave({ operation: CART, kind: 'repeat' })
    expect((await send()).faultCode).toBe('PPT_ID_CARRELLO_DUPLICATO')
    expect(taken()).toBe(1)
  })

  it('a reordered request is served after the next one', async () => {
    behave({ operation: CART, kind: 'reorder', times: 1 })
    const first = send()
    await until(() => stage.simulator.state().calls[CART] === 1)
    await send('CART2', '01000000000000245')
    await first
    expect(stage.simulator.state().rpts.map(({ idCart }) => idCart)).toEqual(['CART2', 'CART1'])
  })

  it('nodoChiediStatoRPT reports any state, also one that does not exist', async () => {
    await send()
    behave({ operation: 'nodoChiediStatoRPT', kind: 'state', state: 'STATO_MAI_VISTO' })
    expect(textAt((await askState()).body, 'esito', 'stato')).toBe('STATO_MAI_VISTO')
  })

  it.each([
    ['with_esito', true],
    ['without_esito', false],
  ])('a fault of nodoChiediStatoRPT %s', async (kind, has) => {
    behave({ operation: 'nodoChiediStatoRPT', kind })
    for (const answer of [await askState(), await askState()])
      expect(answer.text.includes('<esito>')).toBe(has)
  })

  it('a rule with a match applies only to the calls that it names', async () => {
    behave({ operation: 'nodo', kind: 'html_502', match: { idCart: 'CART2' } })
    expect((await send('CART1')).status).toBe(200)
    expect((await send('CART2', '01000000000000245')).status).toBe(502)
  })
})

describe('the schedule', () => {
  const strikes = (seed: number, others: boolean) => {
    const behaviours = new Behaviours({ seed })
    behaviours.change({
      rules: [{ operation: 'nodoInviaRPT', kind: 'slow', probability: 0.3, ms: [0, 1_000] }],
    })
    return Array.from({ length: 40 }, () => {
      if (others) behaviours.first('paaInviaRT')
      return behaviours.first('nodoInviaRPT')?.pauseMs
    })
  }

  it('is the same for the same seed, whatever other operations do', () => {
    expect(strikes(7, true)).toEqual(strikes(7, false))
    expect(strikes(7, false)).not.toEqual(strikes(8, false))
  })

  it('applies about as often as its probability', () => {
    const struck = strikes(7, false).filter((ms) => ms !== undefined).length
    expect(struck).toBeGreaterThan(4)
    expect(struck).toBeLessThan(22)
  })

  it('two rules for one call each spoil two calls', () => {
    const behaviours = new Behaviours()
    const rule = { operation: 'nodoInviaRPT', kind: 'fault', times: 1 } as const
    behaviours.change({
      rules: [
        { ...rule, code: 'A' },
        { ...rule, code: 'B' },
      ],
    })
    const codes = [1, 2, 3].map(() => behaviours.first('nodoInviaRPT')?.code)
    expect(codes).toEqual(['A', 'B', undefined])
  })
})

describe('the control addresses', () => {
  const post = (path: string, body: object) =>
    fetch(stage.simulator.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  it('an impossible behaviour is refused with a list of the possible kinds', async () => {
    const answer = await post('/_sim/behaviour', { rules: [{ operation: 'smtp', kind: 'barrier' }] })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('refuse')
  })

  it('rules and settings can be read and cleared', async () => {
    await post('/_sim/behaviour', { rules: [{ operation: 'rt', kind: 'negative' }], settings: { seed: 5 } })
    const shown = await (await fetch(`${stage.simulator.url}/_sim/behaviour`)).json()
    expect(shown).toMatchObject({ settings: { seed: 5 }, rules: [{ id: 'b1', kind: 'negative' }], held: [] })
    const cleared = await (await post('/_sim/behaviour', { clear: true })).json()
    expect(cleared).toMatchObject({ rules: [] })
  })

  it('pay finds the session by cart and returns the redirect URL', async () => {
    await send()
    const answer = (await (await post('/_sim/pay', { idCart: 'CART1', outcome: 'KO' })).json()) as {
      redirectUrl: string
    }
    const url = new URL(answer.redirectUrl)
    expect([url.searchParams.get('esito'), url.searchParams.get('idDominio')]).toEqual(['ERROR', null])
    expect((await post('/_sim/pay', { idCart: 'ALTRO' })).status).toBe(404)
  })

  it('the pages of the state together contain every fact', async () => {
    for (const n of [1, 2, 3]) await send(`CART${n}`, `0100000000000014${n}`)
    const first = stage.simulator.state(0, 2)
    const rest = stage.simulator.state(first.next ?? 0, 2)
    expect([first.rpts.length, first.next, rest.rpts.length, rest.next]).toEqual([2, 2, 1, null])
  })

  it('reset deletes everything', async () => {
    await send()
    behave({ operation: 'rt', kind: 'negative' })
    await post('/_sim/reset', {})
    const { rpts, calls } = stage.simulator.state()
    expect([rpts, calls]).toEqual([[], {}])
    expect((await send()).faultCode).toBeUndefined()
  })
})
