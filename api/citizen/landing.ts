import { Router } from 'express'
import { z } from 'zod'
import { findEnte, spontaneousDueTypes } from '../../db/ente/ente.ts'
import { findPrinted } from '../../db/due/notice.ts'
import { findSettlingReceipt } from '../../db/payment/receipt.ts'
import { AppError } from '../../domain/errors.ts'
import { readNoticeCode } from '../../domain/notice/code.ts'
import { noticeHref, receiptHref } from '../../templates/signed-link.ts'
import { now, type AppDeps } from '../deps.ts'
import { mustRead } from '../form/read-request.ts'
import type { Limits } from '../middleware/limits.ts'
import { enteHref, sendEnti, testEntiOf, dueTypeHref } from './enti.ts'
import { countMiss } from './misses.ts'

const word = z.string().trim().min(1).max(80)
const Ente = z.object({
  codIpaEnte: word,
  numeroAvviso: word.optional().catch(undefined),
  codIdUnivoco: word.optional().catch(undefined),
})
const Spontaneous = z.object({ codIpaEnte: word, codTipo: word })
const Printed = z.object({ iuv: word, ente: word, anagrafica: word })

/**
 * Addresses of the old platform, to which other sites still link. An address with wrong values shows no data.
 * Source: docs/field/payments.md#old-addresses.
 */
export function landingPages({ db, config }: AppDeps, limits: Limits): Router {
  const router = Router()

  router.get('/landing/spontaneo', async (req, res) => {
    const { codIpaEnte, codTipo } = mustRead(Spontaneous, req.query)
    const dueTypes = await spontaneousDueTypes(db, codIpaEnte, testEntiOf(req))
    const dueType = dueTypes.find(({ code }) => code === codTipo)
    if (!dueType) throw new AppError('NOT_FOUND')
    res.redirect(303, dueType.externalUrl ?? dueTypeHref(codIpaEnte, dueType.code))
  })

  router.get('/landing/ente', async (req, res) => {
    const { codIpaEnte, numeroAvviso, codIdUnivoco } = mustRead(Ente, req.query)
    if (!(await findEnte(db, codIpaEnte, testEntiOf(req)))) throw new AppError('NOT_FOUND')
    if (numeroAvviso === undefined) return res.redirect(303, enteHref(codIpaEnte))
    // The search travels in the session, because a fiscal code must not be in an address.
    req.session.search = { ente: codIpaEnte, number: numeroAvviso, codice: codIdUnivoco }
    res.redirect(303, '/avviso')
  })

  /** The link that municipalities published for the old platform. Its parameter with a further address is ignored. */
  router.get('/pa/changeEnte.html', async (req, res) => {
    const { data: codIpa } = word.safeParse(req.query['enteToChange'])
    const isKnown = codIpa !== undefined && (await findEnte(db, codIpa, testEntiOf(req)))
    if (isKnown) return res.redirect(303, enteHref(codIpa))
    await sendEnti(db, res, { q: '', isUnknown: true })
  })

  /** The link of an old receipt mail, with the message id of the RPT. The page of the receipt checks for itself who may see it. */
  router.get('/public/landing/rt', async (req, res) => {
    const { data: messageId } = word.safeParse(req.query['id'])
    const receiptId = messageId === undefined ? undefined : await findSettlingReceipt(db, messageId)
    if (receiptId === undefined) throw new AppError('NOT_FOUND')
    res.redirect(303, `/ricevute/${receiptId}.pdf`)
  })

  router.get('/landing/login', (_req, res) => res.redirect(303, '/accedi'))

  /** The PDF of a notice, or of its receipt when it is paid. */
  router.get('/public/landing/legacy/avviso', async (req, res) => {
    const { iuv, ente, anagrafica } = mustRead(Printed, req.query)
    const code = readNoticeCode(iuv)
    if (!code) throw new AppError('NOT_FOUND')
    const found = await findPrinted(db, { iuv: code.iuv, ente, name: anagrafica })
    await countMiss(limits, req, { iuv: code.iuv, found: found ? [found] : [] })
    if (!found) throw new AppError('NOT_FOUND')
    const instant = now(config)
    const [receipt] = found.receipts
    if (found.state === 'paid' && receipt)
      return res.redirect(303, receiptHref(config.keys.link, receipt.receiptId, instant))
    res.redirect(303, noticeHref(config.keys.link, found.id, instant))
  })
  return router
}
