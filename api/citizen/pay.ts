import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { findCart } from '../../db/payment/cart.ts'
import { findPaymentState } from '../../db/payment/outcome.ts'
import { twinsOf } from '../../db/payment/twin.ts'
import { AppError, ERRORS } from '../../domain/errors.ts'
import { stageOf } from '../../domain/payment/known.ts'
import type { Texts } from '../../templates/language.ts'
import { closedCartWords, openCartWords, twinWarning } from '../../templates/money.ts'
import type { BeginAnswer, BeginRequest } from '../../workflows/pay-cart/contract.ts'
import type { Named } from '../../workflows/processes.ts'
import { paymentSummary } from '../../templates/process-words.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { citizenOf, hasPaid, keepPayment } from '../middleware/session.ts'
import { sendPage, textsFor } from '../page/page.ts'
import { cartView, seenDigest, type ShownCart } from './cart-view.ts'
import { hostOf, isNodeUrl } from './node-url.ts'
import { sessionCart, shownCart, type SessionCart } from './open-cart.ts'

/** The longest time that the browser waits for the node before it gets the waiting page, in milliseconds. */
const BEGIN_MS = 8_000

const PayForm = z.object({
  cart: z.uuid(),
  nonce: z.uuid(),
  seen: z.string().max(64),
  replica: z.literal('ok').optional(),
})

const paymentPath = (cartId: string): string => `/pagamenti/${cartId}`

type OpenCart = SessionCart & { kind: 'open' }

/** The button "Paga": begins the payment of the session's cart and redirects the browser to the page of the node. */
export function payPages({ db, processes, config, log }: AppDeps): Router {
  const router = Router()

  router.post('/carrello/paga', async (req, res) => {
    const form = PayForm.parse(req.body)
    const request = { nonce: form.nonce, replicaConfirmed: form.replica === 'ok' }
    const found = await sessionCart(db, req)
    if (hasPaid(req, form.cart)) return res.redirect(303, await targetOfBegun(form.cart, request))
    if (found.kind !== 'open') return res.redirect(303, '/carrello')
    if (form.seen !== seenDigest(found.lines))
      return again(req, res, found, { notice: textsFor(res)('cart.changed') })
    const answer = await begin(found.cart.id, { ...request, summary: summaryOf(found) })
    if (answer.kind === 'replica') return again(req, res, found, await twinsShown(req, res, found))
    if (answer.kind === 'not_payable' || answer.kind === 'problem')
      return again(req, res, found, objection(textsFor(res), answer), statusOf(answer))
    keepPayment(req, found.cart.id)
    res.redirect(303, targetOf(answer) ?? paymentPath(found.cart.id))
  })

  /** The address for a second click on "Paga": the page of the node, as for the first click, until the citizen has been there. */
  async function targetOfBegun(cartId: string, request: BeginRequest): Promise<string> {
    const stage = stageOf((await findPaymentState(db, cartId))!)
    if (stage !== 'preparing' && stage !== 'ready') return paymentPath(cartId)
    return targetOf(await begin(cartId, request)) ?? paymentPath(cartId)
  }

  /** A missing answer does not mean that nothing has happened, so the database is read to see whether the payment has begun. */
  async function begin(cartId: string, request: BeginRequest & Named): Promise<BeginAnswer> {
    try {
      return await processes.begin(cartId, request, BEGIN_MS)
    } catch (error) {
      const cart = await findCart(db, cartId)
      log.warn({ cartId, state: cart?.state, err: error }, 'begin unanswered')
      if (cart?.begunAt == null) throw new AppError('PAYMENTS_PAUSED', { cartId })
      return { kind: 'waiting' }
    }
  }

  /** The page of the node, if its host is in the configuration. */
  function targetOf(answer: BeginAnswer): string | undefined {
    if (answer.kind !== 'redirect') return undefined
    if (isNodeUrl(config.nodeHosts, answer.url)) return answer.url
    log.error({ host: hostOf(answer.url) }, 'redirect to a host that is not configured')
    return undefined
  }

  /** The warning about twins. A citizen gets a link only to those twins that he has made himself. */
  async function twinsShown(req: Request, res: Response, { cart }: OpenCart): Promise<Partial<ShownCart>> {
    const codice = citizenOf(req)?.codiceFiscale
    const twins = (await twinsOf(db, cart.id)).map((twin) => ({
      ...twin,
      isOwn: hasPaid(req, twin.cartId) || (codice !== undefined && codice === twin.versanteCodice),
    }))
    const [notice, noticeTodo] = twinWarning(textsFor(res))
    return { notice, noticeTodo, twins, isReplica: true }
  }

  /** Shows the cart as it is now, with the reason why the payment has not begun. */
  async function again(
    req: Request,
    res: Response,
    found: OpenCart,
    why: Partial<ShownCart>,
    status = 409,
  ): Promise<void> {
    const csrf = csrfOf(req)
    sendPage(
      res,
      'citizen/cart',
      cartView(textsFor(res), { ...(await shownCart(db, req, found)), csrf, ...why }),
      status,
    )
  }
  return router
}

const summaryOf = ({ lines }: OpenCart): string =>
  paymentSummary({
    totalCents: lines.reduce((sum, { importoCents }) => sum + importoCents, 0),
    enti: lines.map(({ enteName }) => enteName),
  })

type Objection = BeginAnswer & { kind: 'not_payable' | 'problem' }

const statusOf = (why: Objection): number => (why.kind === 'problem' ? ERRORS[why.code].status : 409)

function objection(t: Texts, why: Objection): Partial<ShownCart> {
  const ofMoney =
    why.kind === 'problem' && why.code === 'CART_EXPIRED' ? closedCartWords(t) : openCartWords(t)
  if (why.kind === 'problem') return { notice: `${t(`cart.problem.${why.code}`)} ${ofMoney}` }
  return { notice: `${t('cart.not_payable')} ${ofMoney}`, refused: why.dueIds }
}
