import { Router } from 'express'
import { findNoticeDocuments, type NoticeDocument } from '../../db/due/notice-document.ts'
import { AppError } from '../../domain/errors.ts'
import { drawNotice } from '../../templates/documents/notice-document.ts'
import { isSigned } from '../../templates/signed-link.ts'
import { now, type AppDeps } from '../deps.ts'
import { citizenOf } from '../middleware/session.ts'
import { idOfPdf } from './download.ts'

/** The PDF of a notice, drawn from the due as it is now. The pagatore and whoever has the signed link may see it. */
export function noticeDocumentPages({ db, config }: AppDeps): Router {
  const router = Router()
  router.get('/avvisi/:file', async (req, res) => {
    const id = idOfPdf(req.params.file)
    const [notice] = id === undefined ? [] : await findNoticeDocuments(db, [id])
    const isOwner = notice !== undefined && citizenOf(req)?.codiceFiscale === notice.pagatoreCodice
    const canSee = isOwner || isSigned(config.keys.link, req.path, { query: req.query, now: now(config) })
    // A stranger gets the same answer whether the due exists or not.
    if (!canSee) throw new AppError(id === undefined ? 'NOT_FOUND' : 'FORBIDDEN')
    if (!notice) throw new AppError('NOT_FOUND')
    if (!notice.isPrintable) throw new AppError('NOTICE_NOT_PRINTABLE')
    const pdf = await drawNotice(notice, { ...config, printedAt: now(config) })
    res
      .set({
        'cache-control': 'no-store',
        'content-disposition': `inline; filename="${noticeFileName(notice)}"`,
      })
      .type('application/pdf')
      .send(pdf)
  })
  return router
}

export const noticeFileName = ({ codiceFiscale, iuv }: NoticeDocument): string =>
  `MYPAY_AVVISO_${codiceFiscale}_${iuv}.pdf`
