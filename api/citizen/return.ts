import { Router } from 'express'
import { z } from 'zod'
import { findCartByNodeSession } from '../../db/payment/cart.ts'
import { recordReturn } from '../../db/payment/outcome.ts'
import { requestWords } from '../../templates/money.ts'
import type { AppDeps } from '../deps.ts'
import { hint } from '../hint.ts'
import { sendPage, textsFor } from '../page/page.ts'

const Query = z.object({
  idSession: z.string().min(1).max(100).catch(''),
  esito: z.string().max(20).catch(''),
})

/**
 * The address to which the page of the node sends the browser back. Its parameters prove nothing: they are only recorded, and the durable
 * process asks the node sooner.
 */
export function returnPages({ db, processes, log }: AppDeps): Router {
  const router = Router()
  router.get('/ritorno', async (req, res) => {
    const { idSession, esito } = Query.parse(req.query)
    const cart = idSession === '' ? undefined : await findCartByNodeSession(db, idSession)
    if (!cart)
      return sendPage(
        res,
        'citizen/return-unknown',
        { title: textsFor(res)('payment.page.unknownTitle'), money: requestWords(textsFor(res), 'citizen') },
        404,
      )
    await recordReturn(db, cart.id, esito)
    await hint(log, { cartId: cart.id }, () => processes.citizenReturned(cart.id))
    res.redirect(303, `/pagamenti/${cart.id}`)
  })
  return router
}
