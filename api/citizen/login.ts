import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { rememberCitizen } from '../../db/citizen/account.ts'
import { giveCart } from '../../db/payment/cart.ts'
import { nameAtSignIn } from '../../db/ente/grants.ts'
import { AppError } from '../../domain/errors.ts'
import { now, type AppDeps } from '../deps.ts'
import { accountPerson } from './account-person.ts'
import { citizenOf, endSession, leave, renewSession } from '../middleware/session.ts'
import { newAttempt, type IdentityProvider } from '../access/oidc.ts'

/**
 * The longest time of a sign-in. A person needs less for a password and a code on the telephone, so a later answer may come from somebody
 * else.
 */
const ATTEMPT_MS = 10 * 60_000

/** A path of ours. An address with a host, or one that browsers would read as such, is replaced by the personal area. */
const OwnPath = z
  .string()
  .max(300)
  .regex(/^\/(?![/\\])[^\\\s]*$/)
  .catch('/area')

/** The level that the page behind the sign-in requires. It is only a request to the provider; that page itself checks the result. */
const AskedLevel = z.coerce.number().int().min(1).max(3).catch(1)

/** Sign-in and sign-out with the identity provider. Without one the sign-in pages do not exist. */
export function loginPages({ db, config, identityProvider }: AppDeps): Router {
  const router = Router()

  router.get('/accedi', async (req, res) => {
    const provider = mustHave(identityProvider)
    const attempt = newAttempt()
    const level = Math.max(config.signIn.citizenLevel, AskedLevel.parse(req.query['livello']))
    const url = await provider.begin(attempt, level)
    const startedAt = now(config)
    req.session.login = { ...attempt, startedAt, returnTo: OwnPath.parse(req.query['da']), level }
    res.redirect(303, url.href)
  })

  router.get('/accedi/ritorno', async (req, res) => {
    const provider = mustHave(identityProvider)
    const { login } = req.session
    delete req.session.login
    if (!login || age(login.startedAt) > ATTEMPT_MS) throw new AppError('LOGIN_REFUSED', { reason: 'stale' })
    const { idToken, level, ...person } = await provider
      .finish(login, queryOf(req))
      .catch((error: AppError) => {
        req.log.warn({ code: error.code, ...error.details }, 'nobody was signed in')
        throw error
      })
    if (level < login.level) throw new AppError('LOGIN_LEVEL_LOW', { level, asked: login.level })
    const email = await rememberCitizen(db, person)
    await nameAtSignIn(db, person)
    const citizen = { codiceFiscale: person.codiceFiscale, anagrafica: person.anagrafica, email }
    const { cartId } = req.session
    // When another person was signed in, nothing of that session passes to this one.
    const isOther = citizenOf(req) !== undefined && citizenOf(req)!.codiceFiscale !== citizen.codiceFiscale
    if (isOther) await endSession(req)
    else if (cartId !== undefined) await giveCart(db, cartId, accountPerson(citizen))
    await renewSession(req, { citizen, level, idToken, startedAt: now(config) })
    res.redirect(303, login.returnTo)
  })

  router.post('/esci', async (req, res) => {
    const { idToken } = req.session
    await leave(req, res, config)
    res.redirect(303, await whereToLeave(res, idToken))
  })

  /** The address that ends the session of the provider too. When the provider does not answer, the sign-out here is still complete. */
  async function whereToLeave(res: Response, idToken: string | undefined): Promise<string> {
    if (!identityProvider || idToken === undefined) return '/'
    try {
      return (await identityProvider.logoutUrl(idToken)).href
    } catch (error) {
      res.req.log.warn({ err: error }, 'signed out here only')
      return '/'
    }
  }

  const age = (startedAt: string): number => Date.parse(now(config)) - Date.parse(startedAt)
  return router
}

function mustHave(provider: IdentityProvider | undefined): IdentityProvider {
  if (!provider) throw new AppError('NOT_FOUND')
  return provider
}

const queryOf = (req: Request): URLSearchParams =>
  new URLSearchParams(req.originalUrl.slice(req.originalUrl.indexOf('?') + 1))
