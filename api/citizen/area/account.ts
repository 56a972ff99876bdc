import { Router, type Request, type Response } from 'express'
import { askCode, findWaitingCode, tryCode } from '../../../db/citizen/account-code.ts'
import { formatInstant } from '../../../domain/calendar.ts'
import { emailAddress } from '../../../domain/person.ts'
import { mailSummary, type MailKind } from '../../../templates/process-words.ts'
import type { AppDeps } from '../../deps.ts'
import { csrfOf } from '../../middleware/csrf.ts'
import type { Limits } from '../../middleware/limits.ts'
import { languageOf, sendPage, textsFor } from '../../page/page.ts'
import { hint } from '../../hint.ts'
import { triesOf } from '../client.ts'
import { mayWriteTo } from '../prove-address.ts'
import { fieldView, statusOf, summaryView, type Problems } from '../../form/field-view.ts'
import { trimmedText, typedIn, type Typed } from '../../form/read-request.ts'
import { theCitizen } from './signed-in.ts'

const PATH = '/area/account'
const ADDRESS = 'nuova-posta'
const CODE = 'codice'

/** The data of the account. The mail address changes only with the code of a mail to the new address. */
export function accountPages(deps: AppDeps, limits: Limits): Router {
  const { db, config } = deps
  const router = Router()
  const mailHost = new URL(config.publicUrl).hostname
  const wakeMail = (mailId: string, kind: MailKind): Promise<void> =>
    deps.processes.wakeMail(mailId, { summary: mailSummary(kind) })

  router.get(PATH, (req, res) => show(req, res, {}, {}))

  router.post(`${PATH}/posta`, async (req, res) => {
    const t = textsFor(res)
    const typed = typedIn(req)
    const address = emailAddress.safeParse(typed[ADDRESS])
    if (!address.success) return show(req, res, typed, { [ADDRESS]: t('account.malformed') })
    await limits.take(...triesOf(req, 'linkPerClient'))
    const asked = await askCode(db, {
      codiceFiscale: theCitizen(req).codiceFiscale,
      address: address.data,
      language: languageOf(res),
      mailHost,
      mayWrite: await mayWriteTo(limits, address.data),
    })
    if (asked.kind === 'too_soon')
      return show(req, res, typed, { [ADDRESS]: t('account.TOO_SOON', { at: formatInstant(asked.againAt) }) })
    if (asked.mailId !== undefined)
      await hint(deps.log, { mailId: asked.mailId }, () => wakeMail(asked.mailId!, 'code'))
    res.redirect(303, PATH)
  })

  router.post(`${PATH}/codice`, async (req, res) => {
    const t = textsFor(res)
    const citizen = theCitizen(req)
    const typed = typedIn(req)
    const digits = trimmedText(typed, CODE).replace(/\s/g, '')
    const answer = await tryCode(db, {
      codiceFiscale: citizen.codiceFiscale,
      typed: digits,
      language: languageOf(res),
      mailHost,
    })
    if (answer.kind !== 'OK')
      return show(req, res, typed, { [CODE]: t(`account.${answer.kind}`, { left: answer.left }) })
    req.session.citizen = { ...citizen, email: answer.address }
    if (answer.mailId !== undefined)
      await hint(deps.log, { mailId: answer.mailId }, () => wakeMail(answer.mailId!, 'address'))
    res.redirect(303, `${PATH}?fatto=posta`)
  })

  async function show(req: Request, res: Response, typed: Typed, problems: Problems): Promise<void> {
    const t = textsFor(res)
    const citizen = theCitizen(req)
    const waiting = await findWaitingCode(db, citizen.codiceFiscale)
    const view = {
      title: t('account.title'),
      parents: [{ text: t('area.title'), href: '/area' }],
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
