import { Router, type Response } from 'express'
import { findReceipt, type StoredReceipt } from '../../db/payment/receipt.ts'
import { AppError } from '../../domain/errors.ts'
import { renderReceiptPdf } from '../../templates/documents/receipt-pdf.ts'
import { receiptView } from '../../templates/documents/receipt-view.ts'
import { receiptFileName } from '../../templates/format.ts'
import { isSigned } from '../../templates/signed-link.ts'
import { now, type AppConfig, type AppDeps } from '../deps.ts'
import { hasPaid } from '../middleware/session.ts'
import { idOfPdf } from './download.ts'

/**
 * The PDF of a receipt, drawn from the stored content of the RT. Only an RT that has settled a payment has one. The browser that has paid
 * and whoever has the signed link may see it.
 */
export function receiptPages({ db, config }: AppDeps): Router {
  const router = Router()
  router.get('/ricevute/:file', async (req, res) => {
    const id = idOfPdf(req.params.file)
    const receipt = id === undefined ? undefined : await findReceipt(db, id)
    const isReader = receipt && hasPaid(req, receipt.cartId)
    const canSee = isReader || isSigned(config.keys.link, req.path, { query: req.query, now: now(config) })
    // A stranger gets the same answer whether the receipt exists or not.
    if (!canSee) throw new AppError(id === undefined ? 'NOT_FOUND' : 'FORBIDDEN')
    if (!receipt?.settling) throw new AppError('NOT_FOUND')
    await sendReceiptPdf(res, receipt, config)
  })
  return router
}

/** Draws and sends the PDF of a receipt. The caller has checked that the person may see it. */
export async function sendReceiptPdf(
  res: Response,
  stored: StoredReceipt,
  { isTest }: Pick<AppConfig, 'isTest'>,
): Promise<void> {
  const { content: receipt, receivedAt: printedAt, known, logo } = stored
  const pdf = await renderReceiptPdf(receiptView(receipt, { printedAt, isTest, known, logo }))
  res
    .set({
      'cache-control': 'no-store',
      'content-disposition': `inline; filename="${receiptFileName(receipt)}"`,
    })
    .type('application/pdf')
    .send(pdf)
}
