import { Router, type ErrorRequestHandler, type Response } from 'express'
import { ERRORS } from '../../domain/errors.ts'
import { buildSoapFault } from '../../domain/wire/ente.ts'
import type { AppDeps } from '../deps.ts'
import { asAppError } from '../middleware/foreign-errors.ts'
import { sayWhen, type Limits } from '../middleware/limits.ts'
import { networkOf } from '../middleware/network.ts'
import { readBody } from '../soap/body.ts'
import { SOFTWARE_PATH } from '../soap/paths.ts'
import { answerSoftware } from './answer-software.ts'
import { enteWsdl } from './wsdl.ts'

/** The largest message. Those of these operations are far smaller, also with the headers that some libraries add. */
const MAX_BYTES = 64 * 1024
/** The points that a call with a wrong password or an unreadable message costs in addition to its one point. */
const REFUSED_COST = 30

/** The web service for the software of enti. Source: docs/field/ente-services.md. */
export function enteSoftware(deps: AppDeps, limits: Limits): Router {
  const { publicUrl } = deps.config
  const wsdl = enteWsdl(new URL(SOFTWARE_PATH, publicUrl).href)
  const router = Router()

  router.get([SOFTWARE_PATH, `${SOFTWARE_PATH}.wsdl`], (req, res, next) => {
    const isAsked = req.path.endsWith('.wsdl') || Object.keys(req.query).some((key) => /^wsdl$/i.test(key))
    if (isAsked) sendXml(res, 200, wsdl)
    else next()
  })

  router.post(SOFTWARE_PATH, async (req, res) => {
    const client = { limit: 'softwarePerClient', key: networkOf(req.ip) } as const
    await limits.take(client)
    const body = await readBody(req, MAX_BYTES)
    if ('status' in body) {
      res.set('connection', 'close')
      return sendFault(res, body.status, UNREAD[body.status])
    }
    const answer = await answerSoftware(deps, body.bytes)
    req.log.info({ operation: answer.operation, outcome: answer.outcome }, 'software answered')
    if (!answer.isAdmitted) await limits.take({ ...client, points: REFUSED_COST })
    sendXml(res, answer.status, answer.body)
  })

  const broken: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error)
    const { code, details } = asAppError(error)
    const { status } = ERRORS[code]
    if (status >= 500) req.log.error({ err: error, code }, 'software not answered')
    // The rest of a call that was not read to its end is still on the connection, so it cannot be used again.
    res.set('connection', 'close')
    sayWhen(res, { code, details })
    // A status above 500, such as 503, becomes 500, because clients in Java and .NET read a SOAP fault with 500.
    sendFault(res, Math.min(status, 500), code)
  }
  // Only errors of this path come here; errors of the pages go to `problems`.
  router.use(SOFTWARE_PATH, broken)
  return router
}

/** The text of the SOAP fault for each status of `readBody`. */
const UNREAD = {
  400: 'Richiesta illeggibile',
  413: 'Richiesta troppo grande',
  415: 'Compressione non ammessa: solo gzip',
} as const

const sendFault = (res: Response, status: number, text: string): void =>
  sendXml(res, status, buildSoapFault(status < 500 ? 'Client' : 'Server', text))

function sendXml(res: Response, status: number, body: Uint8Array | string): void {
  res
    .status(status)
    .set('cache-control', 'no-store')
    .type('text/xml; charset=UTF-8')
    .send(typeof body === 'string' ? body : Buffer.from(body))
}
