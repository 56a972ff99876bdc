import { closeAnomalies } from '../setup/begun.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSoap } from '../../contracts/soap.ts'
import { addCartItem, insertCart } from '../../db/payment/cart.ts'
import { iuv17, noticeNumber } from '../../domain/iuv.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { fetchSimState } from '../../tools/check/facts.ts'
import { callCounter, type CounterReply, type CounterRequest } from '../setup/psp.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor } from '../setup/visitor.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { summaryOf } from '../setup/process-words.ts'
import { waitUntil } from '../setup/wait.ts'

const PIEVE = '99999902028'
const iuvOf = (progressive: number): string => iuv17({ segregationCode: '22', progressive })
const CHIARA = {
  tipo: 'F',
  codice: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara',
  email: 'chiara@example.org',
} as const

let stack: Stack
let codes = 0

beforeAll(async () => {
  stack = await startStack({ seed: true })
}, 60_000)
afterAll(() => stack.close())

const verify = (iuv: string, given: Partial<CounterRequest> = {}): Promise<CounterReply> =>
  callCounter(stack.nodePortUrl, 'paaVerificaRPT', { domain: PIEVE, iuv, ...given })
const activate = (iuv: string, importo: string, given: Partial<CounterRequest> = {}): Promise<CounterReply> =>
  callCounter(stack.nodePortUrl, 'paaAttivaRPT', {
    domain: PIEVE,
    iuv,
    importo,
    ccp: `CCP${++codes}`,
    ...given,
  })

const cartOf = async (
  iuv: string,
): Promise<{ id: string; kind: string; state: string; send_state: string }> =>
  (await stack
    .db('cart')
    .join('attempt', 'attempt.cart_id', 'cart.id')
    .where({ 'attempt.iuv': iuv })
    .orderBy('cart.created_at', 'desc')
    .first('cart.*')) as never
const stateOf = async (iuv: string): Promise<string> =>
  ((await stack.db('due').where({ iuv }).first('state')) as { state: string }).state

let fresh = 900

/** Inserts a new notice like the first one of the demo data, of 18,50 €; returns its IUV. */
async function aFreshNotice(): Promise<string> {
  const iuv = iuvOf(++fresh)
  await stack.db.raw(
    `with model as (select * from due where iuv = ? limit 1),
     made as (insert into due (ente_id, ente_due_type_id, iud, iuv, importo_cents, causale, pagatore_codice, pagatore)
       select ente_id, ente_due_type_id, 'FRESH-' || ?, ?, importo_cents, causale || ' ' || ?, pagatore_codice, pagatore from model returning id)
     insert into due_share (due_id, position, domain, ente_id, ente_name, iban, importo_cents, dati_specifici_riscossione, causale)
     select made.id, 1, s.domain, s.ente_id, s.ente_name, s.iban, s.importo_cents, s.dati_specifici_riscossione, s.causale
     from made, model join due_share s on s.due_id = model.id and s.position = 1`,
    [iuvOf(1), String(fresh), iuv, String(fresh)],
  )
  return iuv
}

/** Waits until the node has the RPT, then pays at the counter. */
async function payAtCounter(iuv: string, outcome: 'OK' | 'KO' = 'OK'): Promise<void> {
  const attempt = await waitUntil(() => stack.simulator.state().rpts.find((one) => one.iuv === iuv))
  await stack.simulator.pay(attempt.idSession, outcome)
}

describe('a PSP asks about a notice', () => {
  it('gets the amount, the account and the reason, as often as it asks, and nothing changes', async () => {
    const one = await verify(iuvOf(1))
    const two = await verify(iuvOf(1))
    expect([one.status, one.esito, one.xml]).toEqual([200, 'OK', two.xml])
    expect(one.xml).toContain('<importoSingoloVersamento>18.50</importoSingoloVersamento>')
    expect(one.xml).toContain('<ibanAccredito>IT12Z9999961020000000020201</ibanAccredito>')
    expect(one.xml).toContain('Canone luce votiva')
    expect(one.xml).not.toContain('Bianchi')
    expect(readSoap('pa-per-nodo-pagamento-psp', Buffer.from(one.xml))).toMatchObject({ ok: true })
    expect(await stateOf(iuvOf(1))).toBe('payable')
  })

  it.each<[string, Partial<CounterRequest> & { iuv?: string }, string]>([
    ['of nobody', { iuv: iuvOf(99_999) }, 'PAA_PAGAMENTO_SCONOSCIUTO'],
    ['of another ente', { domain: '99999903034' }, 'PAA_PAGAMENTO_SCONOSCIUTO'],
    ['past its binding date', { iuv: iuvOf(2) }, 'PAA_PAGAMENTO_SCADUTO'],
    ['of two beneficiaries', { iuv: iuvOf(6) }, 'PAA_SEMANTICA'],
    ['of a domain that is not ours', { domain: '99999999999' }, 'PAA_ID_DOMINIO_ERRATO'],
    ['through another intermediary', { broker: '00000000000' }, 'PAA_ID_INTERMEDIARIO_ERRATO'],
    ['through another station', { station: '99999900014_99' }, 'PAA_STAZIONE_INT_ERRATA'],
    ['whose code is too long', { ccp: 'x'.repeat(36) }, 'PAA_SINTASSI_EXTRAXSD'],
  ])('a notice %s gets its fault', async (_, { iuv = iuvOf(1), ...given }, fault) => {
    const reply = await verify(iuv, given)
    expect([reply.status, reply.esito, reply.fault]).toEqual([200, 'KO', fault])
    expect(readSoap('pa-per-nodo-pagamento-psp', Buffer.from(reply.xml))).toMatchObject({ ok: true })
  })

  it('a message of another kind and hostile XML are refused', async () => {
    const post = async (body: string): Promise<number> =>
      (await fetch(`${stack.nodePortUrl}/nodo/PaPerNodoPagamentoPsp`, { method: 'POST', body })).status
    expect(await post('<x/>')).toBe(400)
    expect(await post('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toBe(400)
  })
})

describe('a PSP takes the money of a notice', () => {
  it('answers at once; the RPT goes to that PSP, and the receipt makes the notice paid', async () => {
    const iuv = iuvOf(1)
    const reply = await activate(iuv, '18.50', {
      versante: { codice: 'GLLSFN78D14M999X', name: 'Stefano Galli', email: 'stefano@example.org' },
    })
    expect([reply.status, reply.esito]).toEqual([200, 'OK'])
    expect(readSoap('pa-per-nodo-pagamento-psp', Buffer.from(reply.xml))).toMatchObject({ ok: true })
    expect(await stateOf(iuv)).toBe('paying')
    expect((await verify(iuv)).fault).toBe('PAA_PAGAMENTO_IN_CORSO')
    await payAtCounter(iuv)
    await waitUntil(async () => (await stateOf(iuv)) === 'paid')
    expect((await verify(iuv)).fault).toBe('PAA_PAGAMENTO_DUPLICATO')
    expect(await cartOf(iuv)).toMatchObject({ kind: 'psp', state: 'paid', send_state: 'accepted' })
    const calls = (await stack.db('journal').where({ iuv }).orderBy('id').pluck('operation')) as string[]
    expect(calls.filter((name) => name === 'nodoInviaRPT')).toHaveLength(1)
    expect(calls).toContain('paaAttivaRPT')
    const owner = (await stack.db('due').where({ iuv }).first('pagatore')) as {
      pagatore: { email?: string }
    }
    const mails = (await stack.db('email').where({ kind: 'receipt' }).pluck('address')) as string[]
    expect(new Set(mails)).toEqual(new Set([owner.pagatore.email, 'stefano@example.org'].filter(Boolean)))
    expect(mails.length).toBeLessThanOrEqual(2)
  })

  it.each(['18.49', '0.00', '18.51'])(
    'an amount of %s, which is not that of the notice, is refused',
    async (importo) => {
      await stack
        .db('due')
        .where({ iuv: iuvOf(3) })
        .update({ importo_cents: 1850 })
      await stack.db.raw(
        `update due_share set importo_cents = 1850 where due_id = (select id from due where iuv = ?)`,
        [iuvOf(3)],
      )
      const reply = await activate(iuvOf(3), importo)
      expect([reply.esito, reply.fault]).toEqual(['KO', 'PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO'])
      expect(await stateOf(iuvOf(3))).toBe('payable')
    },
  )

  it('the same request again gets the same answer and no second attempt; with other values it is in progress', async () => {
    const iuv = iuvOf(3)
    const ccp = 'AGAIN'
    const first = await activate(iuv, '18.50', { ccp })
    const again = await activate(iuv, '18.50', { ccp })
    expect([first.esito, again.xml]).toEqual(['OK', first.xml])
    expect((await activate(iuv, '18.50', { ccp, psp: 'ALTRO_PSP' })).fault).toBe('PAA_PAGAMENTO_IN_CORSO')
    expect((await activate(iuv, '18.50')).fault).toBe('PAA_PAGAMENTO_IN_CORSO')
    await payAtCounter(iuv, 'KO')
    await waitUntil(async () => (await stateOf(iuv)) === 'payable')
    expect((await activate(iuv, '18.50', { ccp })).fault).toBe('PAA_SEMANTICA')
    expect((await activate(iuv, '18.50')).esito).toBe('OK')
    expect(
      stack.simulator.state().rpts.filter((attempt) => attempt.iuv === iuv && attempt.ccp === ccp),
    ).toHaveLength(1)
  })

  it('twenty at the same counter at once: one attempt, the others in progress', async () => {
    const iuv = iuvOf(4)
    const replies = await Promise.all(Array.from({ length: 20 }, () => activate(iuv, '96.80')))
    const told = replies.map(({ esito, fault }) => fault ?? esito)
    expect(told.filter((word) => word === 'OK')).toHaveLength(1)
    expect(told.filter((word) => word === 'PAA_PAGAMENTO_IN_CORSO')).toHaveLength(19)
    expect(replies.every(({ status }) => status === 200)).toBe(true)
  })

  it('the same request twenty times at once is one attempt too', async () => {
    const iuv = iuvOf(5)
    const same = { ccp: 'TWENTY' }
    const replies = await Promise.all(Array.from({ length: 20 }, () => activate(iuv, '412.00', same)))
    expect(replies.some(({ esito }) => esito === 'OK')).toBe(true)
    expect(new Set(replies.map(({ fault }) => fault))).toEqual(new Set([undefined, 'PAA_PAGAMENTO_IN_CORSO']))
    expect(await stack.db('attempt').where({ iuv })).toHaveLength(1)
    await payAtCounter(iuv)
    await waitUntil(async () => (await stateOf(iuv)) === 'paid')
  })

  it('F26: a citizen online and a PSP at once: one of them pays, the other gets the reason', async () => {
    const iuv = iuv17({ segregationCode: '33', progressive: 1 })
    const cartId = await insertCart(stack.db, { kind: 'citizen', versante: CHIARA })
    const { id } = (await stack.db('due').where({ iuv }).first('id')) as { id: string }
    await addCartItem(stack.db, cartId, id)
    const request = { nonce: crypto.randomUUID(), replicaConfirmed: true }
    const [online, counter] = await Promise.all([
      stack.processes.begin(cartId, request, 8_000),
      activate(iuv, '42.00', { domain: '99999903034' }),
    ])
    const winners = [online.kind === 'redirect', counter.esito === 'OK'].filter(Boolean)
    expect([online.kind, counter.esito, winners]).toEqual([online.kind, counter.esito, [true]])
    if (online.kind !== 'redirect') expect(online.kind).toBe('not_payable')
    else expect(counter.fault).toBe('PAA_PAGAMENTO_IN_CORSO')
    const { idSession } = await waitUntil(() =>
      stack.simulator.state().rpts.find((attempt) => attempt.iuv === iuv),
    )
    await stack.simulator.pay(idSession)
    await waitUntil(async () => (await stateOf(iuv)) === 'paid')
    expect(stack.simulator.state().payments.filter((payment) => payment.iuv === iuv)).toHaveLength(1)
  })

  it('without a signal to the process the sweep sends the RPT', async () => {
    const iuv = iuv17({ segregationCode: '33', progressive: 3 })
    const { wakePayment } = stack.processes
    stack.processes.wakePayment = () => Promise.reject(new Error('no line to the process'))
    const reply = await activate(iuv, '1850.00', { domain: '99999903034' })
    stack.processes.wakePayment = wakePayment
    expect(reply.esito).toBe('OK')
    const { id } = await cartOf(iuv)
    expect(await stack.db('attempt').where({ cart_id: id }).whereRaw('next_check_at <= now()')).toHaveLength(
      1,
    )
    await stack.processes.wakePayment(id)
    await payAtCounter(iuv)
    await waitUntil(async () => (await stateOf(iuv)) === 'paid')
  })

  it('an RPT that the node refuses frees the notice: nobody paid', async () => {
    const iuv = iuv17({ segregationCode: '33', progressive: 2 })
    await stack.db('due').where({ iuv }).update({ due_on: null })
    expect((await activate(iuv, '104.00', { domain: '99999903034', psp: 'NESSUN_PSP' })).esito).toBe('OK')
    await waitUntil(async () => (await stateOf(iuv)) === 'payable')
    expect(await cartOf(iuv)).toMatchObject({ state: 'not_paid', send_state: 'refused' })
  })

  it('a person plays the counter of the simulator: finds the notice, pays, and the citizen’s page says so', async () => {
    const iuv = iuvOf(4)
    await stack.db('due').where({ iuv }).first('state')
    const counter = createVisitor(stack.simulator.url)
    const fields = { numero: noticeNumber(iuv), ente: PIEVE }
    const busy = await counter.submit(await counter.get('/psp/sportello'), '/psp/sportello', fields)
    expect([busy.status, busy.html]).toEqual([409, expect.stringContaining('PAA_PAGAMENTO_IN_CORSO')])
    await payAtCounter(iuv, 'KO')
    await waitUntil(async () => (await stateOf(iuv)) === 'payable')
    const offer = await counter.submit(await counter.get('/psp/sportello'), '/psp/sportello', fields)
    expect(offer.html).toContain('96.80')
    const wrong = await counter.submit(offer, '/psp/sportello/paga', { importo: '1.00', scelta: 'paga' })
    expect(wrong.html).toContain('PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO')
    const paid = await counter.submit(offer, '/psp/sportello/paga', { importo: '96.80', scelta: 'paga' })
    expect(paid.html).toContain('Pagato allo sportello')
    await waitUntil(async () => (await stateOf(iuv)) === 'paid')
    const citizen = createVisitor(stack.publicUrl)
    const search = { 'codice-avviso': noticeNumber(iuv), 'intestatario-codice': CHIARA.codice }
    await citizen.submit(await citizen.get('/avviso'), '/avviso', search)
    expect((await citizen.get('/avviso/esito')).html).toMatch(/Già pagato[\s\S]*Apri la ricevuta, 96,80/)
  })

  it('a PSP that activates three times at once and a receipt that is late: paid once', async () => {
    const iuv = await aFreshNotice()
    stack.simulator.behave({
      rules: [
        { operation: 'paaAttivaRPT', kind: 'repeat', count: 3, times: 1 },
        { operation: 'rt', kind: 'late', ms: 1_500, times: 1 },
      ],
    })
    const counter = createVisitor(stack.simulator.url)
    const fields = { numero: noticeNumber(iuv), ente: PIEVE }
    const offer = await counter.submit(await counter.get('/psp/sportello'), '/psp/sportello', fields)
    const paid = await counter.submit(offer, '/psp/sportello/paga', { importo: '18.50', scelta: 'paga' })
    expect(paid.html).toContain('Pagato allo sportello')
    expect(await stateOf(iuv)).toBe('paying')
    await waitUntil(async () => (await stateOf(iuv)) === 'paid')
    expect(stack.simulator.state().rpts.filter((attempt) => attempt.iuv === iuv)).toHaveLength(1)
    expect(await stack.db('attempt').where({ iuv })).toHaveLength(1)
  })

  it('a payer who leaves the counter: the notice is in progress, and free again when the node says that nobody paid', async () => {
    const iuv = await aFreshNotice()
    stack.simulator.behave({ rules: [{ operation: 'paaAttivaRPT', kind: 'leave', times: 1 }] })
    const counter = createVisitor(stack.simulator.url)
    const fields = { numero: noticeNumber(iuv), ente: PIEVE }
    const offer = await counter.submit(await counter.get('/psp/sportello'), '/psp/sportello', fields)
    await counter.submit(offer, '/psp/sportello/paga', { importo: '18.50', scelta: 'paga' })
    await waitUntil(() => stack.simulator.state().rpts.some((attempt) => attempt.iuv === iuv))
    expect((await verify(iuv)).fault).toBe('PAA_PAGAMENTO_IN_CORSO')
    const process = stack.client.workflow.getHandle(PAY_CART.id((await cartOf(iuv)).id))
    expect(await summaryOf(process)).toMatch(/^18,50 € · Comune di Pieve/)
    await payAtCounter(iuv, 'KO')
    await waitUntil(async () => (await stateOf(iuv)) === 'payable')
  })

  it('a notice of which an earlier receipt was refused: in progress, until a person has looked', async () => {
    const iuv = await aFreshNotice()
    expect((await activate(iuv, '18.50')).esito).toBe('OK')
    await payAtCounter(iuv, 'KO')
    await waitUntil(async () => (await stateOf(iuv)) === 'payable')
    const { id: attemptId, cart_id: cartId } = (await stack
      .db('attempt')
      .where({ iuv })
      .first('id', 'cart_id')) as {
      id: string
      cart_id: string
    }
    await stack
      .db('anomaly')
      .insert({ kind: 'receipt_refused', cart_id: cartId, attempt_id: attemptId, unplaced_cents: 1850 })
    const replies = [await verify(iuv), await activate(iuv, '18.50')]
    expect(replies.map(({ fault }) => fault)).toEqual(['PAA_PAGAMENTO_IN_CORSO', 'PAA_PAGAMENTO_IN_CORSO'])
    await closeAnomalies(stack.db, { attempt_id: attemptId })
    expect((await verify(iuv)).esito).toBe('OK')
  })

  it('the money of it all adds up', async () => {
    const { db, simulator } = stack
    await waitUntil(async () => (await db('email').where({ state: 'pending' }).pluck('id')).length === 0)
    const findings = await checkMoney({ db, simState: await fetchSimState(simulator.url) })
    expect(findings.flatMap(({ violations }) => violations)).toEqual([])
  })
})
