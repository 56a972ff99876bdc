import { Router, type Response } from 'express'
import { z } from 'zod'
import { findReceipt, type StoredReceipt } from '../../db/payment/receipt.ts'
import { AppError } from '../../domain/errors.ts'
import { renderReceiptPdf } from '../../templates/documents/receipt-pdf.ts'
import { receiptView } from '../../templates/documents/receipt-view.ts'
import { receiptFileName } from '../../templates/format.ts'
import { isSigned } from '../../templates/signed-link.ts'
import { now, type AppConfig, type AppDeps } from '../deps.ts'
import { hasPaid } from '../middleware/session.ts'

const File = z
  .string()
  .endsWith('.pdf')
  .transform((name) => name.slice(0, -'.pdf'.length))
  .pipe(z.uuid())

/** The receipt as a PDF, drawn from what the document said when it arrived; only documents that decided a payment. */
export function receiptPages({ db, config }: AppDeps): Router {
  const router = Router()
  router.get('/ricevute/:file', async (req, res) => {
    const { data: id } = File.safeParse(req.params.file)
    const receipt = id === undefined ? undefined : await findReceipt(db, id)
    const isReader = receipt && hasPaid(req, receipt.cartId)
    const canSee = isReader || isSigned(config.keys.link, req.path, { query: req.query, now: now(config) })
    // Whether a receipt exists is itself not for strangers.
    if (!canSee) throw new AppError(id === undefined ? 'NOT_FOUND' : 'FORBIDDEN')
    if (!receipt?.settling) throw new AppError('NOT_FOUND')
    await sendReceiptPdf(res, receipt, config)
  })
  return router
}

/** The drawn document, for somebody who may see it. */
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
