import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { violations } from '../contracts/schemas.ts'
import type { BehaviourRequest } from './behaviour/schema.ts'
import { aRpt, callNode, readMessage, type RptSample } from './testing/messages.ts'
import { sha256 } from './psp/post-rt.ts'
import { setStage, until, type Stage } from './testing/stage.ts'
import { garbage, ko, silence, status } from './testing/station.ts'
import { childrenOf, child, readTree, textAt } from './xml-tree.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => {
  stage.simulator.reset()
  stage.station.received.length = 0
  stage.station.next.length = 0
})

type Rules = NonNullable<BehaviourRequest['rules']>

/** Pays one cart under these rules and waits until no delivery is left to do. */
async function pay(rules: Rules = [], rpts: RptSample[] = [aRpt()]) {
  stage.simulator.behave({ rules })
  const session = await stage.cart('CART1', ...rpts)
  await stage.simulator.pay(session)
  await settled()
  return stage.simulator.state()
}

const settled = () =>
  until(() => stage.simulator.state().rts.every(({ status }) => status !== 'waiting'), 'all deliveries')
const document = (index: number) => readTree(Buffer.from(stage.station.received[index]?.xml ?? ''))
const payment = (index: number) => child(document(index), 'datiPagamento')
const outcomeAt = (index: number) => textAt(payment(index), 'codiceEsitoPagamento')

describe('an honest receipt', () => {
  it('has the amounts that were paid and is valid', async () => {
    const { payments, rts } = await pay([], [aRpt({ items: ['4.00', '6.00'] })])
    const [received] = stage.station.received
    expect(violations('rpt-rt', Buffer.from(received?.xml ?? ''))).toEqual([])
    expect([outcomeAt(0), textAt(payment(0), 'importoTotalePagato')]).toEqual(['0', '10.00'])
    expect(childrenOf(payment(0), 'datiSingoloPagamento')).toHaveLength(2)
    expect(textAt(document(0), 'riferimentoMessaggioRichiesta')).toBe('MSG0001')
    expect(payments.map(({ iuv, cents }) => [iuv, cents])).toEqual([[aRpt().iuv, 1000]])
    expect(rts[0]?.status).toBe('accepted')
  })

  it('a refused payment moves no money and has a valid negative RT', async () => {
    const session = await stage.cart('CART1')
    await stage.simulator.pay(session, 'KO')
    await settled()
    expect(violations('rpt-rt', Buffer.from(stage.station.received[0]?.xml ?? ''))).toEqual([])
    expect([outcomeAt(0), textAt(payment(0), 'importoTotalePagato')]).toEqual(['1', '0.00'])
    expect(stage.simulator.state().payments).toEqual([])
  })

  it('a second choice on the same session changes nothing', async () => {
    const session = await stage.cart('CART1')
    await Promise.all([stage.simulator.pay(session), stage.simulator.pay(session, 'KO')])
    await settled()
    expect(stage.station.received).toHaveLength(1)
    expect(stage.simulator.state().payments).toHaveLength(1)
  })

  it('a postponed payment is made later by itself', async () => {
    const session = await stage.cart('CART1')
    await stage.simulator.pay(session, 'DIFFERITO')
    expect(stage.simulator.state().payments).toEqual([])
    await until(() => stage.simulator.state().payments.length === 1)
    await until(() => stage.station.received.length === 1)
    expect(outcomeAt(0)).toBe('0')
  })

  it('a session nobody uses gets a negative RT after its time', async () => {
    stage.simulator.behave({ settings: { abandonedMs: 1 } })
    await stage.cart('CART1')
    await until(() => stage.station.received.length === 1)
    expect(outcomeAt(0)).toBe('1')
  })
})

describe('delivery', () => {
  const retried = [
    ['HTTP 500', status(500), 'http_error'],
    ['no XML', garbage, 'invalid'],
    ['silence', silence, 'timeout'],
    ['a KO that asks for a retry', ko('PAA_SYSTEM_ERROR'), 'KO'],
  ] as const
  it.each(retried)(
    'after %s the same bytes are sent again until they are accepted',
    async (_what, answer, outcome) => {
      stage.station.next.push(answer)
      const { replies, rts } = await pay()
      expect(replies.map((reply) => reply.outcome)).toEqual([outcome, 'OK'])
      expect(new Set(replies.map(({ rtSha256 }) => rtSha256)).size).toBe(1)
      expect(rts[0]?.status).toBe('accepted')
    },
  )

  const final = ['PAA_RT_DUPLICATA', 'PAA_SEMANTICA', 'PAA_SINTASSI_XSD', 'PAA_RPT_SCONOSCIUTA']
  it.each(final)('KO %s ends the deliveries', async (code) => {
    stage.station.next.push(ko(code))
    const { rts, rpts, replies } = await pay()
    expect(replies.map(({ faultCode }) => faultCode)).toEqual([code])
    expect([rts[0]?.status, rpts[0]?.state]).toEqual(['refused', 'RT_RIFIUTATA_PA'])
  })

  it('the node gives up when the pauses are used up', async () => {
    stage.station.next.push(status(503), status(503), status(503))
    const { rts, replies } = await pay()
    expect([replies.length, rts[0]?.status]).toEqual([3, 'given_up'])
  })
})

describe('receipts that misbehave', () => {
  it('negative although the payer paid: no money moved', async () => {
    const { payments } = await pay([{ operation: 'rt', kind: 'negative' }])
    expect([outcomeAt(0), payments.length]).toEqual(['1', 0])
  })

  it.each([0, 1, 2, 3, 4])('code %i, with a total that adds up and a valid document', async (code) => {
    const { payments } = await pay(
      [{ operation: 'rt', kind: 'code', code }],
      [aRpt({ items: ['4.00', '6.00'] })],
    )
    const total = textAt(payment(0), 'importoTotalePagato')
    expect([outcomeAt(0), total]).toEqual([String(code), ['10.00', '0.00', '6.00', '0.00', '6.00'][code]])
    expect(payments.reduce((sum, { cents }) => sum + cents, 0)).toBe([1000, 0, 600, 0, 600][code])
    expect(violations('rpt-rt', Buffer.from(stage.station.received[0]?.xml ?? ''))).toEqual([])
  })

  it('another amount: the PSP took what the document says', async () => {
    const { payments } = await pay([{ operation: 'rt', kind: 'mutate', what: 'amount' }])
    expect(payments.map(({ cents }) => cents)).toEqual([1001])
    expect(textAt(payment(0), 'importoTotalePagato')).toBe('10.01')
  })

  it('another IUV comes first, the right one after it, and each has its payment', async () => {
    const { payments } = await pay([{ operation: 'rt', kind: 'mutate', what: 'iuv' }])
    await until(() => stage.station.received.length === 2)
    const [stray, right] = stage.station.received.map(({ iuv }) => iuv)
    expect([stray === aRpt().iuv, right]).toEqual([false, aRpt().iuv])
    expect(payments.map(({ iuv }) => iuv)).toEqual([stray, right])
  })

  const spoilt = [
    'sum',
    'ccp',
    'domain',
    'unknown_domain',
    'reference',
    'causale',
    'payer',
    'category',
    'count',
  ] as const
  it.each(spoilt)('spoilt in %s but still valid by its schema', async (what) => {
    await pay([{ operation: 'rt', kind: 'mutate', what, thenRight: false }])
    expect(violations('rpt-rt', Buffer.from(stage.station.received[0]?.xml ?? ''))).toEqual([])
  })

  it('spoilt in the schema is not valid', async () => {
    await pay([{ operation: 'rt', kind: 'mutate', what: 'xsd', thenRight: false }])
    expect(violations('rpt-rt', Buffer.from(stage.station.received[0]?.xml ?? ''))).not.toEqual([])
  })

  it('written unusually: other bytes for the same receipt, the same for one spelling', async () => {
    const rules: Rules = [{ operation: 'rt', kind: 'unusual', spelling: 11 }]
    const { payments, replies } = await pay(rules, [aRpt({ items: ['4.00', '6.00'] })])
    const [received] = stage.station.received
    expect(violations('rpt-rt', received!.document)).toEqual([])
    expect(received!.xml).not.toContain('<importoTotalePagato>10.00</importoTotalePagato>')
    expect([payments[0]?.cents, replies[0]?.rtSha256]).toEqual([1000, sha256(received!.document)])
  })

  it('spoilt and written unusually, then right and written unusually in another way', async () => {
    await pay([
      { operation: 'rt', kind: 'unusual' },
      { operation: 'rt', kind: 'mutate', what: 'sum' },
    ])
    await until(() => stage.station.received.length === 2)
    const totals = stage.station.received.map(({ document: bytes }) =>
      Number(textAt(child(readTree(bytes), 'datiPagamento'), 'importoTotalePagato')),
    )
    expect(totals).toEqual([10.01, 10])
  })

  it('two documents for one RPT are two payments, and the copy is the first', async () => {
    const { payments, rts } = await pay([{ operation: 'rt', kind: 'second_document' }])
    await until(() => stage.station.received.length === 2)
    expect(new Set(stage.station.received.map(({ xml }) => xml)).size).toBe(2)
    expect([payments.length, rts.map(({ genuine }) => genuine)]).toEqual([2, [true, false]])
  })

  it('first negative, then positive', async () => {
    const { payments } = await pay([{ operation: 'rt', kind: 'negative_first' }])
    await until(() => stage.station.received.length === 2)
    expect([outcomeAt(0), outcomeAt(1), payments.length]).toEqual(['1', '0', 1])
  })

  it('five copies at once are the same bytes five times', async () => {
    await pay([{ operation: 'rt', kind: 'copies', count: 5, parallel: true }])
    await until(() => stage.simulator.state().replies.length === 5)
    expect(new Set(stage.station.received.map(({ xml }) => xml)).size).toBe(1)
  })

  it('a late RT waits its time', async () => {
    const started = performance.now()
    await pay([{ operation: 'rt', kind: 'late', ms: 80 }])
    expect(stage.station.received[0]!.at - started).toBeGreaterThan(75)
  })

  it('an RT only on request is not pushed and can be copied', async () => {
    const { rts, payments } = await pay([{ operation: 'rt', kind: 'on_request' }])
    const message = readMessage('nodoChiediCopiaRT', aRpt())
    const copy = await callNode(stage.simulator.nodeUrl, 'nodoChiediCopiaRT', message)
    expect([rts[0]?.status, payments.length, stage.station.received.length]).toEqual(['on_request', 1, 0])
    expect(copy.text).toContain('<rt>')
  })

  it('before the redirect means the payer goes back after the RT was delivered', async () => {
    stage.simulator.behave({
      rules: [{ operation: 'rt', kind: 'before_redirect' }],
      settings: { rtDelayMs: 5_000 },
    })
    await stage.simulator.pay(await stage.cart('CART1'))
    expect(stage.simulator.state().rts[0]?.status).toBe('accepted')
  })

  it('a dropped delivery never arrives, a hung-up one arrives without the answer being heard', async () => {
    const rules: Rules = [
      { operation: 'paaInviaRT', kind: 'drop', times: 1 },
      { operation: 'paaInviaRT', kind: 'hang_up', times: 1, ms: 30 },
    ]
    stage.station.next.push(silence)
    const { replies } = await pay(rules)
    expect(replies.map(({ outcome }) => outcome)).toEqual(['dropped', 'hung_up', 'OK'])
    expect(stage.station.received).toHaveLength(2)
  })

  it('a reordered delivery is overtaken by the next one', async () => {
    stage.simulator.behave({ rules: [{ operation: 'paaInviaRT', kind: 'reorder', times: 1 }] })
    const other = aRpt({ iuv: '01000000000000245' })
    const [first, second] = [await stage.cart('CART1'), await stage.cart('CART2', other)]
    await stage.simulator.pay(first)
    await until(() => (stage.simulator.state().calls['paaInviaRT'] ?? 0) === 1)
    await stage.simulator.pay(second)
    await until(() => stage.station.received.length === 2)
    expect(stage.station.received.map(({ iuv }) => iuv)).toEqual([other.iuv, aRpt().iuv])
  })
})
