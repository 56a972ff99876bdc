import { AppError, codeOf, type ErrorCode } from '../../domain/errors.ts'

export { codeOf } from '../../domain/errors.ts'

/** An error of pg: `code` is the SQLSTATE, or a Node code such as ECONNREFUSED. */
interface PgError extends Error {
  code?: string
  constraint?: string
}

/** Every error is one of pg as far as types go, because all of its own fields are optional. */
const isPgError = (error: unknown): error is PgError => error instanceof Error

/** The unique index or the check that refused a row; undefined for any other error. */
export const constraintOf = (error: unknown): string | undefined =>
  isPgError(error) ? error.constraint : undefined

/** Our code for each SQLSTATE, or for its class (the first two characters). Errors that are not listed keep their SQLSTATE. */
const MEANING: Record<string, ErrorCode> = {
  MP001: 'STATE_MOVE_REFUSED',
  '53100': 'STORAGE_FULL',
  '08': 'DATABASE_UNREACHABLE',
  '53': 'DATABASE_UNREACHABLE',
  '57': 'DATABASE_UNREACHABLE',
}

/** Longer than the pause before a refused caller tries again, so that `hasSpace` does not turn true between two refusals. */
const REMEMBERED_MS = 15_000
let refusedAt = Number.NEGATIVE_INFINITY

/**
 * False while PostgreSQL has refused this process a write for lack of space within the last 15 seconds. Remembered from real writes,
 * because a read still succeeds on a full disk and so proves nothing.
 */
export const hasSpace = (): boolean => Date.now() - refusedAt > REMEMBERED_MS

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** True when the disk of our own files is full, or the process has reached its quota or its file size limit. */
export const isDiskFull = (error: unknown): boolean => DISK_FULL.has(codeOf(error) ?? '')

/** pg gives an error without a code when the server dies; only its text shows it. */
const LOST = /^Connection terminated|is not queryable/

/**
 * A copy of a pg error that may go to a log or a workflow history. pg quotes values of rows in `detail`, `hint`, `where` and in the
 * messages of class 22; the copy keeps the code, the constraint, the stack and the other messages. A code that MEANING lists gives an
 * `AppError` with the copy as its cause.
 */
export function scrubbed(error: unknown): unknown {
  if (!isPgError(error)) return error
  const { code, constraint } = error
  if (!code) return LOST.test(error.message) ? new AppError('DATABASE_UNREACHABLE', {}, error) : error
  const meaning = MEANING[code] ?? MEANING[code.slice(0, 2)]
  if (meaning === 'STORAGE_FULL') refusedAt = Date.now()
  const quoted = code.startsWith('22') || code === 'MP001'
  const clean: PgError = new Error(quoted ? `SQLSTATE ${code}` : error.message)
  clean.code = code
  if (constraint) clean.constraint = constraint
  if (error.stack) clean.stack = error.stack.replace(error.message, clean.message)
  return meaning ? new AppError(meaning, { sqlState: code }, clean) : clean
}

/**
 * The SQLSTATEs that a value from outside can cause: too long, out of range, not a date, not a character. Any other code of class 22
 * is a bug of ours.
 */
const FROM_INPUT = new Set(['22001', '22003', '22007', '22008', '22021', '22P02', '22P05'])

/** True when the database refused a value that came from outside. */
export const isInputError = (error: unknown): boolean => FROM_INPUT.has(codeOf(error) ?? '')

const LOCK_NOT_AVAILABLE = '55P03'

/** True when another transaction holds the row and the statement did not wait for it, or waited too long. */
export const isLocked = (error: unknown): boolean => codeOf(error) === LOCK_NOT_AVAILABLE

const UNIQUE_VIOLATION = '23505'

/**
 * True when this unique index refused the row because it exists already. The index is named, because a violation of another one is a
 * bug of ours.
 */
export const isTaken = (error: unknown, index: string): boolean =>
  codeOf(error) === UNIQUE_VIOLATION && constraintOf(error) === index
