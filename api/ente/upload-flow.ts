import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { findCredential } from '../../services/ente/passwords.ts'
import { ERRORS, type ErrorCode } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { flowSummary } from '../../templates/process-words.ts'
import { now, type AppDeps } from '../deps.ts'
import { hint } from '../hint.ts'
import { typedIn } from '../form/read-request.ts'
import { asAppError } from '../middleware/foreign-errors.ts'
import { sayWhen } from '../middleware/limits.ts'
import { requestIdOf } from '../middleware/request-log.ts'
import { formProblemText, problemText } from '../upload/problem-text.ts'
import { formProblem, receivedOf, receiveFile, type Standing } from '../upload/receive.ts'
import { takeFlow } from '../upload/take-flow.ts'
import { readUploadToken, type UploadPermission } from './upload-token.ts'

/** The path for uploads in the public area of the old platform; the web service names it to software. PATHS has the older one too. */
export const PUBLIC_UPLOAD_PATH = '/public/mybox/uploadFlusso'
const PATHS = ['/mybox/uploadFlusso', PUBLIC_UPLOAD_PATH]

/** The status of a refused upload. An installation may configure the 200 of the old platform, whose software reads only the body. */
const REFUSED = 403

const WORDS: Partial<Record<ErrorCode, string>> = {
  FORBIDDEN: 'Token non valido o scaduto',
  FORM_INVALID:
    'La richiesta non si legge: serve un modulo multipart/form-data con authorizationToken e un file',
  BODY_TOO_LARGE: 'Il modulo ha troppi campi, o campi troppo lunghi',
  STORAGE_FULL: t('flows.problem.no_space'),
  REQUEST_MALFORMED: 'Il modulo con il file è incompleto o scritto male',
  TOO_MANY_REQUESTS:
    'Troppi file stanno arrivando da mittenti ancora sconosciuti. Inviare authorizationToken nell’indirizzo o prima del file, oppure riprovare più tardi',
}

/**
 * The upload of a file of dues by the software of an ente, with the token of the web service. The bodies of the answers are those of the
 * old platform; the status is that of the real outcome. Source: docs/field/ente-services.md#s1, docs/field/ente-services.md#s2.
 */
export function enteUploadFlow({ db, files, processes, config }: AppDeps): Router {
  const limits = config.upload
  const router = Router()

  const tokenOf = (req: Request): unknown =>
    req.query['authorizationToken'] ?? typedIn(req)['authorizationToken']
  const permissionOf = (req: Request): UploadPermission | undefined => {
    const token = tokenOf(req)
    return typeof token === 'string' ? readUploadToken(config.keys.token, token, now(config)) : undefined
  }
  const standing = (req: Request): Standing => {
    if (permissionOf(req)) return 'proven'
    return tokenOf(req) === undefined ? 'missing' : 'false'
  }

  const take: RequestHandler = async (req, res) => {
    const permission = permissionOf(req)!
    const { codIpa, requestToken } = permission
    const ente = await findCredential(db, permission, permission.credential)
    const received = receivedOf(req)
    if (!ente) {
      if (received) await files.remove(received.key)
      return refuse(req, res, WORDS.FORBIDDEN!)
    }
    if (!received) return refuse(req, res, 'Manca il file')
    const sender = { enteId: ente.id, codIpa, operatorId: null, requestToken, wantsNotices: true }
    const taken = await takeFlow({ db, files, limits }, received, sender)
    if (taken.kind !== 'taken') return refuse(req, res, problemText(taken, codIpa, received.name))
    const { flowId, baseName } = taken
    const started = { flowId, enteId: ente.id, summary: flowSummary({ baseName, isCheck: false }) }
    await hint(req.log, { flowId }, () => processes.wakeImport(started))
    res.json([{ fileName: received.name, fileSize: received.bytes, fileType: 'application/zip' }])
  }

  const broken: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error)
    const problem = formProblem(error)
    if (problem) return refuse(req, res, formProblemText(problem, limits))
    const { code, details } = asAppError(error)
    sayWhen(res, { code, details })
    const { status } = ERRORS[code]
    const text = WORDS[code] ?? code
    if (code !== 'TOO_MANY_REQUESTS' && status < 500) return refuse(req, res, text)
    if (status >= 500) req.log.error({ err: error, code }, 'file of software not taken')
    answer(req, res, status, text)
  }

  /** Refuses an upload that is wrong. */
  const refuse = (req: Request, res: Response, text: string): void =>
    answer(req, res, config.uploadRefusedStatus ?? REFUSED, text)

  const receiving = { maxBytes: limits.zipBytes, standing, refusal: 'FORBIDDEN' } as const
  router.post(PATHS, ...receiveFile(files, receiving), take, broken)
  return router
}

/** Sends an answer with a problem. `codice` is 400 for a wrong upload and 500 for our own errors; software knows only these two. */
function answer(req: Request, res: Response, status: number, text: string): void {
  const codice = status >= 500 ? '500' : '400'
  res.status(status).json([{ codice, descrizione: `[${requestIdOf(req)}] ${text}` }])
}
