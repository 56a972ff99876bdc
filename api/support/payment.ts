import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import type { Knex } from 'knex'
import { z } from 'zod'
import { findCart, type Cart } from '../../db/payment/cart.ts'
import { noteEvent, signedBy } from '../../db/journal/event.ts'
import { receiptsOfCart } from '../../db/payment/support.ts'
import { AppError, isAppError } from '../../domain/errors.ts'
import { now, type AppDeps } from '../deps.ts'
import { mustRead } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { adminFrame } from '../access/region-menu.ts'
import { theOperator } from '../access/operator.ts'
import { hint } from '../hint.ts'
import { sendPage } from '../page/page.ts'
import { traceAtRegion } from '../access/trace.ts'
import { readPayment } from './payment-page.ts'
import { supportPaymentView } from './payment-view.ts'
import { ASKED, type AskResult } from './timeline-view.ts'
import { takeFlash } from '../page/flash.ts'
import { sendMailAgain } from '../page/mail-again.ts'

const PATH = '/supporto/pagamenti/:cartId'
const Params = z.object({ cartId: z.uuid() })
const MailParams = Params.extend({ mailId: z.uuid() })
const AskForm = z.object({ nonce: z.uuid() })
/**
 * The longest time that the page waits for the node, in milliseconds, as on the pages of citizens. Then it shows what is in the database.
 */
const ASK_DEADLINE_MS = 8_000

export type SupportDeps = Pick<AppDeps, 'db' | 'processes' | 'config' | 'log'>

/** The page of a payment for support, and the two actions on it: ask the node for the outcome, and send a mail with a receipt again. */
export function paymentPages(deps: SupportDeps): Router {
  const { db, config } = deps
  const router = Router()

  router.get(PATH, async (req, res) => {
    const cart = await mustFindCart(db, req.params)
    const of = { entity: 'cart', id: cart.id } as const
    await traceAtRegion(db, res, { what: 'payment', of, cartId: cart.id })
    const payment = await readPayment(deps, cart)
    const page = { csrf: csrfOf(req), nonce: randomUUID(), now: now(config) }
    sendPage(res, 'support/payment', {
      ...adminFrame(res, '/supporto'),
      ...supportPaymentView(payment, page),
      problem: takeFlash(req)?.values?.['why'] ?? null,
    })
  })

  router.post(`${PATH}/chiedi`, async (req, res) => {
    const { nonce } = AskForm.parse(req.body)
    const cart = await mustFindCart(db, req.params)
    const result = await askOutcome(deps, cart, nonce)
    await note(cart.id, ASKED, { ...signedBy(theOperator(res)), result })
    res.redirect(303, `/supporto/pagamenti/${cart.id}`)
  })

  router.post(`${PATH}/mail/:mailId`, async (req, res) => {
    const { cartId, mailId } = mustRead(MailParams, req.params)
    const of = { entity: 'cart', entityId: cartId } as const
    const asked = { cartId, mailId, by: theOperator(res), of }
    await sendMailAgain(deps, { req, res, href: `/supporto/pagamenti/${cartId}` }, asked)
  })

  const note = (cartId: string, kind: string, data: Record<string, unknown>): Promise<number> =>
    noteEvent(db, { entity: 'cart', entityId: cartId, kind, data })
  return router
}

/** Asks the node for the outcome of a payment. @param nonce identifies the press of the button, so that a repeated request asks once */
async function askOutcome(deps: SupportDeps, cart: Cart, nonce: string): Promise<AskResult> {
  try {
    if (cart.state !== 'requested') return await settleLeftovers(deps, cart.id)
    const { state, attention } = await deps.processes.askOutcome(cart.id, {
      nonce,
      deadlineMs: ASK_DEADLINE_MS,
    })
    return { kind: 'asked', state, attention }
  } catch (error) {
    if (isAppError(error, 'PAYMENTS_PAUSED')) return { kind: 'paused' }
    throw error
  }
}

/** For a payment that is over nothing is asked, but its process is woken when a receipt has not been handled. */
async function settleLeftovers({ db, processes, log }: SupportDeps, cartId: string): Promise<AskResult> {
  const isWaiting = (await receiptsOfCart(db, cartId)).some((receipt) => receipt.handledAt === null)
  if (isWaiting) await hint(log, { cartId }, () => processes.wakePayment(cartId))
  return { kind: 'closed' }
}

/** @throws NOT_FOUND */
async function mustFindCart(db: Knex, params: unknown): Promise<Cart> {
  const { cartId } = mustRead(Params, params)
  const cart = await findCart(db, cartId)
  if (!cart) throw new AppError('NOT_FOUND')
  return cart
}
