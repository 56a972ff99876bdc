import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeJournal, type JournalEntry } from '../../db/journal/journal.ts'
import { iuv17, noticeNumber } from '../../domain/iuv.ts'
import { stateOf } from '../setup/begun.ts'
import { aCart } from '../setup/builders.ts'
import { textOf } from '../setup/citizen-site.ts'
import { ELENA } from '../setup/operators.ts'
import { callCounter } from '../setup/psp.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const PIEVE = '99999902028'
const PSP = '60000000001'
const IUV = iuv17({ segregationCode: '22', progressive: 1 })
const PATH = '/admin/giornale'

let stack: Stack
let elena: Visitor
let cartId: string

beforeAll(async () => {
  stack = await startStack({ seed: true })
  elena = await signInAs(stack.db, createVisitor(stack.publicUrl), ELENA)
  cartId = await payOnline()
  await payAtCounter()
})
afterAll(() => stack.close())

/** Sends the cart of a citizen, asks for its state and pays on the node's page; returns the id of the cart. */
async function payOnline(): Promise<string> {
  const iuv = iuv17({ segregationCode: '22', progressive: 4 })
  const { id: dueId } = (await stack.db('due').first('id').where({ iuv })) as { id: string }
  const id = await aCart(stack.db, [dueId])
  await stack.processes.begin(id, { nonce: randomUUID(), replicaConfirmed: false }, 20_000)
  const page = `/supporto/pagamenti/${id}`
  await elena.submit(await elena.get(page), '/chiedi')
  const { node_session } = (await stack.db('cart').first('node_session').where({ id })) as {
    node_session: string
  }
  await stack.simulator.pay(node_session, 'OK')
  await waitUntil(async () => (await stateOf(stack.db, 'cart', id)) === 'paid')
  return id
}

/** A PSP verifies, activates and pays a notice, then verifies it once more. */
async function payAtCounter(): Promise<void> {
  const ask = { domain: PIEVE, iuv: IUV, ccp: 'CCP1', psp: PSP }
  await callCounter(stack.nodePortUrl, 'paaVerificaRPT', ask)
  await callCounter(stack.nodePortUrl, 'paaAttivaRPT', { ...ask, importo: '18.50' })
  const attempt = await waitUntil(() => stack.simulator.state().rpts.find((one) => one.iuv === IUV))
  await stack.simulator.pay(attempt.idSession, 'OK')
  const isPaid = () => stack.db('due').first('id').where({ iuv: IUV, state: 'paid' })
  await waitUntil(async () => (await isPaid()) !== undefined)
  await callCounter(stack.nodePortUrl, 'paaVerificaRPT', ask)
}

const rowsOf = (html: string): string[] => html.match(/<tr><td[\s\S]*?<\/tr>/g) ?? []

async function found(query: Record<string, string>): Promise<string[]> {
  const page = await elena.get(`${PATH}?${new URLSearchParams(query).toString()}`)
  expect(page.status).toBe(200)
  return rowsOf(page.html).map((row) => /<a href="[^"]+\/([0-9a-f-]{36})"/.exec(row)![1]!)
}

const stored = (where: object): Promise<string[]> =>
  stack.db('journal').where(where).orderBy('id', 'desc').pluck('id') as Promise<string[]>

const A_MESSAGE: JournalEntry = {
  direction: 'out',
  operation: 'nodoChiediStatoRPT',
  cartId: null,
  domain: '99999903034',
  iuv: 'GIORNALE',
  attemptCode: 'n/a',
  outcome: 'TIMEOUT',
  httpStatus: null,
  durationMs: 12_000,
  request: Buffer.from('<a>richiesta</a>'),
  response: null,
}

describe('the journal of events', () => {
  it('has a request and a response of every message that the node got or sent', async () => {
    const { calls } = stack.simulator.state()
    const rows = (await stack.db('journal').select('operation', 'request', 'response')) as {
      operation: string
      request: Buffer | null
      response: Buffer | null
    }[]
    for (const { operation, request, response } of rows)
      expect([operation, request?.length, response?.length]).toEqual([
        operation,
        expect.any(Number),
        expect.any(Number),
      ])
    const count = (name: string) => rows.filter(({ operation }) => operation === name).length
    for (const name of ['nodoInviaCarrelloRPT', 'nodoInviaRPT', 'nodoChiediStatoRPT'])
      expect([name, count(name)]).toEqual([name, calls[name]])
    expect([count('paaInviaRT'), count('paaVerificaRPT'), count('paaAttivaRPT')]).toEqual([2, 2, 1])
    const shown = rowsOf((await elena.get(PATH)).html)
    expect(shown).toHaveLength(rows.length)
    for (const row of shown) expect(row).toContain('REQ, RES')
  })

  it('is searched by ente, IUV or notice number, PSP, outcome, type, direction and days', async () => {
    const today = new Date().toISOString().slice(0, 10)
    expect(await found({ ente: 'C_X902' })).toEqual(await stored({ domain: PIEVE }))
    expect(await found({ ente: PIEVE })).toEqual(await stored({ domain: PIEVE }))
    expect(await found({ ente: 'C_X901' })).toEqual([])
    expect(await found({ iuv: noticeNumber(IUV) })).toEqual(await stored({ iuv: IUV }))
    expect(await found({ esito: 'PAA_PAGAMENTO_DUPLICATO' })).toEqual(
      await stored({ iuv: IUV, outcome: 'PAA_PAGAMENTO_DUPLICATO' }),
    )
    expect(await found({ operazione: 'paaInviaRT' })).toEqual(await stored({ operation: 'paaInviaRT' }))
    expect(await found({ verso: 'out' })).toEqual(await stored({ direction: 'out' }))
    expect(await found({ dal: today, verso: 'in' })).not.toEqual([])
    expect(await found({ al: '2020-01-01' })).toEqual([])
    // The filter finds messages of a payment that the PSP activated or whose receipt it attests.
    const ofPsp = await found({ psp: PSP })
    expect(ofPsp).toEqual(expect.arrayContaining(await stored({ iuv: IUV, operation: 'paaAttivaRPT' })))
    expect(await found({ psp: 'NESSUNO' })).toEqual([])
  })

  it('shows a message with its documents, escaped, and writes down who opened it', async () => {
    const [id] = await stored({ cart_id: cartId, operation: 'paaInviaRT' })
    const page = await elena.get(`${PATH}/${id}`)
    expect(page.html).toContain('&lt;importoTotalePagato&gt;')
    expect(page.html).not.toMatch(/<\w*:?(Envelope|importoTotalePagato)/)
    expect(textOf(page)).toMatch(/REQ · Richiesta.*RT contenuta.*RES · Risposta/)
    expect(page.html).toContain(`/supporto/pagamenti/${cartId}`)
    const traces = stack.db('event').where({ kind: 'accessed', entity: 'cart', entity_id: cartId })
    expect(await traces.whereRaw(`data ->> 'detail' = ?`, [`paaInviaRT ${id}`]).pluck('data')).toEqual([
      expect.objectContaining({ by: 'Elena Conti', what: 'message' }),
    ])
    expect((await elena.get(`${PATH}/${randomUUID()}`)).status).toBe(404)
    expect((await elena.get(`${PATH}/x`)).status).toBe(404)
  })

  it('names persons in the documents only', async () => {
    const names = /BNCCHR85H52M999M|Bianchi|chiara@/
    expect((await elena.get(PATH)).html).not.toMatch(names)
    const [id] = await stored({ cart_id: cartId, operation: 'nodoInviaCarrelloRPT' })
    expect((await elena.get(`${PATH}/${id}`)).html).toMatch(names)
  })

  it('a message without an answer says so', async () => {
    await writeJournal(stack.db, [A_MESSAGE])
    const [id] = await found({ ente: 'C_X903', esito: 'TIMEOUT' })
    const row = rowsOf((await elena.get(`${PATH}?iuv=GIORNALE`)).html)[0]
    expect(row).toContain('<td data-label="Eventi">REQ</td>')
    expect(textOf(await elena.get(`${PATH}/${id}`))).toContain('Non è arrivata nessuna risposta')
  })

  it('a page goes on where the one before ended, and nothing is shown twice or left out', async () => {
    const many = Array.from({ length: 120 }, (_, at) => ({ ...A_MESSAGE, iuv: 'PAGINE', outcome: `O${at}` }))
    await writeJournal(stack.db, many)
    const seen: string[] = []
    let address: string | undefined = `${PATH}?iuv=PAGINE`
    for (let pages = 0; address !== undefined && pages < 5; pages++) {
      const { html } = await elena.get(address)
      seen.push(...rowsOf(html).map((row) => /\/([0-9a-f-]{36})"/.exec(row)![1]!))
      // A new message must not move the rows of the next page.
      await writeJournal(stack.db, [A_MESSAGE])
      address = /href="([^"]+)" rel="next"/
        .exec(html)?.[1]
        ?.replaceAll('&amp;', '&')
        .replaceAll('&#x3D;', '=')
    }
    expect(seen).toEqual(await stored({ iuv: 'PAGINE' }))
    expect(seen).toHaveLength(120)
  })
})
