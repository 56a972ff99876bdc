import { Router, type Response } from 'express'
import { z } from 'zod'
import { DOCUMENT_KINDS, findDocument } from '../../db/payment/support.ts'
import { receiptsOf } from '../../db/payment/outcome.ts'
import { findReceipt } from '../../db/payment/receipt.ts'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { adminFrame } from '../access/region-menu.ts'
import type { AppDeps } from '../deps.ts'
import { sendReceiptPdf } from '../documents/receipt.ts'
import { mustRead } from '../form/read-request.ts'
import { sendPage } from '../page/page.ts'
import { traceAtRegion } from '../access/trace.ts'
import { prettyXml } from './xml-view.ts'

const PATH = '/supporto/pagamenti/:cartId/xml/:kind/:id'
const Params = z.object({ cartId: z.uuid(), kind: z.enum(DOCUMENT_KINDS), id: z.uuid() })

const ReceiptParams = z.object({ cartId: z.uuid(), receiptId: z.uuid() })

/**
 * The messages and documents of a payment: as a page with persons masked, or as a download of the exact bytes. Both are recorded in the
 * register of accesses.
 */
export function documentPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const asked = mustRead(Params, req.params)
    const bytes = await mustFind(asked)
    await trace(res, asked, 'message')
    sendPage(res, 'support/message', {
      title: t(`support.message.title.${asked.kind}`),
      ...adminFrame(res, '/supporto', {
        text: t('support.page.crumb'),
        href: `/supporto/pagamenti/${asked.cartId}`,
      }),
      xml: prettyXml(bytes),
      size: bytes.length,
      downloadHref: `${req.path}/originale`,
    })
  })

  router.get(`${PATH}/originale`, async (req, res) => {
    const asked = mustRead(Params, req.params)
    const bytes = await mustFind(asked)
    const { kind, id } = asked
    await trace(res, asked, 'document')
    res
      .set({ 'cache-control': 'no-store', 'content-type': 'application/octet-stream' })
      .attachment(`${kind}-${id}.xml`)
      // attachment() sets a type by the file name. This one makes browsers save the bytes and never show them.
      .type('application/octet-stream')
      .send(Buffer.from(bytes))
  })

  /** The PDF shows what the original does, so it is recorded like it. */
  router.get('/supporto/pagamenti/:cartId/ricevute/:receiptId.pdf', async (req, res) => {
    const { cartId, receiptId } = mustRead(ReceiptParams, req.params)
    const receipts = await receiptsOf(db, cartId)
    const receipt = receipts.some((one) => one.receiptId === receiptId) && (await findReceipt(db, receiptId))
    if (!receipt) throw new AppError('NOT_FOUND')
    await traceAtRegion(db, res, { what: 'receipt', of: { entity: 'cart', id: cartId }, cartId })
    await sendReceiptPdf(res, receipt, config)
  })

  const trace = (
    res: Response,
    { cartId, kind, id }: z.infer<typeof Params>,
    what: 'message' | 'document',
  ): Promise<void> =>
    traceAtRegion(db, res, { what, of: { entity: 'cart', id: cartId }, cartId, detail: `${kind} ${id}` })

  async function mustFind(asked: z.infer<typeof Params>): Promise<Uint8Array> {
    const bytes = await findDocument(db, asked)
    if (!bytes) throw new AppError('NOT_FOUND')
    return bytes
  }
  return router
}
