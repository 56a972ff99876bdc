import { rename } from 'node:fs/promises'
import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { fileWithBytes, insertTreasuryFile } from '../../db/treasury/file.ts'
import { isOneOf } from '../../domain/table.ts'
import { SOURCES } from '../../domain/treasury/movement.ts'
import { treasuryFiles } from '../../services/file-store.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { t } from '../../templates/language.ts'
import { treasurySummary } from '../../templates/process-words.ts'
import { operatorsOfEnte, theAccess, theOperator } from '../access/operator.ts'
import { reconcilersOnly } from '../access/region.ts'
import type { AppDeps } from '../deps.ts'
import { typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { redirectDone } from '../page/flash.ts'
import { formProblem, FROM_OUR_FORM, receivedOf, receiveFile, type ReceivedFile } from '../upload/receive.ts'
import { showTreasury, TREASURY_PATH } from './treasury.ts'
import { treasuryHref } from './treasury-view.ts'
import { keptName } from '../upload/take-sent.ts'

/** A statement has at most this many bytes as it is sent, packed or not. */
const MOST_BYTES = 50 * 1024 ** 2

/** The upload of a statement of the bank. Its route comes before the middleware that reads forms, because the bytes go directly to the store. */
export function uploadTreasuryPages(deps: AppDeps): Router {
  const { db, files, processes } = deps
  const router = Router()

  const take: RequestHandler = async (req, res) => {
    const received = receivedOf(req)
    if (!received) return showTreasury(db, req, res, { text: t('treasury.upload.missing') })
    try {
      await keep(received, req, res)
    } finally {
      await files.remove(received.key)
    }
  }

  async function keep(received: ReceivedFile, req: Request, res: Response): Promise<void> {
    const { enteId, enteName } = theAccess(res)
    const twin = await fileWithBytes(db, enteId, received.sha256)
    if (twin)
      return showTreasury(db, req, res, {
        text: t('treasury.upload.same', { at: formatInstant(twin.createdAt) }),
        link: { href: `${treasuryHref(res)}/file/${twin.id}`, text: twin.fileName },
      })
    if (received.bytes === 0) return showTreasury(db, req, res, { text: t('treasury.problem.empty') })
    const id = uuidv7()
    const kind = typedIn(req)['tipo']
    // The file first: a row without its file could not be read, and the sweep removes files without a row.
    await rename(files.path(received.key), await files.prepare(treasuryFiles(id).original))
    const isNew = await insertTreasuryFile(db, {
      id,
      enteId,
      operatorId: theOperator(res).id,
      kind: isOneOf(SOURCES, kind) ? kind : undefined,
      fileName: keptName(received.name),
      bytes: received.bytes,
      sha256: received.sha256,
    })
    if (!isNew) {
      // The other of two uploads at once has these bytes.
      await files.remove(treasuryFiles(id).folder)
      const other = await fileWithBytes(db, enteId, received.sha256)
      return res.redirect(303, other ? `${treasuryHref(res)}/file/${other.id}` : treasuryHref(res))
    }
    const summary = treasurySummary(enteName)
    await hint(req.log, { fileId: id }, () => processes.wakeTreasury({ fileId: id, enteId, summary }))
    redirectDone(req, res, `${treasuryHref(res)}/file/${id}`, 'treasury.done.taken')
  }

  const broken: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    const problem = formProblem(error)
    if (!problem) return next(error)
    await showTreasury(db, req, res, { text: t(`treasury.upload.${problem}`) })
  }

  router.post(
    TREASURY_PATH,
    ...operatorsOfEnte(deps),
    reconcilersOnly,
    ...receiveFile(files, { maxBytes: MOST_BYTES, ...FROM_OUR_FORM }),
    take,
    broken,
  )
  return router
}
