import { Router } from 'express'
import { findNoticeDocuments } from '../../db/due/notice-document.ts'
import { findReceipt } from '../../db/payment/receipt.ts'
import { AppError } from '../../domain/errors.ts'
import { drawNotice } from '../../templates/documents/notice-document.ts'
import { traceAtEnte } from '../access/trace.ts'
import { now, type AppDeps } from '../deps.ts'
import { noticeFileName } from '../documents/notice.ts'
import { sendReceiptPdf } from '../documents/receipt.ts'
import { DUES_PATH, mustFindDue, theDue } from './due-address.ts'

/** The PDFs of the notice and of the receipts of a due. */
export function dueDocuments({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(`${DUES_PATH}/:dueId/avviso.pdf`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const [notice] = await findNoticeDocuments(db, [due.id])
    if (!notice) throw new AppError('NOT_FOUND')
    if (!notice.isPrintable) throw new AppError('NOTICE_NOT_PRINTABLE')
    await traceAtEnte(db, res, { what: 'notice', of: theDue(due) })
    const pdf = await drawNotice(notice, { ...config, printedAt: now(config) })
    const disposition = `inline; filename="${noticeFileName(notice)}"`
    res
      .set({ 'cache-control': 'no-store', 'content-disposition': disposition })
      .type('application/pdf')
      .send(pdf)
  })

  router.get(`${DUES_PATH}/:dueId/ricevute/:receiptId.pdf`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const attempt = due.attempts.find(
      ({ receiptId, hasReceipt }) => receiptId === req.params.receiptId && hasReceipt,
    )
    if (!attempt) throw new AppError('NOT_FOUND')
    const receipt = await findReceipt(db, attempt.receiptId!)
    if (!receipt) throw new AppError('NOT_FOUND')
    await traceAtEnte(db, res, { what: 'receipt', of: theDue(due) })
    await sendReceiptPdf(res, receipt, config)
  })
  return router
}
