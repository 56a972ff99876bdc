import { AppError, type ErrorCode } from '../domain/errors.ts'

interface PgError extends Error {
  code?: string
  constraint?: string
  detail?: string
  hint?: string
  where?: string
}

/** SQLSTATE (or class) to our code; anything else stays as it is, without its quotes. */
const MEANING: Record<string, ErrorCode> = {
  MP001: 'STATE_MOVE_REFUSED',
  '08': 'DATABASE_UNREACHABLE',
  '53': 'DATABASE_UNREACHABLE',
  '57': 'DATABASE_UNREACHABLE',
}

/** pg quotes row values in detail, hint, where and in messages of class 22: none of it may reach a log or a history. */
export function scrubbed(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code } = error as PgError
  if (!code) return error
  const meaning = MEANING[code] ?? MEANING[code.slice(0, 2)]
  const quoted = code.startsWith('22') || code === 'MP001'
  const clean: PgError = new Error(quoted ? `SQLSTATE ${code}` : error.message)
  clean.code = code
  const { constraint } = error as PgError
  if (constraint) clean.constraint = constraint
  if (error.stack) clean.stack = error.stack.replace(error.message, clean.message)
  return meaning ? new AppError(meaning, { sqlState: code }, clean) : clean
}

/** 55P03: somebody else holds the row. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && (error as PgError).code === '55P03'
}
