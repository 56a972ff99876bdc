import { AppError, type ErrorCode } from '../../domain/errors.ts'

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
  '53100': 'STORAGE_FULL',
  '08': 'DATABASE_UNREACHABLE',
  '53': 'DATABASE_UNREACHABLE',
  '57': 'DATABASE_UNREACHABLE',
}

/** Longer than whoever was refused waits before trying again. */
const REMEMBERED_MS = 15_000
let refusedAt = Number.NEGATIVE_INFINITY

/** Whether PostgreSQL refused this process a row for want of space a moment ago: only a write can tell, a question is answered. */
export const hasSpace = (): boolean => Date.now() - refusedAt > REMEMBERED_MS

/** The disk of our own files is full, or the process may write no more. */
export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as { code?: string } | undefined)?.code ?? '')

/** A server that dies says nothing: pg has words for it and no code. */
const LOST = /^Connection terminated|is not queryable/

/** pg quotes row values in detail, hint, where and in messages of class 22: none of it may reach a log or a history. */
export function scrubbed(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code } = error as PgError
  if (!code) return LOST.test(error.message) ? new AppError('DATABASE_UNREACHABLE', {}, error) : error
  const meaning = MEANING[code] ?? MEANING[code.slice(0, 2)]
  if (meaning === 'STORAGE_FULL') refusedAt = Date.now()
  const quoted = code.startsWith('22') || code === 'MP001'
  const clean: PgError = new Error(quoted ? `SQLSTATE ${code}` : error.message)
  clean.code = code
  const { constraint } = error as PgError
  if (constraint) clean.constraint = constraint
  if (error.stack) clean.stack = error.stack.replace(error.message, clean.message)
  return meaning ? new AppError(meaning, { sqlState: code }, clean) : clean
}

/** Too long, out of a range, no date, no character: what a value from outside can do. The rest of class 22 is a fault of ours. */
const OF_INPUT = new Set(['22001', '22003', '22007', '22008', '22021', '22P02', '22P05'])

export const isInputError = (error: unknown): boolean =>
  error instanceof Error && OF_INPUT.has((error as PgError).code ?? '')

/** 55P03: somebody else holds the row. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && (error as PgError).code === '55P03'
}

const UNIQUE_VIOLATION = '23505'

/** The row exists already, by this unique index: any other one means a fault of ours. */
export const isTaken = (error: unknown, index: string): boolean =>
  error instanceof Error &&
  (error as PgError).code === UNIQUE_VIOLATION &&
  (error as PgError).constraint === index
