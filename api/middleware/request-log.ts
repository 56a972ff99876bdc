import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'

/** Request id and one line per request. Addresses are logged without what proves something: tokens and signatures. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (_req, res) => {
      const id = randomUUID()
      res.setHeader('x-request-id', id)
      return id
    },
    wrapSerializers: false,
    serializers: {
      req: (req: IncomingMessage & { id: string; originalUrl?: string }) => ({
        id: req.id,
        method: req.method,
        path: loggedPath(req.originalUrl ?? req.url ?? '/'),
      }),
      res: (res: { statusCode: number }) => ({ statusCode: res.statusCode }),
    },
    customSuccessMessage: () => 'request answered',
    customErrorMessage: () => 'request failed',
    customLogLevel: (_req, res, error) => (res.statusCode >= 500 || error ? 'error' : 'info'),
    autoLogging: { ignore: (req) => req.url?.startsWith('/assets/') ?? false },
  })
}

export function loggedPath(url: string): string {
  return url.replace(/\?.*$/s, '').replace(/^\/conferma\/.*$/s, '/conferma/:token')
}
