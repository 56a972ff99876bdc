import type { ErrorRequestHandler, RequestHandler } from 'express'
import { isInputError } from '../../db/ground/errors.ts'
import { AppError, ERRORS, type ErrorCode } from '../../domain/errors.ts'
import { DEFAULT_LANGUAGE, t as italian } from '../../templates/language.ts'
import { requestWords } from '../../templates/money.ts'
import { sendPage, textsFor } from '../page/page.ts'
import { asAppError } from './foreign-errors.ts'
import { sayWhen, waitText } from './limits.ts'
import { citizenWords, isStaffPath, staffWords } from './problem-words.ts'
import { requestIdOf } from './request-log.ts'

export const notFound: RequestHandler = (_req, _res, next) => next(new AppError('NOT_FOUND'))

/** The codes whose page has its own texts; the page of every other code has the texts of INTERNAL. */
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
  'REQUEST_MALFORMED',
  'METHOD_NOT_ALLOWED',
  'ADDRESS_TOO_LONG',
  'CART_FULL',
  'CART_MIX_NOT_ALLOWED',
  'LINK_INVALID',
  'NOTICE_NOT_PRINTABLE',
  'PAYMENTS_PAUSED',
  'DATABASE_UNREACHABLE',
])

/** The same, where staff meets them alone. */
const TOLD_TO_STAFF = new Set<ErrorCode>(['FILE_MISSING'])

/** Answers an error with a page, or with JSON below /api/. No other place does so, except the ports of software. */
export const problems: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const { code, details } = asAppError(error)
  const { status } = ERRORS[code]
  const requestId = requestIdOf(req)
  if (status >= 500) req.log.error({ err: error, code }, 'request failed')
  // The sender gets a correct answer. It is logged because a schema of ours should have refused the value before.
  if (isInputError(error)) req.log.warn({ err: error, code }, 'value refused by the database')
  if (res.headersSent) return next(error)
  sayWhen(res, { code, details })
  if (req.path.startsWith('/api/')) return void res.status(status).json({ code, requestId, details })
  const isStaff = isStaffPath(req.path)
  const page = TOLD.has(code) || (isStaff && TOLD_TO_STAFF.has(code)) ? code : 'INTERNAL'
  // The pages of staff are in Italian only.
  const t = isStaff ? italian : textsFor(res)
  const wait = waitText(t, details)
  sendPage(
    res,
    'problem',
    {
      ...(isStaff ? { isOperator: true, language: DEFAULT_LANGUAGE } : {}),
      ...((isStaff ? staffWords(page, details, wait) : undefined) ?? citizenWords(t, page, wait)),
      money: requestWords(t, isStaff ? 'operator' : 'citizen'),
      helpHref: isStaff ? null : '/aiuto',
      requestId,
      code,
    },
    status,
  )
}
