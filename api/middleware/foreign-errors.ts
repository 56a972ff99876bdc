import { ZodError } from 'zod'
import { isDiskFull, isInputError } from '../../db/ground/errors.ts'
import { AppError, type ErrorCode } from '../../domain/errors.ts'

/** The fields by which errors of libraries are told apart; each error has only some of them. */
interface ForeignError {
  code?: string
  type?: string
  status?: number
  name?: string
  message?: string
}

/** Every object counts, because all fields are optional and are only compared. */
const isForeign = (error: unknown): error is ForeignError => typeof error === 'object' && error !== null

/** The code of the catalogue for any error; INTERNAL for an error that nobody expected. */
export function asAppError(error: unknown): { code: ErrorCode; details: object } {
  if (error instanceof AppError) return error
  const foreign = isForeign(error) ? error : {}
  return { code: FOREIGN.find(([matches]) => matches(foreign))?.[1] ?? 'INTERNAL', details: {} }
}

/** Multer throws plain errors for a broken form with a file; only their texts distinguish them from our own bugs. */
const BROKEN_MULTIPART =
  /^(Unexpected end of (form|file)|Malformed (part header|content type)|Multipart: Boundary not found|Unsupported content type|Missing Content-Type|Request (aborted|closed))/

/** Codes of Multer for a form that is too long or has too many parts. */
const TOO_MUCH = new Set(['LIMIT_FILE_SIZE', 'LIMIT_FIELD_VALUE', 'LIMIT_FIELD_KEY', 'LIMIT_PART_COUNT'])
const DATABASE_LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'])

/** The code of the catalogue for each error of a library. The first row that matches decides. */
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
