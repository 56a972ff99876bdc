import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Request, RequestHandler } from 'express'
import { stdSerializers, type Logger } from 'pino'
import { pinoHttp } from 'pino-http'

/**
 * Gives each request an id and one line in the log. Addresses are logged without tokens and signatures, because whoever knows one may use
 * it.
 */
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
      err: loggedError,
      res: (res: { statusCode: number }) => ({ statusCode: res.statusCode }),
    },
    customSuccessMessage: () => 'request answered',
    customErrorMessage: () => 'request failed',
    customLogLevel: (_req, res, error) => (res.statusCode >= 500 || error ? 'error' : 'info'),
    autoLogging: { ignore: (req) => req.url?.startsWith('/assets/') ?? false },
  })
}

/** The id of a request, which the answer has in `x-request-id`. */
export const requestIdOf = (req: Request): string => (typeof req.id === 'string' ? req.id : '')

/**
 * The path of an address without tokens: everything after `/conferma/` is cut, and elsewhere everything that looks like a token. It works
 * for every spelling of the address: percent-encoded once or often, upper case, backslashes, an absolute URL, a token that is cut or has
 * text behind it.
 */
export function loggedPath(url: string): string {
  return decoded(url.replace(/[?#].*$/s, ''))
    .replace(/[\\/]+/g, '/')
    .replace(/\/conferma(?![\w-]).+$/is, '/conferma/:token')
    .split('/')
    .map((part) => (part.includes('%') ? ':token' : withoutTokens(part, 32)))
    .join('/')
}

/** Undoes percent-encoding, also when it was applied several times. Bytes above 127 become one character each. */
function decoded(path: string): string {
  let text = path.replace(/%(?:25)+/g, '%')
  for (let round = 0; round < 3; round++)
    text = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return text
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Replaces long runs of base64url, which may be tokens. UUIDs stay, because they are no secrets. */
const withoutTokens = (text: string, least: number): string =>
  text.replace(new RegExp(`[\\w-]{${least},}`, 'g'), (run) => (UUID.test(run) ? run : ':token'))

/** The fields of an error without the tokens that its message may quote. Names in a stack trace are shorter than 40 characters and stay. */
function loggedError(error: Error): object {
  const { raw: _, ...fields } = stdSerializers.err(error)
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? withoutTokens(value, 40) : value,
    ]),
  )
}
