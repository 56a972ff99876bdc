import express, { type Router } from 'express'
import type Provider from 'oidc-provider'
import { z } from 'zod'
import { html } from '../html.ts'
import { sendPage } from '../pages/layout.ts'
import { PEOPLE } from './people.ts'
import { askedLevels, IDP_PATH, LEVELS, makeProvider, type IdpOptions } from './provider.ts'

const Form = z.object({ persona: z.string(), livello: z.enum(['', ...LEVELS]).default('') })
/** The level that most people can use with their telephone. */
const USUAL_LEVEL = LEVELS[1]!

/** An identity provider with test people instead of passwords, which the product uses like SPID and CIE. */
export function idpRouter(options: IdpOptions): Router {
  let made: Promise<Provider> | undefined
  const provider = () => (made ??= makeProvider(options))
  const router = express.Router()
  router.get(`${IDP_PATH}/entra/:uid`, (req, res) => {
    const { uid } = req.params
    sendPage(
      res,
      'Chi sei?',
      html`<p>Scegli con quale persona di prova entrare, come con SPID o CIE.</p>
        <form class="card" method="post" action="${IDP_PATH}/entra/${uid}">
          ${PEOPLE.map(
            (person) =>
              html`<p>
                <button class="main" name="persona" value="${person.id}">
                  ${person.name} ${person.familyName}
                </button>
                <span>${person.codiceFiscale}, ${person.note}</span>
              </p>`,
          )}
          <p>
            <label
              >Livello di accesso
              <select name="livello">
                <option value="">quello richiesto</option>
                ${LEVELS.map((name, index) => html`<option value="${name}">${index + 1}</option>`)}
              </select></label
            >
          </p>
          <p><button class="plain" name="persona" value="nessuno">Annulla l’accesso</button></p>
        </form>`,
    )
  })
  router.post(`${IDP_PATH}/entra/:uid`, express.urlencoded({ extended: false }), async (req, res) => {
    const { persona, livello } = Form.parse(req.body)
    const ready = await provider()
    const { params } = await ready.interactionDetails(req, res)
    const isKnown = PEOPLE.some(({ id }) => id === persona)
    const answer = isKnown
      ? { login: { accountId: persona, acr: livello || levelFor(askedLevels(params)) } }
      : { error: 'access_denied', error_description: 'the person gave up' }
    await ready.interactionFinished(req, res, answer, { mergeWithLastSubmission: false })
  })
  router.use(IDP_PATH, (req, res, next) => {
    provider()
      .then((ready) => ready.callback()(req, res))
      .catch(next)
  })
  return router
}

const levelFor = (asked: string[]): string =>
  asked.length === 0 || asked.includes(USUAL_LEVEL) ? USUAL_LEVEL : asked[0]!
