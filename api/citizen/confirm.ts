import { Router, type Request, type Response } from 'express'
import type { Knex } from 'knex'
import { rememberCitizen } from '../../db/account.ts'
import { cartOfLink, keepLinkCart, lookAtLink, useLink } from '../../db/email-link.ts'
import { romeDay } from '../../domain/calendar.ts'
import { isAppError } from '../../domain/errors.ts'
import { requestWords, stepWords } from '../../templates/money.ts'
import { now, type AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { citizenOf, renewSession, type Citizen } from '../middleware/session.ts'
import { languageOf, sendPage, textsFor } from '../page.ts'
import { acceptDraft, draftSchema } from './draft.ts'
import { keepAccepted } from './prove-address.ts'

/** The link of the mail: opening it shows a button, the button uses it up, because mail scanners open links. */
export function confirmPages({ db, config }: AppDeps): Router {
  const router = Router()

  router.get('/conferma/:token', async (req, res) => {
    const state = await lookAtLink(db, req.params.token)
    if (state !== 'good') return gone(req, res, state)
    sendPage(res, 'citizen/confirm', {
      title: textsFor(res)('link.confirm.title'),
      csrf: csrfOf(req),
      nothingPaid: stepWords(textsFor(res), 'opens'),
      action: `/conferma/${encodeURIComponent(req.params.token)}`,
    })
  })

  router.post('/conferma/:token', async (req, res) => {
    const { token } = req.params
    const { cartId } = req.session
    try {
      const proved = await db.transaction(async (trx) => {
        const link = await useLink(trx, token)
        if (!link) return undefined
        const draft = draftSchema.parse(link.draft)
        const into = { cartId, today: romeDay(now(config)), language: languageOf(res) }
        const accepted = await acceptDraft(trx, draft, into)
        if (accepted.cartId !== undefined) await keepLinkCart(trx, token, accepted.cartId)
        return { address: link.address, accepted }
      })
      if (!proved) return await gone(req, res, await lookAtLink(db, token))
      const citizen = await withAddress(db, citizenOf(req), proved.address)
      await renewSession(req, { provedEmail: proved.address.toLowerCase(), citizen })
      res.redirect(303, keepAccepted(req, proved.accepted, now(config)))
    } catch (error) {
      if (!isAppError(error, 'LINK_INVALID')) throw error
      await gone(req, res, 'stale')
    }
  })

  /** A cart that the link opened, or was to change, says itself how it stands: without names, because anybody may hold a link. */
  async function gone(req: Request<{ token: string }>, res: Response, state: Gone | 'good'): Promise<void> {
    const cartId = state === 'expired' ? undefined : await cartOfLink(db, req.params.token)
    if (cartId === undefined) return showGone(res, state)
    res.redirect(303, cartId === req.session.cartId ? '/carrello' : `/pagamenti/${cartId}`)
  }
  return router
}

/** Who signed in without an address has proved one: it is the account's from now on. */
async function withAddress(
  db: Knex,
  citizen: Citizen | undefined,
  address: string,
): Promise<Citizen | undefined> {
  if (!citizen || citizen.email) return citizen
  const { codiceFiscale } = citizen
  return { ...citizen, email: await rememberCitizen(db, { codiceFiscale, email: address }) }
}

type Gone = 'used' | 'expired' | 'unknown' | 'stale'

function showGone(res: Response, state: Gone | 'good'): void {
  // It was good when looked at and is gone now: somebody clicked twice.
  const why = state === 'good' ? 'used' : state
  const t = textsFor(res)
  const view = {
    title: t(`link.${why}.title`),
    what: t(`link.${why}.what`),
    money: requestWords(t, 'citizen'),
  }
  sendPage(res, 'citizen/link-gone', view, why === 'unknown' ? 404 : 410)
}
