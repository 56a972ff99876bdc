import type { ErrorCode } from '../../domain/errors.ts'
import { t as italian, type Texts } from '../../templates/language.ts'

/** The words of a page of an error, by their key. `wait` fills the sentence about what to do. */
export interface ProblemWords {
  title: string
  what: string
  todo: string
  href: string
  hrefText: string
}

/** The errors that staff read in words of their own: what citizens read speaks of carts, notices and the mail with a link. */
const STAFF = new Set<ErrorCode>([
  'NOT_FOUND',
  'FILE_MISSING',
  'FORBIDDEN',
  'CSRF_INVALID',
  'FORM_INVALID',
  'TOO_MANY_REQUESTS',
  'BODY_TOO_LARGE',
  'REQUEST_MALFORMED',
  'METHOD_NOT_ALLOWED',
  'ADDRESS_TOO_LONG',
  'NOTICE_NOT_PRINTABLE',
  'DATABASE_UNREACHABLE',
  'INTERNAL',
])

/** What a person of staff lacks for a page that everybody may know of; the error says it in its details. */
const NEEDS = new Set(['ente', 'enteAdmin', 'reconciler', 'anyAdmin', 'region'])

export const isStaffPath = (path: string): boolean => /^\/(operatore|admin|supporto)(\/|$)/.test(path)

export function staffWords(
  code: ErrorCode,
  details: Readonly<{ needs?: unknown; enteName?: unknown }>,
  wait: string,
): ProblemWords | undefined {
  if (!STAFF.has(code)) return undefined
  const { needs, enteName } = details
  const page = code === 'NOT_FOUND' && typeof needs === 'string' && NEEDS.has(needs) ? needs : code
  return {
    title: italian(`staff.problem.${page}.title`),
    what: italian(`staff.problem.${page}.what`, { ente: typeof enteName === 'string' ? enteName : '' }),
    todo: italian(`staff.problem.${page}.todo`, { wait }),
    href: '/operatore',
    hrefText: italian('operator.enti.title'),
  }
}

export const citizenWords = (t: Texts, code: ErrorCode, wait: string): ProblemWords => ({
  title: t(`problem.${code}.title`),
  what: t(`problem.${code}.what`),
  todo: t(`problem.${code}.todo`, { wait }),
  href: t(`problem.${code}.href`),
  hrefText: t(`problem.${code}.hrefText`),
})
