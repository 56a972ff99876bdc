import { answerRt } from '../../api/node/answer-rt.ts'
import { answerNotice } from '../../api/node/answer-notice.ts'
import { BULK_ACT } from '../../workflows/bulk-act/contract.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { SEND_MAIL } from '../../workflows/send-mail/contract.ts'
import type { BeginAnswer } from '../../workflows/pay-cart/contract.ts'
import { attemptIdsOf, someNonce, stateOf, US } from '../setup/begun.ts'
import { counterMessage } from '../setup/psp.ts'
import { aCart, aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { anAct } from '../setup/bulk.ts'
import type { EngineStack } from '../setup/engine-stack.ts'
import { buildRtFor } from '../setup/rt.ts'
import { aFault, knownState, type StandInNode } from '../setup/stand-in-node.ts'
import { fastForward } from '../setup/temporal.ts'
import { waitUntil } from '../setup/wait.ts'

export type PathStack = Pick<EngineStack, 'env' | 'db' | 'processes' | 'client'> & { node: StandInNode }

const DAY_SECONDS = 86_400
const REFUSAL = 'PPT_SINTASSI_XSD'
const PARKED = 'RPT_PARCHEGGIATA_NODO'

/** Runs a process to its end on one of the main paths. Returns the ids of the workflows to keep. */
export type Path = (stack: PathStack) => Promise<string[]>

/** Main paths, with one recorded history per workflow. Their replay fails when a change would break a running payment. */
export const PATHS: Record<string, Path> = {
  paid: async (stack) => {
    const { cartId } = await begun(stack)
    await receiptArrives(stack, cartId)
    const mailIds = (await stack.db('email').where({ cart_id: cartId }).pluck('id')) as string[]
    return [PAY_CART.id(cartId), ...mailIds.map(SEND_MAIL.id)]
  },
  refused: async (stack) => {
    stack.node.answers = { send: [aFault(REFUSAL)] }
    const { cartId } = await begun(stack)
    await ended(stack, cartId)
    return [PAY_CART.id(cartId)]
  },
  'lost-send-found': async (stack) => {
    const url = 'http://127.0.0.1/psp?idSession=FOUND'
    stack.node.answers = { send: [{ kind: 'unknown', why: 'TIMEOUT' }], state: [knownState(PARKED, url)] }
    const { cartId } = await begun(stack)
    await waitUntil(() => stack.db('cart').first('id').where({ id: cartId, redirect_url: url }))
    await receiptArrives(stack, cartId)
    return [PAY_CART.id(cartId)]
  },
  'silence-forced': async (stack) => {
    stack.node.answers = { always: knownState(PARKED) }
    const { cartId } = await begun(stack)
    // The workflow ends during the time skip, which is then reported as an error and ignored.
    await fastForward(stack.env, handleOf(stack, cartId), 15 * DAY_SECONDS).catch(() => undefined)
    await ended(stack, cartId)
    return [PAY_CART.id(cartId)]
  },
  'late-receipt': async (stack) => {
    stack.node.answers = { send: [aFault(REFUSAL)] }
    const { cartId } = await begun(stack)
    await ended(stack, cartId)
    await receiptArrives(stack, cartId)
    return [PAY_CART.id(cartId)]
  },
  'begun-at-psp': async (stack) => {
    const ente = await anEnte(stack.db)
    const dueId = await aDue(stack.db, ente, { progressive: 7 })
    const { iuv } = (await stack.db('due').first('iuv').where({ id: dueId })) as { iuv: string }
    const request = counterMessage('paaAttivaRPT', { domain: ente.codiceFiscale, iuv, importo: '10.50' })
    const { tell } = await answerNotice(stack.db, US, Buffer.from(request))
    const { cartId } = tell!
    await stack.processes.wakePayment(cartId)
    await waitUntil(() => stack.db('cart').first('id').where({ id: cartId, send_state: 'accepted' }))
    await receiptArrives(stack, cartId)
    return [PAY_CART.id(cartId)]
  },
  'bulk-cancel': async ({ db, processes, client }) => {
    const ente = await anEnte(db)
    const ids = [await aDue(db, ente, { progressive: 8 }), await aDue(db, ente, { progressive: 9 })]
    const [{ id }] = (await db('operator')
      .insert({ codice_fiscale: 'VRDLCU80A01M999K', name: 'Luca Verdi', platform_admin: true })
      .returning('id')) as [{ id: string }]
    const actId = await anAct(db, { kind: 'cancel', ids, enteId: ente.id, by: { id, name: 'Luca Verdi' } })
    await processes.wakeBulkAct({ actId, enteId: ente.id })
    await client.workflow.getHandle(BULK_ACT.id(actId)).result()
    return [BULK_ACT.id(actId)]
  },
  'declined-then-begun': async (stack) => {
    const { cartId, ente } = await opened(stack)
    await stack.db('ente').where({ id: ente.id }).update({ state: 'PRE-ESERCIZIO' })
    await stack.db('ente_due_type').where({ id: ente.dueTypeId }).update({ active: false })
    expectKind(await click(stack, cartId), 'not_payable')
    await stack.db('ente_due_type').where({ id: ente.dueTypeId }).update({ active: true })
    expectKind(await click(stack, cartId), 'redirect')
    await receiptArrives(stack, cartId)
    return [PAY_CART.id(cartId)]
  },
}

async function opened({ db }: PathStack): Promise<{ cartId: string; ente: TestEnte }> {
  const ente = await anEnte(db)
  return { ente, cartId: await aCart(db, [await aDue(db, ente)]) }
}

async function begun(stack: PathStack): Promise<{ cartId: string }> {
  const { cartId } = await opened(stack)
  await click(stack, cartId)
  return { cartId }
}

const click = ({ processes }: PathStack, cartId: string): Promise<BeginAnswer> =>
  processes.begin(cartId, { nonce: someNonce(), replicaConfirmed: false }, 20_000)

function expectKind(answer: BeginAnswer, kind: BeginAnswer['kind']): void {
  if (answer.kind !== kind) throw new Error(`expected ${kind}, got ${JSON.stringify(answer)}`)
}

/** Delivers a positive RT and waits until the process has ended and its mails are sent. */
async function receiptArrives(stack: PathStack, cartId: string): Promise<void> {
  const [attemptId] = await attemptIdsOf(stack.db, cartId)
  const { tell } = await answerRt(stack.db, US, (await buildRtFor(stack.db, attemptId!)).envelope)
  await stack.processes.receiptArrived(cartId, { receiptId: tell!.receiptId })
  await waitUntil(async () => (await stateOf(stack.db, 'cart', cartId)) === 'paid')
  await ended(stack, cartId)
  await waitUntil(async () => {
    const open = await stack.db('email').where({ cart_id: cartId }).whereNot({ state: 'sent' })
    return open.length === 0
  })
}

const handleOf = ({ client }: PathStack, cartId: string) =>
  client.workflow.getHandle(PAY_CART.id(cartId))

const ended = (stack: PathStack, cartId: string): Promise<unknown> => handleOf(stack, cartId).result()
