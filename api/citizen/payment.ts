import { Router, type Request } from 'express'
import { z } from 'zod'
import { cartLines, findCart } from '../../db/payment/cart.ts'
import { findPaymentState, findWaiting, receiptsOf, type PaymentState } from '../../db/payment/outcome.ts'
import { AppError } from '../../domain/errors.ts'
import type { Language } from '../../templates/language.ts'
import { isSigned } from '../../templates/signed-link.ts'
import { now, type AppDeps } from '../deps.ts'
import { CHANGED, openStream } from '../page/live.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { citizenOf, hasPaid } from '../middleware/session.ts'
import { languageOf, sendPage, textsFor } from '../page/page.ts'
import { addToCart } from '../../services/due/accept-draft.ts'
import { isNodeUrl } from './node-url.ts'
import { fingerprint, paymentView } from './payment-view.ts'

const PATH = '/pagamenti/:cartId'
const Params = z.object({ cartId: z.uuid() })

/** The page of a payment: what the tables know, never what the browser says. */
export function paymentPages({ db, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const payment = await mustFind(req.params)
    const { id, redirectUrl } = payment
    const isPayer = hasPaid(req, id) || req.session.cartId === id
    const isReader =
      isPayer ||
      (await isVersante(req, id)) ||
      isSigned(config.keys.link, req.path, { query: req.query, now: now(config) })
    const canGo = redirectUrl !== null && isNodeUrl(config.nodeHosts, redirectUrl)
    const details = isReader
      ? { lines: await cartLines(db, id), receipts: await receiptsOf(db, id) }
      : undefined
    sendPage(
      res,
      'citizen/payment',
      paymentView(textsFor(res), payment, {
        isPayer,
        waiting: payment.state === 'requested' ? await findWaiting(db, id) : undefined,
        details,
        keys: config.keys.link,
        now: now(config),
        csrf: isPayer ? csrfOf(req) : null,
        goHref: canGo ? redirectUrl : null,
        refreshHref: req.originalUrl,
      }),
    )
  })

  router.post(`${PATH}/riprova`, async (req, res) => {
    const { id } = await mustFind(req.params)
    if (!hasPaid(req, id)) throw new AppError('FORBIDDEN')
    req.session.cartId = await retry(id, req, languageOf(res))
    res.redirect(303, '/carrello')
  })

  /** Who signed in and paid, from whatever browser. */
  async function isVersante(req: Request, id: string): Promise<boolean> {
    const citizen = citizenOf(req)
    if (!citizen) return false
    return (await findCart(db, id))?.versante.codice === citizen.codiceFiscale
  }

  /** A new cart with what of the old one can still be paid. */
  async function retry(id: string, req: Request, language: Language): Promise<string> {
    const cart = (await findCart(db, id))!
    return db.transaction(async (trx) => {
      const lines = await cartLines(trx, id)
      const dueIds = lines.filter((line) => line.state === 'payable').map((line) => line.dueId)
      return addToCart(trx, { cartId: req.session.cartId, versante: cart.versante, dueIds, language })
    })
  }

  async function mustFind(params: object): Promise<PaymentState> {
    const { data } = Params.safeParse(params)
    const payment = data && (await findPaymentState(db, data.cartId))
    if (!payment) throw new AppError('NOT_FOUND')
    return payment
  }
  return router
}

/** Server-sent events: `changed` when the page would say something else. Says nothing but that, so anybody may listen. */
export function paymentStream({ db, live }: AppDeps): Router {
  const router = Router()
  router.get(`${PATH}/eventi`, async (req, res) => {
    const { data } = Params.safeParse(req.params)
    const payment = data && (await findPaymentState(db, data.cartId))
    if (!payment) throw new AppError('NOT_FOUND')
    if (!openStream(live, payment.id, res)) return
    // What changed between the page and this line was not heard by anybody.
    const current = await findPaymentState(db, payment.id)
    if (current && fingerprint(current) !== req.query['visto']) res.write(CHANGED)
  })
  return router
}
