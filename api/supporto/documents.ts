import { Router } from 'express'
import type { Knex } from 'knex'
import { z } from 'zod'
import { noteEvent } from '../../db/event.ts'
import { DOCUMENT_KINDS, findDocument, type DocumentKind } from '../../db/support.ts'
import { AppError } from '../../domain/errors.ts'
import { adminFrame } from '../admin/menu.ts'
import { theOperator } from '../operator/access.ts'
import { sendPage } from '../page.ts'
import { mustParse } from './payment.ts'
import { DOWNLOADED } from './timeline-view.ts'
import { prettyXml } from './xml-view.ts'

const PATH = '/supporto/pagamenti/:cartId/xml/:kind/:id'
const Params = z.object({ cartId: z.uuid(), kind: z.enum(DOCUMENT_KINDS), id: z.uuid() })

const KIND_WORDS: Record<DocumentKind, string> = {
  richiesta: 'Messaggio: richiesta',
  risposta: 'Messaggio: risposta',
  rpt: 'RPT',
  rt: 'Ricevuta telematica',
}

/** Messages and documents: readable with persons masked, or the exact bytes with a trace of who took them. */
export function documentPages(db: Knex): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const asked = mustParse(Params, req.params)
    const bytes = await mustFind(asked)
    sendPage(res, 'supporto/messaggio', {
      title: KIND_WORDS[asked.kind],
      ...adminFrame(res, '/supporto'),
      xml: prettyXml(bytes),
      size: bytes.length,
      downloadHref: `${req.path}/originale`,
      backHref: `/supporto/pagamenti/${asked.cartId}`,
    })
  })

  router.get(`${PATH}/originale`, async (req, res) => {
    const asked = mustParse(Params, req.params)
    const bytes = await mustFind(asked)
    const { cartId, kind, id } = asked
    const data = { by: theOperator(res).name, kind, id }
    await noteEvent(db, { entity: 'cart', entityId: cartId, kind: DOWNLOADED, data })
    res
      .set({ 'cache-control': 'no-store', 'content-type': 'application/octet-stream' })
      .attachment(`${kind}-${id}.xml`)
      // attachment() sets a type by the name: the bytes go out as they are, never shown by a browser.
      .type('application/octet-stream')
      .send(Buffer.from(bytes))
  })

  async function mustFind(asked: z.infer<typeof Params>): Promise<Uint8Array> {
    const bytes = await findDocument(db, asked)
    if (!bytes) throw new AppError('NOT_FOUND')
    return bytes
  }
  return router
}
