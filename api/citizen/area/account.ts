import { Router, type Request, type Response } from 'express'
import { askCode, findWaitingCode, tryCode } from '../../../db/account-code.ts'
import { formatInstant } from '../../../domain/calendar.ts'
import { emailAddress } from '../../../domain/person.ts'
import type { AppDeps } from '../../deps.ts'
import { csrfOf } from '../../middleware/csrf.ts'
import type { CountTry } from '../../middleware/limits.ts'
import { languageOf, sendPage, textsFor } from '../../page.ts'
import { within } from '../../within.ts'
import { fieldView, summaryView, type Problems, type Typed } from '../field-view.ts'
import { theCitizen } from './signed-in.ts'

const PATH = '/area/account'
const ADDRESS = 'nuova-posta'
const CODE = 'codice'
const TELL_MS = 500

/** Data of the provider, and the address: changed only by who reads the mail sent to the new one. */
export function accountPages({ db, processes, config, log }: AppDeps, count: CountTry): Router {
  const router = Router()

  router.get(PATH, (req, res) => show(req, res, {}, {}))

  router.post(`${PATH}/posta`, async (req, res) => {
    const t = textsFor(res)
    const typed = (req.body ?? {}) as Typed
    const address = emailAddress.safeParse(typed[ADDRESS])
    if (!address.success) return show(req, res, typed, { [ADDRESS]: t('account.malformed') })
    await count('linkPerClient', req.ip ?? '')
    await count('linkPerAddress', address.data.toLowerCase())
    const asked = await askCode(db, {
      codiceFiscale: theCitizen(req).codiceFiscale,
      address: address.data,
      language: languageOf(res),
      mailHost: new URL(config.publicUrl).hostname,
    })
    if (asked.kind === 'too_soon')
      return show(req, res, typed, { [ADDRESS]: t('account.TOO_SOON', { at: formatInstant(asked.againAt) }) })
    if (!(await within(TELL_MS, () => processes.tellMail(asked.mailId))))
      log.warn({ mailId: asked.mailId }, 'mail stored, process not told: the sweep will')
    res.redirect(303, PATH)
  })

  router.post(`${PATH}/codice`, async (req, res) => {
    const t = textsFor(res)
    const citizen = theCitizen(req)
    const typed = (req.body ?? {}) as Typed
    const digits = typeof typed[CODE] === 'string' ? typed[CODE].replace(/\s/g, '') : ''
    const answer = await tryCode(db, citizen.codiceFiscale, digits)
    if (answer.kind !== 'OK')
      return show(req, res, typed, { [CODE]: t(`account.${answer.kind}`, { left: answer.left }) })
    req.session.citizen = { ...citizen, email: answer.address }
    res.redirect(303, `${PATH}?fatto=posta`)
  })

  async function show(req: Request, res: Response, typed: Typed, problems: Problems): Promise<void> {
    const t = textsFor(res)
    const citizen = theCitizen(req)
    const waiting = await findWaitingCode(db, citizen.codiceFiscale)
    const view = {
      title: t('account.title'),
      csrf: csrfOf(req),
      name: citizen.anagrafica,
      codiceFiscale: citizen.codiceFiscale,
      email: citizen.email ?? null,
      isNeeded: req.query['serve'] === 'posta' && citizen.email === undefined,
      isDone: req.query['fatto'] === 'posta' && citizen.email !== undefined,
      waiting: waiting && {
        address: waiting.address,
        until: formatInstant(waiting.expiresAt),
        field: fieldView(
          {
            id: CODE,
            label: t('account.code'),
            inputMode: 'numeric',
            autocomplete: 'one-time-code',
            maxLength: 12,
          },
          {},
          problems,
        ),
      },
      addressField: fieldView(
        {
          id: ADDRESS,
          label: t('account.newEmail'),
          type: 'email',
          inputMode: 'email',
          autocomplete: 'email',
        },
        typed,
        problems,
      ),
      ...summaryView(problems),
    }
    sendPage(res, 'citizen/area/account', { ...view, waiting: view.waiting ?? null }, statusOf(problems))
  }
  return router
}

const statusOf = (problems: Problems): number => (Object.keys(problems).length > 0 ? 422 : 200)
