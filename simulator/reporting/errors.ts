import type { Json } from './json.ts'

/** An answer of the reporting API before it is written. */
export type Answer = { status: number; body: Json; headers?: Record<string, string> }

const WORDS: Record<number, string> = { 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error' }

function refusal(status: number, code: string, message: string, path?: string): Answer {
  const about = { httpStatusCode: status, httpStatusDescription: WORDS[status], appErrorCode: `FDR-${code}` }
  return { status, body: { ...about, errors: [{ path, message }] } }
}

export const badRequest = (path: string, message: string): Answer => refusal(400, '0400', message, path)

export const unknownOrganization = (id: string): Answer =>
  refusal(400, '2008', `Creditor institution with ID [${id}] is invalid or unknown.`)

export const disabledOrganization = (id: string): Answer =>
  refusal(400, '2009', `Creditor institution with ID [${id}] is not enabled.`)

export const unknownFlow = (fdr: string): Answer =>
  refusal(404, '3001', `Reporting flow with ID [${fdr}] not found.`)

export const systemError = (): Answer =>
  refusal(500, '0500', 'An unexpected error has occurred. Please contact support.')

/** The gateway before the service answers in its own form. */
export const unauthorized = (): Answer => ({
  status: 401,
  body: { statusCode: 401, message: 'Access denied due to invalid subscription key.' },
})

export const tooMany = (retryAfter: string | undefined): Answer => ({
  status: 429,
  body: { statusCode: 429, message: 'Rate limit is exceeded.' },
  ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
})
