import { Router } from 'express'
import { z } from 'zod'
import { findNoticeDocuments, type NoticeDocument } from '../../db/notice-document.ts'
import { AppError } from '../../domain/errors.ts'
import { numeroAvviso } from '../../domain/iuv.ts'
import { cents } from '../../domain/money.ts'
import { renderNoticePdf } from '../../templates/documents/notice-pdf.ts'
import type { NoticePdfView } from '../../templates/documents/notice-view.ts'
import { addressLine } from '../../templates/format.ts'
import { isSigned } from '../../templates/signed-link.ts'
import { now, type AppConfig, type AppDeps } from '../deps.ts'
import { citizenOf } from '../middleware/session.ts'

const File = z
  .string()
  .endsWith('.pdf')
  .transform((name) => name.slice(0, -'.pdf'.length))
  .pipe(z.uuid())

/** The notice as a PDF, drawn from the due as it is now. */
export function noticeDocumentPages({ db, config }: AppDeps): Router {
  const router = Router()
  router.get('/avvisi/:file', async (req, res) => {
    const { data: id } = File.safeParse(req.params.file)
    const [notice] = id === undefined ? [] : await findNoticeDocuments(db, [id])
    const isOwner = notice !== undefined && citizenOf(req)?.codiceFiscale === notice.pagatoreCodice
    const canSee = isOwner || isSigned(config.sessionSecret, req.path, { query: req.query, now: now(config) })
    // Whether a due exists is itself not for strangers.
    if (!canSee) throw new AppError(id === undefined ? 'NOT_FOUND' : 'FORBIDDEN')
    if (!notice) throw new AppError('NOT_FOUND')
    if (!notice.isPrintable) throw new AppError('NOTICE_NOT_PRINTABLE')
    const pdf = await drawNotice(notice, config, now(config))
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

/** @param printedAt an instant: the same due at the same time is the same file */
export const drawNotice = (
  notice: NoticeDocument,
  { isTest, publicUrl }: AppConfig,
  printedAt: string,
): Promise<Buffer> => renderNoticePdf(noticePdfView(notice, { isTest, printedAt, portalUrl: publicUrl }))

function noticePdfView(
  notice: NoticeDocument,
  print: Pick<NoticePdfView, 'isTest' | 'printedAt' | 'portalUrl'>,
): NoticePdfView {
  const { pagatore, conto, contoName, authorization } = notice
  return {
    ...print,
    numeroAvviso: numeroAvviso(notice.iuv, notice.applicationCode ?? undefined),
    subject: notice.causale,
    importo: cents(notice.importoCents),
    dueOn: notice.dueOn,
    ente: {
      name: notice.enteName,
      codiceFiscale: notice.codiceFiscale,
      settore: notice.settore,
      info: infoOf(notice),
      cbill: notice.cbill,
      logo: notice.logo,
    },
    payer: {
      name: pagatore.anagrafica,
      codice: pagatore.codice,
      address: addressLine(pagatore),
    },
    postal:
      conto === null || authorization === null ? null : { conto, holder: contoName ?? '', authorization },
    secondLanguage: notice.secondLanguage,
  }
}

/** Where the ente is and how it is reached. */
function infoOf(notice: NoticeDocument): string {
  const { indirizzo, civico, cap, localita, provincia, phone, email } = notice
  const given = Object.entries({ indirizzo, civico, cap, localita, provincia }).filter(
    ([, value]) => value !== null,
  )
  return [addressLine(Object.fromEntries(given)), phone, email].filter(Boolean).join(' · ')
}
