/**
 * Every error code, with its HTTP status and whether to retry. Codes are public: pages, logs, the Temporal UI and
 * docs/errors.md show them.
 */
export const ERRORS = {
  IMPORTO_MALFORMED: { status: 422, retry: false },
  FORM_INVALID: { status: 422, retry: false },
  NOT_FOUND: { status: 404, retry: false },
  FILE_MISSING: { status: 404, retry: false },
  NOT_AN_OPERATOR: { status: 403, retry: false },
  FORBIDDEN: { status: 403, retry: false },
  LOGIN_REFUSED: { status: 403, retry: false },
  LOGIN_LEVEL_LOW: { status: 403, retry: false },
  IDP_UNREACHABLE: { status: 503, retry: false },
  CSRF_INVALID: { status: 403, retry: false },
  TOO_MANY_REQUESTS: { status: 429, retry: false },
  BODY_TOO_LARGE: { status: 413, retry: false },
  REQUEST_MALFORMED: { status: 400, retry: false },
  METHOD_NOT_ALLOWED: { status: 405, retry: false },
  ADDRESS_TOO_LONG: { status: 414, retry: false },
  LINK_INVALID: { status: 410, retry: false },
  CART_EXPIRED: { status: 410, retry: false },
  CART_FULL: { status: 409, retry: false },
  CART_EMPTY: { status: 409, retry: false },
  CART_MIX_NOT_ALLOWED: { status: 409, retry: false },
  STALE_FORM: { status: 409, retry: false },
  NOTICE_NOT_PRINTABLE: { status: 409, retry: false },
  STATE_MOVE_REFUSED: { status: 409, retry: false },
  RPT_INVALID: { status: 500, retry: false },
  MAIL_UNREACHABLE: { status: 503, retry: true },
  PAYMENTS_PAUSED: { status: 503, retry: true },
  STORAGE_FULL: { status: 507, retry: true },
  CHUNK_RACED: { status: 503, retry: true },
  REPORTING_BUSY: { status: 503, retry: true },
  REPORTING_UNREACHABLE: { status: 503, retry: true },
  REPORTING_REFUSED: { status: 502, retry: false },
  REPORTING_GONE: { status: 404, retry: false },
  TOO_MANY_ROWS: { status: 409, retry: false },
  DATABASE_UNREACHABLE: { status: 503, retry: true },
  CONFIG_INVALID: { status: 500, retry: false },
  INTERNAL: { status: 500, retry: false },
} as const satisfies Record<string, { status: number; retry: boolean }>

export type ErrorCode = keyof typeof ERRORS

/** An error with a stable code. `details` must not hold personal data, because they reach logs and histories. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, details: Record<string, unknown> = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }

  get status(): number {
    return ERRORS[this.code].status
  }

  get retry(): boolean {
    return ERRORS[this.code].retry
  }
}

/** The code of an error of Node or of a library, such as ENOENT or a SQLSTATE; undefined when it has none. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}

/**
 * A limit is reached.
 * @param limit its key among the words of limits
 * @param seconds until it may be tried again
 */
export const tooMany = (limit: string, seconds: number, more: object = {}): AppError =>
  new AppError('TOO_MANY_REQUESTS', { limit, retryAfter: Math.max(1, Math.ceil(seconds)), ...more })
