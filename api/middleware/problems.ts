import type { ErrorRequestHandler, RequestHandler } from 'express'
import { ZodError } from 'zod'
import { isDiskFull } from '../../db/errors.ts'
import { AppError, ERRORS, type ErrorCode } from '../../domain/errors.ts'
import { requestWords } from '../../templates/money.ts'
import { sendPage, textsFor } from '../page.ts'
import { sayWhen, waitText } from './limits.ts'

export const notFound: RequestHandler = (_req, _res, next) => next(new AppError('NOT_FOUND'))

/** Pages with words of their own; every other code is told as INTERNAL. */
const TOLD = new Set<ErrorCode>([
  'NOT_FOUND',
  'FORBIDDEN',
  'NOT_AN_OPERATOR',
  'STALE_FORM',
  'STORAGE_FULL',
  'LOGIN_REFUSED',
  'LOGIN_LEVEL_LOW',
  'IDP_UNREACHABLE',
  'CSRF_INVALID',
  'FORM_INVALID',
  'TOO_MANY_REQUESTS',
  'BODY_TOO_LARGE',
  'CART_FULL',
  'CART_MIX_NOT_ALLOWED',
  'LINK_INVALID',
  'NOTICE_NOT_PRINTABLE',
  'PAYMENTS_PAUSED',
  'DATABASE_UNREACHABLE',
])

/** The one place where a breakdown becomes a page (or JSON for software). */
export const problems: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const { code, details } = asAppError(error)
  const { status } = ERRORS[code]
  const requestId = req.id as string
  if (status >= 500) req.log.error({ err: error, code }, 'request failed')
  if (res.headersSent) return next(error)
  sayWhen(res, { code, details })
  if (req.path.startsWith('/api/')) return void res.status(status).json({ code, requestId, details })
  const t = textsFor(res)
  const key = `problem.${TOLD.has(code) ? code : 'INTERNAL'}`
  sendPage(
    res,
    'problem',
    {
      title: t(`${key}.title`),
      what: t(`${key}.what`),
      money: requestWords(t, OPERATORS.test(req.path) ? 'operator' : 'citizen'),
      todo: t(`${key}.todo`, { wait: waitText(t, details) }),
      href: t(`${key}.href`),
      hrefText: t(`${key}.hrefText`),
      requestId,
      code,
    },
    status,
  )
}

const OPERATORS = /^\/(operatore|admin|supporto)/

interface ForeignError {
  code?: string
  type?: string
  status?: number
  name?: string
}

/** A breakdown of whatever kind, by a code of the catalogue. */
export function asAppError(error: unknown): { code: ErrorCode; details: object } {
  if (error instanceof AppError) return error
  if (error instanceof ZodError) return { code: 'FORM_INVALID', details: {} }
  const foreign = (error ?? {}) as ForeignError
  return { code: FOREIGN.find(([matches]) => matches(foreign))?.[1] ?? 'INTERNAL', details: {} }
}

const FOREIGN: [(error: ForeignError) => boolean, ErrorCode][] = [
  [({ code }) => code === 'EBADCSRFTOKEN', 'CSRF_INVALID'],
  [({ type }) => type === 'entity.too.large' || type === 'parameters.too.many', 'BODY_TOO_LARGE'],
  [isDiskFull, 'STORAGE_FULL'],
  [({ status }) => status === 403 || status === 404, 'NOT_FOUND'],
  [({ status }) => status !== undefined && status >= 400 && status < 500, 'FORM_INVALID'],
  [
    ({ code }) => ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'].includes(code ?? ''),
    'DATABASE_UNREACHABLE',
  ],
  [({ name }) => name === 'KnexTimeoutError' || name === 'TimeoutError', 'DATABASE_UNREACHABLE'],
]
