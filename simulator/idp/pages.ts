import express, { type Router } from 'express'
import type Provider from 'oidc-provider'
import { z } from 'zod'
import { html } from '../html.ts'
import { sendPage } from '../pages/layout.ts'
import { PEOPLE } from './people.ts'
import { IDP_PATH, makeProvider, type IdpOptions } from './provider.ts'

const Form = z.object({ persona: z.string() })

/** Identity provider with test people instead of passwords: SPID and CIE as the product sees them. */
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
          <p><button class="plain" name="persona" value="nessuno">Annulla l’accesso</button></p>
        </form>`,
    )
  })
  router.post(`${IDP_PATH}/entra/:uid`, express.urlencoded({ extended: false }), async (req, res) => {
    const { persona } = Form.parse(req.body)
    const isKnown = PEOPLE.some(({ id }) => id === persona)
    const answer = isKnown
      ? { login: { accountId: persona } }
      : { error: 'access_denied', error_description: 'the person gave up' }
    await (await provider()).interactionFinished(req, res, answer, { mergeWithLastSubmission: false })
  })
  router.use(IDP_PATH, (req, res, next) => {
    provider()
      .then((ready) => ready.callback()(req, res))
      .catch(next)
  })
  return router
}
