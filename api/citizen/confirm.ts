import { Router, type Response } from 'express'
import type { Knex } from 'knex'
import { rememberCitizen } from '../../db/account.ts'
import { lookAtLink, useLink } from '../../db/email-link.ts'
import { romeDay } from '../../domain/calendar.ts'
import { isAppError } from '../../domain/errors.ts'
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
    if (state !== 'good') return showGone(res, state)
    sendPage(res, 'citizen/confirm', {
      title: textsFor(res)('link.confirm.title'),
      csrf: csrfOf(req),
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
        return { address: link.address, accepted: await acceptDraft(trx, draft, into) }
      })
      if (!proved) return showGone(res, await lookAtLink(db, token))
      const citizen = await withAddress(db, citizenOf(req), proved.address)
      await renewSession(req, { provedEmail: proved.address.toLowerCase(), citizen })
      res.redirect(303, keepAccepted(req, proved.accepted, now(config)))
    } catch (error) {
      if (!isAppError(error, 'LINK_INVALID')) throw error
      showGone(res, 'stale')
    }
  })
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
  const view = { title: t(`link.${why}.title`), what: t(`link.${why}.what`) }
  sendPage(res, 'citizen/link-gone', view, why === 'unknown' ? 404 : 410)
}
