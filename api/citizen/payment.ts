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

/** The page of a payment. Its state comes from the database, never from what the browser sent. */
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

  /** True when the person who is signed in is the versante of the payment, in whatever browser it was begun. */
  async function isVersante(req: Request, id: string): Promise<boolean> {
    const citizen = citizenOf(req)
    if (!citizen) return false
    return (await findCart(db, id))?.versante.codice === citizen.codiceFiscale
  }

  /** Puts the dues of a payment that can still be paid into a cart, and returns the id of that cart. */
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

/** Server-sent events: `changed` when the content of the page has changed. The events have no data, so anybody may follow them. */
export function paymentStream({ db, live }: AppDeps): Router {
  const router = Router()
  router.get(`${PATH}/eventi`, async (req, res) => {
    const { data } = Params.safeParse(req.params)
    const payment = data && (await findPaymentState(db, data.cartId))
    if (!payment) throw new AppError('NOT_FOUND')
    if (!openStream(live, payment.id, res)) return
    // A change between the answer with the page and this line has sent no event to this stream.
    const current = await findPaymentState(db, payment.id)
    if (current && fingerprint(current) !== req.query['visto']) res.write(CHANGED)
  })
  return router
}
