import compression from 'compression'
import express, { type Express, type RequestHandler } from 'express'
import { areaRouter } from './citizen/area/router.ts'
import { cartPages } from './citizen/cart.ts'
import { confirmPages } from './citizen/open-link.ts'
import { adminRouter, adminUploads } from './admin/router.ts'
import { entePages } from './citizen/enti.ts'
import { enteUploadFlow } from './ente/upload-flow.ts'
import { flowFilesDownload } from './ente/flow-files.ts'
import { enteSoftware } from './ente/software.ts'
import { infoPages } from './citizen/info.ts'
import { landingPages } from './citizen/landing.ts'
import { loginPages } from './citizen/login.ts'
import { noticeDocumentPages } from './documents/notice.ts'
import { noticeMailPages, oneClickStop } from './citizen/notice-mail.ts'
import { noticePages } from './citizen/notice.ts'
import { payPages } from './citizen/pay.ts'
import { paymentPages, paymentStream } from './citizen/payment.ts'
import { proveAddress } from './citizen/prove-address.ts'
import { receiptPages } from './documents/receipt.ts'
import { returnPages } from './citizen/return.ts'
import { spontaneousPages } from './citizen/spontaneous.ts'
import type { AppDeps } from './deps.ts'
import { assets } from './middleware/assets.ts'
import { ownerPictures, ownerView } from './page/owner.ts'
import { csrfGuard } from './middleware/csrf.ts'
import { language } from './middleware/language.ts'
import { createLimits, retryLater } from './middleware/limits.ts'
import { notFound, problems } from './middleware/problems.ts'
import { plainText } from './middleware/plain-text.ts'
import { requestLine } from './middleware/request-line.ts'
import { requestLog } from './middleware/request-log.ts'
import { security } from './middleware/security.ts'
import { slowSenders } from './middleware/slow-senders.ts'
import { endOldSession, saveBeforeRedirect, sessions, shownUser, touchSession } from './middleware/session.ts'
import { versantePages } from './citizen/versante.ts'
import { bulkActStream } from './operator/bulk-acts.ts'
import { exportStream } from './operator/exports.ts'
import { draftStream } from './operator/draft.ts'
import { importFlowStream } from './operator/import-flow.ts'
import { operatorRouter } from './operator/router.ts'
import { uploadFlowPages } from './operator/upload-flow.ts'
import { uploadTreasuryPages } from './operator/upload-treasury.ts'
import { supportRouter } from './support/router.ts'

const isStream = (type: unknown): boolean => String(type).startsWith('text/event-stream')
const body: RequestHandler = express.urlencoded({ extended: false, limit: '20kb', parameterLimit: 200 })

/** Builds the app of the public port; the caller makes it listen. The order of the list is the order in which a request passes. */
export function createApp(deps: AppDeps): Express {
  const { db, config, log } = deps
  const limits = createLimits(db, {
    privacyKey: config.keys.privacy,
    points: config.limits,
    factor: config.limitFactor,
  })
  const prove = proveAddress(deps, limits)
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', config.trustedProxies.length > 0 ? [...config.trustedProxies] : false)
  app.locals['isTest'] = config.isTest
  app.locals['canSignIn'] = deps.identityProvider !== undefined
  const owner = { email: config.helpDesk, ...config.owner }
  app.locals['owner'] = ownerView(owner)
  app.use(
    security(config),
    requestLog(log),
    retryLater,
    requestLine,
    slowSenders,
    compression({
      filter: (req, res) => !isStream(res.getHeader('content-type')) && compression.filter(req, res),
    }),
    ownerPictures(owner),
    assets(),
    // It stands before the session, because a stream that lasts for minutes must not write an old session back.
    paymentStream(deps),
    // They stand before the session and the CSRF check, because software has no cookies and none of our forms.
    oneClickStop(deps),
    enteUploadFlow(deps),
    enteSoftware(deps, limits),
    sessions(db, config),
    endOldSession(config),
    importFlowStream(deps),
    draftStream(deps),
    exportStream(deps),
    bulkActStream(deps),
    touchSession(config),
    saveBeforeRedirect,
    language,
    shownUser,
    // They stand before the reader of forms, because the bytes of a file go straight to the store.
    uploadFlowPages(deps),
    uploadTreasuryPages(deps),
    adminUploads(deps),
    body,
    plainText,
    csrfGuard,
    entePages(deps),
    spontaneousPages(deps, prove),
    noticePages(deps, limits, prove),
    noticeDocumentPages(deps),
    noticeMailPages(deps),
    confirmPages(deps),
    cartPages(deps),
    versantePages(deps, prove),
    payPages(deps),
    returnPages(deps),
    paymentPages(deps),
    receiptPages(deps),
    loginPages(deps),
    infoPages(deps),
    landingPages(deps, limits),
    areaRouter(deps, limits),
    flowFilesDownload(deps),
    operatorRouter(deps),
    adminRouter(deps),
    supportRouter(deps),
    notFound,
    problems,
  )
  return app
}
