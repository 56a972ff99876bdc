import { ZodError } from 'zod'
import { isDiskFull, isInputError } from '../../db/ground/errors.ts'
import { AppError, type ErrorCode } from '../../domain/errors.ts'

interface ForeignError {
  code?: string
  type?: string
  status?: number
  name?: string
  message?: string
}

/** A breakdown of whatever kind, by a code of the catalogue. */
export function asAppError(error: unknown): { code: ErrorCode; details: object } {
  if (error instanceof AppError) return error
  const foreign = (error ?? {}) as ForeignError
  return { code: FOREIGN.find(([matches]) => matches(foreign))?.[1] ?? 'INTERNAL', details: {} }
}

/** The reader of forms with files throws plain errors: only their words tell them from faults of ours. */
const BROKEN_MULTIPART =
  /^(Unexpected end of (form|file)|Malformed (part header|content type)|Multipart: Boundary not found|Unsupported content type|Missing Content-Type|Request (aborted|closed))/

/** What is longer or more than its form allows. */
const TOO_MUCH = new Set(['LIMIT_FILE_SIZE', 'LIMIT_FIELD_VALUE', 'LIMIT_FIELD_KEY', 'LIMIT_PART_COUNT'])
const DATABASE_LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'])

/** Errors of the libraries that stand at our border, each as a code of ours. The first line that matches counts. */
const FOREIGN: readonly (readonly [(error: ForeignError) => boolean, ErrorCode])[] = [
  [(error) => error instanceof ZodError, 'FORM_INVALID'],
  [({ code }) => code === 'EBADCSRFTOKEN', 'CSRF_INVALID'],
  [({ type }) => type === 'entity.too.large' || type === 'parameters.too.many', 'BODY_TOO_LARGE'],
  [({ name, code }) => name === 'MulterError' && TOO_MUCH.has(code ?? ''), 'BODY_TOO_LARGE'],
  [({ name }) => name === 'MulterError', 'FORM_INVALID'],
  [({ name, message }) => name === 'Error' && BROKEN_MULTIPART.test(message ?? ''), 'REQUEST_MALFORMED'],
  [isDiskFull, 'STORAGE_FULL'],
  [isInputError, 'FORM_INVALID'],
  [({ status }) => status === 403 || status === 404, 'NOT_FOUND'],
  [({ status }) => status !== undefined && status >= 400 && status < 500, 'REQUEST_MALFORMED'],
  [({ code }) => DATABASE_LOST.has(code ?? ''), 'DATABASE_UNREACHABLE'],
  [({ name }) => name === 'KnexTimeoutError' || name === 'TimeoutError', 'DATABASE_UNREACHABLE'],
]
