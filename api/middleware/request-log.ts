import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { stdSerializers, type Logger } from 'pino'
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
      err: loggedError,
      res: (res: { statusCode: number }) => ({ statusCode: res.statusCode }),
    },
    customSuccessMessage: () => 'request answered',
    customErrorMessage: () => 'request failed',
    customLogLevel: (_req, res, error) => (res.statusCode >= 500 || error ? 'error' : 'info'),
    autoLogging: { ignore: (req) => req.url?.startsWith('/assets/') ?? false },
  })
}

/**
 * An address without what proves something, in whatever spelling it came: encoded once or often, in other letters, with other
 * slashes, in full, cut or with something behind it. Everything behind the name of the page of a link goes, and everywhere what looks
 * like a token.
 */
export function loggedPath(url: string): string {
  return decoded(url.replace(/[?#].*$/s, ''))
    .replace(/[\\/]+/g, '/')
    .replace(/\/conferma(?![\w-]).+$/is, '/conferma/:token')
    .split('/')
    .map((part) => (part.includes('%') ? ':token' : withoutTokens(part, 32)))
    .join('/')
}

/** Only what one of our addresses could be: anything else stays as bytes. */
function decoded(path: string): string {
  let text = path.replace(/%(?:25)+/g, '%')
  for (let round = 0; round < 3; round++)
    text = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return text
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Tokens are long runs of base64url; ids look like them and are no secrets. */
const withoutTokens = (text: string, least: number): string =>
  text.replace(new RegExp(`[\\w-]{${least},}`, 'g'), (run) => (UUID.test(run) ? run : ':token'))

/** What broke, without tokens that a message repeats; names in a stack are shorter than a token. */
function loggedError(error: Error): object {
  const { raw: _, ...fields } = stdSerializers.err(error)
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? withoutTokens(value, 40) : value,
    ]),
  )
}
