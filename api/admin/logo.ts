import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import multer from 'multer'
import { readinessOf } from '../../db/ente/configuration.ts'
import { AppError } from '../../domain/errors.ts'
import { setLogo } from '../../services/ente/set-logo.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf, isFromOurForm } from '../middleware/csrf.ts'
import { redirectDone, redirectWith, takeFlash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { theAccess } from '../access/operator.ts'
import { formProblem } from '../upload/receive.ts'
import { authorOf, platformOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { enteCrumb, enteHref } from './ente-row.ts'
import { readLogo, type Logo, type LogoProblem } from './logo-file.ts'

const PATH = '/admin/enti/:codIpa/logo'
const MAX_LOGO_BYTES = 200 * 1024

/** The page with the form for the logo of an ente. */
export function logoPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()
  router.get(PATH, platformOnly, async (req, res) => {
    const { enteId, codIpa, enteName } = theAccess(res)
    const refusal = takeFlash(req)
    const { hasLogo } = await readinessOf(db, enteId)
    sendPage(res, 'admin/logo', {
      title: t('admin.ente.logo'),
      ...adminFrame(res, '/admin/enti', enteCrumb(res)),
      name: enteName,
      action: `${enteHref(res)}/logo`,
      back: enteHref(res),
      logoProblem: refusal === undefined ? null : t(`admin.logoProblem.${refusal.key}`),
      logo: hasLogo ? `/enti/${codIpa}/logo.png` : null,
      csrf: csrfOf(req),
    })
  })
  return router
}

/** The upload of the logo of an ente. As for every form with a file, its route comes before the middleware that reads forms. */
export function logoUpload(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  guards: readonly RequestHandler[],
): Router {
  const router = Router()
  const upload = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: MAX_LOGO_BYTES, files: 1, fields: 5, parts: 6 },
  }).any()
  const take: RequestHandler = async (req, res) => {
    if (!isFromOurForm(req)) throw new AppError('CSRF_INVALID')
    const [file] = Array.isArray(req.files) ? req.files : []
    const logo: Logo | { kind: 'missing' } = file ? readLogo(file.buffer) : { kind: 'missing' }
    if (logo.kind !== 'logo') return refuse(req, res, logo.kind)
    await setLogo(db, { enteId: theAccess(res).enteId, logo: logo.bytes, by: authorOf(res, config) })
    redirectDone(req, res, enteHref(res), 'staff.done.logoSet')
  }
  const tooBig: ErrorRequestHandler = (error: unknown, req, res, next) =>
    formProblem(error) === 'too_big' ? refuse(req, res, 'too_big') : next(error)
  router.post(PATH, ...guards, platformOnly, upload, take, tooBig)
  return router
}

function refuse(req: Request, res: Response, key: LogoProblem | 'missing' | 'too_big'): void {
  redirectWith(req, res, `${enteHref(res)}/logo`, { key })
}
