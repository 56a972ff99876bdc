import { Router } from 'express'
import { z } from 'zod'
import { removeCartItem } from '../../db/payment/cart.ts'
import { closedCartWords } from '../../templates/money.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage, textsFor } from '../page/page.ts'
import { cartView } from './cart-view.ts'
import { repricedText, takeNews } from './news.ts'
import { sessionCart, shownCart } from './open-cart.ts'

const Remove = z.object({ dueId: z.uuid() })

/** The page of the session's cart, and the removal of a due from it. */
export function cartPages({ db }: AppDeps): Router {
  const router = Router()

  router.get('/carrello', async (req, res) => {
    const t = textsFor(res)
    const found = await sessionCart(db, req)
    const csrf = found.kind === 'open' ? csrfOf(req) : null
    const expired = found.kind === 'expired' ? `${t('cart.expired')} ${closedCartWords(t)}` : null
    const inCart = found.kind === 'open' ? found.lines.map(({ dueId }) => dueId) : []
    const notice = [expired, repricedText(req, t, inCart), takeNews(req, t)]
      .filter((text) => text !== null)
      .join(' ')
    const shown = { ...(await shownCart(db, req, found)), csrf, ...(notice === '' ? {} : { notice }) }
    sendPage(res, 'citizen/cart', cartView(t, shown))
  })

  router.post('/carrello/voci/:dueId/rimuovi', async (req, res) => {
    const { dueId } = Remove.parse(req.params)
    if (req.session.cartId !== undefined) await removeCartItem(db, req.session.cartId, dueId)
    res.redirect(303, '/carrello')
  })
  return router
}
