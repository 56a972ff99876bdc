import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import type { Knex } from 'knex'
import { z } from 'zod'
import { findCart, type Cart } from '../../db/cart.ts'
import { noteEvent, signedBy } from '../../db/event.ts'
import { askMailAgain, receiptsOfCart } from '../../db/support.ts'
import { AppError, isAppError } from '../../domain/errors.ts'
import { WAKE } from '../../workflows/pay-cart/contract.ts'
import { now, type AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { adminFrame } from '../admin/menu.ts'
import { theOperator } from '../operator/access.ts'
import { sendPage } from '../page.ts'
import { traceAtRegion } from '../trace.ts'
import { within } from '../within.ts'
import { askNow } from './ask-now.ts'
import { readPayment } from './payment-page.ts'
import { supportPaymentView } from './payment-view.ts'
import { ASKED, MAIL_AGAIN, type AskResult } from './timeline-view.ts'

const PATH = '/supporto/pagamenti/:cartId'
const Params = z.object({ cartId: z.uuid() })
const MailParams = Params.extend({ mailId: z.uuid() })
const AskForm = z.object({ nonce: z.uuid() })
/** As on the pages of citizens (design: 8 s, then the page shows what the tables know). */
const ASK_DEADLINE_MS = 8_000
const HINT_MS = 1_000

export type SupportDeps = Pick<AppDeps, 'db' | 'processes' | 'config'>

/** A payment as support sees it, and the things support may do to it. */
export function paymentPages(deps: SupportDeps): Router {
  const { db, processes, config } = deps
  const router = Router()

  router.get(PATH, async (req, res) => {
    const cart = await mustFindCart(db, req.params)
    const of = { entity: 'cart', id: cart.id } as const
    await traceAtRegion(db, res, { what: 'payment', of, cartId: cart.id })
    const payment = await readPayment(deps, cart)
    const page = { csrf: csrfOf(req), nonce: randomUUID(), now: now(config) }
    sendPage(res, 'supporto/pagamento', {
      ...adminFrame(res, '/supporto'),
      ...supportPaymentView(payment, page),
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
    const { cartId, mailId } = mustParse(MailParams, req.params)
    if (await askMailAgain(db, { cartId, mailId })) {
      await note(cartId, MAIL_AGAIN, { ...signedBy(theOperator(res)), mailId })
      // Only a hint: the sweep starts a pending mail nobody holds.
      await within(HINT_MS, () => processes.tellMail(mailId))
    }
    res.redirect(303, `/supporto/pagamenti/${cartId}`)
  })

  const note = (cartId: string, kind: string, data: Record<string, unknown>): Promise<number> =>
    noteEvent(db, { entity: 'cart', entityId: cartId, kind, data })
  return router
}

async function askOutcome({ db, processes }: SupportDeps, cart: Cart, nonce: string): Promise<AskResult> {
  try {
    if (cart.state !== 'requested') return await settleLeftovers({ db, processes }, cart.id)
    const { state, attention } = await askNow(processes, {
      cartId: cart.id,
      nonce,
      deadlineMs: ASK_DEADLINE_MS,
    })
    return { kind: 'asked', state, attention }
  } catch (error) {
    if (isAppError(error, 'PAYMENTS_PAUSED')) return { kind: 'paused' }
    throw error
  }
}

/** A closed payment has nothing to ask; a receipt that nobody looked at is told to it. */
async function settleLeftovers(
  { db, processes }: Pick<SupportDeps, 'db' | 'processes'>,
  cartId: string,
): Promise<AskResult> {
  const isWaiting = (await receiptsOfCart(db, cartId)).some((receipt) => receipt.handledAt === null)
  if (isWaiting) await within(HINT_MS, () => processes.tellPayment(cartId, { signal: WAKE, args: [] }))
  return { kind: 'closed' }
}

/** @throws NOT_FOUND */
export async function mustFindCart(db: Knex, params: unknown): Promise<Cart> {
  const { cartId } = mustParse(Params, params)
  const cart = await findCart(db, cartId)
  if (!cart) throw new AppError('NOT_FOUND')
  return cart
}

/** What is wrong in an address is a page that is not there. */
export function mustParse<T>(schema: z.ZodType<T>, params: unknown): T {
  const { data, success } = schema.safeParse(params)
  if (!success) throw new AppError('NOT_FOUND')
  return data
}
