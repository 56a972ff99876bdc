import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { findCredential } from '../../db/api-client.ts'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import { UPLOAD_PROBLEMS } from '../../templates/pages/operatore/words.ts'
import { now, type AppDeps } from '../deps.ts'
import { asAppError } from '../middleware/foreign-errors.ts'
import { problemText, tooBigText } from '../upload/problem-text.ts'
import { isTooBig, receivedOf, receiveFile } from '../upload/receive.ts'
import { takeFlow } from '../upload/take-flow.ts'
import { readUploadToken, type UploadPermission } from './upload-token.ts'

/** The address of the old platform in its public area, which software is told; and the other one. */
export const PUBLIC_UPLOAD_PATH = '/public/mybox/uploadFlusso'
const PATHS = ['/mybox/uploadFlusso', PUBLIC_UPLOAD_PATH]

/**
 * The upload of a file by the software of an ente, with the token that the web service gave it. The bodies are those it always read;
 * the status says the truth. Source: flows.md §1.3.
 */
export function enteUploadFlow({ db, files, processes, config }: AppDeps): Router {
  const limits = config.upload
  const router = Router()

  const permissionOf = (req: Request): UploadPermission | undefined => {
    const field = (req.body as Record<string, unknown> | undefined)?.['authorizationToken']
    const token = req.query['authorizationToken'] ?? field
    return typeof token === 'string' ? readUploadToken(config.keys.token, token, now(config)) : undefined
  }
  const allowed = (req: Request) => (permissionOf(req) ? undefined : new AppError('FORBIDDEN'))

  const take: RequestHandler = async (req, res) => {
    const permission = permissionOf(req)
    const ente = permission && (await findCredential(db, permission, permission.credential))
    const received = receivedOf(req)
    if (!permission || !ente) {
      if (received) await files.remove(received.key)
      return answer(req, res, 403, 'Token non valido o scaduto')
    }
    if (!received) return answer(req, res, 400, 'Manca il file')
    const { codIpa, requestToken } = permission
    const sender = { enteId: ente.id, codIpa, operatorId: null, requestToken, wantsNotices: true }
    const taken = await takeFlow({ db, files, limits }, received, sender)
    if (taken.kind !== 'taken') return answer(req, res, 400, problemText(taken, codIpa, received.name))
    const { flowId } = taken
    // The file is stored: should nobody be told of it now, the sweep tells.
    await processes.tellImport({ flowId, enteId: ente.id }).catch((error: unknown) => {
      req.log.warn({ err: error, flowId }, 'import starts later')
    })
    res.json([{ fileName: received.name, fileSize: received.bytes, fileType: 'application/zip' }])
  }

  const broken: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (isTooBig(error)) return answer(req, res, 413, tooBigText(limits))
    const { code } = asAppError(error)
    if (code === 'STORAGE_FULL') return answer(req, res, 507, UPLOAD_PROBLEMS['no_space']!)
    const refusal = REFUSALS.get(code)
    return refusal ? answer(req, res, ...refusal) : next(error)
  }

  router.post(PATHS, receiveFile(files, { maxBytes: limits.zipBytes, allowed }), take, broken)
  return router
}

/** What the reader of the form refuses, before anything of it is kept. */
const REFUSALS = new Map<ErrorCode, [status: number, text: string]>([
  ['FORBIDDEN', [403, 'Token non valido o scaduto']],
  ['REQUEST_MALFORMED', [400, 'Il modulo con il file è incompleto o scritto male']],
  ['FORM_INVALID', [400, 'Il modulo contiene più di un file, o un campo senza nome']],
  ['BODY_TOO_LARGE', [413, 'Un campo del modulo è troppo lungo, o i campi sono troppi']],
])

/** 400 for what was sent, 500 for the rest: the two codes that software knows. */
function answer(req: Request, res: Response, status: number, text: string): void {
  res.status(status).json([{ codice: '400', descrizione: `[${req.id as string}] ${text}` }])
}
