import type { WorkflowHandle } from '@temporalio/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { SEND_MAIL } from '../../workflows/send-mail/contract.ts'
import { attemptIdsOf, someNonce, US } from '../setup/begun.ts'
import { aCart, aDue, anEnte } from '../setup/builders.ts'
import { startEngine, type EngineStack } from '../setup/engine-stack.ts'
import { detailsOf, summaryOf, timersOf } from '../setup/process-words.ts'
import { buildRtFor } from '../setup/rt.ts'
import { aFault, knownState, standInNode } from '../setup/stand-in-node.ts'
import { waitUntil } from '../setup/wait.ts'

const node = standInNode()
let engine: EngineStack
beforeAll(async () => {
  engine = await startEngine(node)
})
afterAll(() => engine.stop())
beforeEach(() => {
  node.answers = {}
})

const SUMMARY = '10,50 € · Comune di Prova'
const handleOf = (id: string): WorkflowHandle => engine.client.workflow.getHandle(id)

async function begin(): Promise<{ cartId: string; dueId: string; handle: WorkflowHandle }> {
  const dueId = await aDue(engine.db, await anEnte(engine.db))
  const cartId = await aCart(engine.db, [dueId])
  const request = { nonce: someNonce(), replicaConfirmed: false, summary: SUMMARY }
  await engine.processes.begin(cartId, request, 20_000)
  return { cartId, dueId, handle: handleOf(PAY_CART.id(cartId)) }
}

async function receiptArrives(cartId: string): Promise<void> {
  const [attemptId] = await attemptIdsOf(engine.db, cartId)
  const { tell } = await answerRt(engine.db, US, (await buildRtFor(engine.db, attemptId!)).envelope)
  await engine.processes.receiptArrived(cartId, { receiptId: tell!.receiptId })
}

const RECEIPT = /^attende la ricevuta, prossimo controllo (\d\d\/\d\d\/\d{4} )?\d\d:\d\d$/

describe('a payment in the Temporal UI', () => {
  it('has amount and ente as its summary, says what it waits for, and names its timers so', async () => {
    const { cartId, handle } = await begin()
    expect(await summaryOf(handle)).toBe(SUMMARY)
    expect(await detailsOf(handle)).toMatch(RECEIPT)
    await engine.processes.citizenReturned(cartId)
    const returned = 'il cittadino è tornato: attende la ricevuta, prossimo controllo entro 60 secondi'
    await waitUntil(async () => (await detailsOf(handle)) === returned)
    const timers = await timersOf(handle)
    expect(timers.slice(0, -1).every((name) => RECEIPT.test(name))).toBe(true)
    expect(timers.at(-1)).toBe(returned)
    await receiptArrives(cartId)
    await handle.result()
    expect(await detailsOf(handle)).toBe('Pagato')
  })

  it('gives its mails amount and ente too', async () => {
    const { cartId, handle } = await begin()
    await receiptArrives(cartId)
    await handle.result()
    const [mailId] = (await engine.db('email').where({ cart_id: cartId }).pluck('id')) as string[]
    const mail = handleOf(SEND_MAIL.id(mailId!))
    await mail.result()
    expect(await summaryOf(mail)).toBe(`Mail con la ricevuta · ${SUMMARY}`)
    expect(await detailsOf(mail)).toBe('consegnata al server di posta')
  })

  it('names nobody', async () => {
    const { cartId, handle } = await begin()
    await receiptArrives(cartId)
    await handle.result()
    const seen = [await summaryOf(handle), await detailsOf(handle), ...(await timersOf(handle))].join('\n')
    expect(seen).not.toMatch(/Chiara|Bianchi|BNCCHR|example\.org/i)
  })

  it('says why it needs a person', async () => {
    node.answers = { always: knownState('RPT_RIFIUTATA_PSP') }
    const { cartId, handle } = await begin()
    await engine.processes.askOutcome(cartId, { nonce: someNonce(), deadlineMs: 8_000 })
    expect(await detailsOf(handle)).toMatch(/^richiede attenzione \(node_refused\), prossimo controllo /)
    await handle.terminate('done')
  })

  it('says that money has no due', async () => {
    node.answers = { send: [aFault('PPT_SINTASSI_XSD')] }
    const { cartId, dueId, handle } = await begin()
    await handle.result()
    await engine.db('due').where({ id: dueId }).update({ state: 'cancelled', cancelled_reason: 'operator' })
    await receiptArrives(cartId)
    const run = handleOf(PAY_CART.id(cartId))
    await run.result()
    expect(await detailsOf(run)).toBe('richiede attenzione (10,50 € da attribuire)')
  })
})
