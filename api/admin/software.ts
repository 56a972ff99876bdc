import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { findApiClient, type ApiClient } from '../../db/ente/api-client.ts'
import { makePassword, retirePassword } from '../../services/ente/passwords.ts'
import { hasSoftware } from '../../db/ente/operator.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import { SOFTWARE_PATH } from '../soap/paths.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { theAccess } from '../access/operator.ts'
import { sendPage } from '../page/page.ts'
import { authorOf, enteAdminsOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { redirectDone } from '../page/flash.ts'
import { typedIn } from '../form/read-request.ts'
import { askConfirm, isConfirmed } from '../form/confirm.ts'
import { enteCrumb, enteHref } from './ente-row.ts'

const PATH = '/admin/enti/:codIpa/software'
const Retired = z.object({ visto: z.string().max(40) })

/**
 * The page of the passwords with which the software of an ente calls the platform. A new password is shown once; the previous one can be
 * removed.
 */
export function softwarePages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, enteAdminsOnly, (req, res) => show(req, res))

  // The answer is the page itself, because a redirect would have to store the password somewhere.
  router.post(PATH, enteAdminsOnly, async (req, res) => {
    const made = await makePassword(db, { ...ownerOf(res, config), what: 'software password made' })
    if (made.kind === 'in_use') throw new AppError('STALE_FORM')
    await show(req, res, made.password)
  })

  router.post(`${PATH}/ritira`, enteAdminsOnly, async (req, res) => {
    const { data } = Retired.safeParse(req.body)
    if (!data) throw new AppError('FORM_INVALID')
    if (!isConfirmed(typedIn(req), { confirms: data.visto })) return ask(req, res, data.visto)
    const retired = await retirePassword(db, {
      ...ownerOf(res, config),
      what: 'software password retired',
      seenAt: data.visto,
    })
    if (retired === 'stale') throw new AppError('STALE_FORM')
    redirectDone(req, res, hrefOf(res), 'staff.done.passwordRetired')
  })

  async function show(req: Request, res: Response, password: string | null = null): Promise<void> {
    const { enteId, codIpa, enteName, adhesion } = theAccess(res)
    sendPage(res, 'admin/software', {
      title: t('admin.software.pageTitle', { ente: enteName }),
      ...adminFrame(res, '/admin/enti', enteCrumb(res)),
      heading: enteName,
      href: hrefOf(res),
      codIpa,
      address: new URL(SOFTWARE_PATH, config.publicUrl).href,
      isBarred: !hasSoftware(adhesion),
      password,
      ...passwordsView(await findApiClient(db, enteId)),
      csrf: csrfOf(req),
    })
  }
  return router
}

function ask(req: Request, res: Response, seen: string): void {
  askConfirm(req, res, {
    title: t('admin.confirm.retire.title'),
    lead: theAccess(res).enteName,
    facts: [],
    effects: [t('admin.confirm.retire.effect'), t('admin.confirm.retire.undo')],
    confirms: seen,
    action: `${hrefOf(res)}/ritira`,
    typed: { visto: seen },
    button: t('admin.software.retire'),
    isDanger: true,
    back: { href: hrefOf(res), text: t('admin.confirm.retire.back') },
    frame: adminFrame(res, '/admin/enti', enteCrumb(res), {
      text: t('admin.ente.software'),
      href: hrefOf(res),
    }),
  })
}

const hrefOf = (res: Response): string => `${enteHref(res)}/software`
const ownerOf = (res: Response, config: AppDeps['config']) => ({
  enteId: theAccess(res).enteId,
  by: authorOf(res, config),
})

function passwordsView(client: ApiClient | undefined) {
  if (!client) return { current: null, previous: null, canMake: true }
  const { passwordAt, passwordUsedAt, previousAt, previousUsedAt } = client
  return {
    current: { madeAt: formatInstant(passwordAt), usedAt: usedText(passwordUsedAt) },
    previous:
      previousAt === null
        ? null
        : { madeAt: formatInstant(previousAt), usedAt: usedText(previousUsedAt), seen: previousAt },
    canMake: previousAt === null || passwordUsedAt === null,
  }
}

const usedText = (at: string | null): string =>
  at === null ? t('admin.software.neverUsed') : t('admin.software.usedAt', { at: formatInstant(at) })
