import { Router, type Request, type Response } from 'express'
import type { Knex } from 'knex'
import { rememberCitizen } from '../../db/citizen/account.ts'
import {
  cartOfLink,
  keepLinkCart,
  lookAtLink,
  prolongLink,
  useLink,
  type LookedAt,
  type ProvedLink,
} from '../../db/mail/email-link.ts'
import { isAppError } from '../../domain/errors.ts'
import { requestWords, stepWords } from '../../templates/money.ts'
import { now, type AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { secondsToWait, tooManyText } from '../middleware/limits.ts'
import { citizenOf, renewSession, type Citizen } from '../middleware/session.ts'
import { sendPage, textsFor } from '../page/page.ts'
import { accountPerson } from './account-person.ts'
import { makerOf } from './client.ts'
import { acceptDraft, draftSchema, type Accepted, type Draft } from '../../services/due/accept-draft.ts'
import { intoOf, keepAccepted } from './prove-address.ts'

type Token = Request<{ token: string }>

/**
 * The page of the link in a mail. Opening it only shows a button, because mail scanners open links; pressing the button uses the link up.
 */
export function confirmPages({ db, config }: AppDeps): Router {
  const router = Router()

  router.get('/conferma/:token', async (req, res) => {
    const link = await lookAtLink(db, req.params.token)
    if (link.state !== 'good') return gone(req, res, link.state)
    showButton(req, res, link, null)
  })

  router.post('/conferma/:token', async (req, res) => {
    const { token } = req.params
    try {
      const proved = await db.transaction(async (trx) => {
        const link = await useLink(trx, token)
        if (!link) return undefined
        const accepted = await accept(trx, req, res, link)
        if (accepted.cartId !== undefined) await keepLinkCart(trx, token, accepted.cartId)
        return { ...(await settle(trx, citizenOf(req), link)), accepted }
      })
      if (!proved) return await gone(req, res, (await lookAtLink(db, token)).state)
      const { accepted, news, ...renewed } = proved
      await renewSession(req, renewed)
      if (news) req.session.news = news
      res.redirect(303, keepAccepted(req, accepted, now(config)))
    } catch (error) {
      if (isAppError(error, 'LINK_INVALID')) return await gone(req, res, 'stale')
      if (!isAppError(error, 'TOO_MANY_REQUESTS')) throw error
      const problem = tooManyText(textsFor(res), res, error)
      await prolongLink(db, token, { seconds: secondsToWait(error.details), minutes: config.linkMinutes })
      showButton(req, res, await lookAtLink(db, token), problem)
    }
  })

  /** Stores the draft of the link. The maker is the account that requested the link, in whatever browser it is opened. */
  function accept(trx: Knex, req: Request, res: Response, link: ProvedLink): Promise<Accepted> {
    const { address, askedBy } = link
    const maker = makerOf(config, req, { address, account: askedBy ?? undefined })
    return acceptDraft(trx, draftFor(citizenOf(req), link), intoOf(config, req, res, maker))
  }

  function showButton(req: Token, res: Response, link: LookedAt, problem: string | null): void {
    const t = textsFor(res)
    const effect = effectOn(citizenOf(req), link)
    const view = {
      title: t('link.confirm.title'),
      lead: t(`link.confirm.${link.isNotice ? 'leadNotice' : 'lead'}`),
      button: t(`link.confirm.${link.isNotice ? 'buttonNotice' : 'button'}`),
      csrf: csrfOf(req),
      nothingPaid: stepWords(t, 'opens'),
      action: `/conferma/${encodeURIComponent(req.params.token)}`,
      problem,
      effect: effect === 'none' ? null : t(`link.effect.${effect}`, { address: link.address }),
    }
    sendPage(res, 'citizen/open-link', view, problem === null ? 200 : 429)
  }

  /**
   * Answers for a link that cannot be used. If it has opened or changed a cart, the page of that cart shows the state. That page
   * shows no names, because anybody may hold a link.
   */
  async function gone(req: Token, res: Response, state: Gone | 'good'): Promise<void> {
    const cartId = state === 'expired' ? undefined : await cartOfLink(db, req.params.token)
    if (cartId === undefined) return showGone(res, state)
    res.redirect(303, cartId === req.session.cartId ? '/carrello' : `/pagamenti/${cartId}`)
  }
  return router
}

/**
 * The effect of a link on the account of the person who presses the button. A link that this account did not request changes nothing
 * (`others`), because another person reads that mailbox. `becomes`: the address becomes that of the account.
 */
function effectOn(citizen: Citizen | undefined, { askedBy }: Pick<ProvedLink, 'askedBy'>): Effect {
  if (!citizen) return 'none'
  if (askedBy !== citizen.codiceFiscale) return 'others'
  return citizen.email === undefined ? 'becomes' : 'none'
}

type Effect = 'none' | 'others' | 'becomes'

interface Settled {
  provedEmail?: string
  citizen: Citizen | undefined
  news?: { key: 'others' | 'address'; address: string }
}

/** Gives the account its new address when the link has that effect, and returns the values of the session afterwards. */
async function settle(trx: Knex, citizen: Citizen | undefined, link: ProvedLink): Promise<Settled> {
  const { address } = link
  const effect = effectOn(citizen, link)
  if (effect === 'others') return { citizen, news: { key: 'others', address } }
  const provedEmail = address.toLowerCase()
  if (!citizen || effect === 'none') return { provedEmail, citizen }
  const { codiceFiscale } = citizen
  const email = await rememberCitizen(trx, { codiceFiscale, email: address })
  const news = email === address ? { news: { key: 'address' as const, address } } : {}
  return { provedEmail, citizen: { ...citizen, email }, ...news }
}

/** The draft of the link. When another person requested the link, the person who is signed in becomes the versante. */
function draftFor(citizen: Citizen | undefined, link: ProvedLink): Draft {
  const draft = draftSchema.parse(link.draft)
  const isOthers = effectOn(citizen, link) === 'others'
  return isOthers && citizen?.email ? { ...draft, versante: accountPerson(citizen) } : draft
}

type Gone = 'used' | 'expired' | 'unknown' | 'stale'

function showGone(res: Response, state: Gone | 'good'): void {
  // The link was good a moment ago and cannot be used now, so the person has clicked twice.
  const why = state === 'good' ? 'used' : state
  const t = textsFor(res)
  const view = {
    title: t(`link.${why}.title`),
    what: t(`link.${why}.what`),
    money: requestWords(t, 'citizen'),
  }
  sendPage(res, 'citizen/link-gone', view, why === 'unknown' ? 404 : 410)
}
