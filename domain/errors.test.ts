import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AppError, ERRORS, isAppError, type ErrorCode } from './errors.ts'

const codes = Object.keys(ERRORS) as ErrorCode[]
const manual = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
const entries = new Map(
  manual
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.split('\n', 1)[0]!.trim(), entry]),
)

describe('docs/errors.md', () => {
  it('has an entry for each code, in the order of the catalogue, and no other', () => {
    expect([...entries.keys()]).toEqual(codes)
  })

  it.each(codes)('%s: status, retry, what happened, was money taken, what to do', (code) => {
    const entry = entries.get(code)!
    const { status, retry } = ERRORS[code]
    expect(entry).toContain(`HTTP ${status}, ${retry ? 'retried' : 'not retried'}.`)
    for (const part of ['What happened.', 'Was money taken.', 'What to do.'])
      expect(entry).toMatch(new RegExp(`^- \\*\\*${part}\\*\\* \\S.{1,}`, 'm'))
  })
})

describe('AppError', () => {
  it('takes status and retry from the catalogue and keeps its cause', () => {
    const cause = new Error('socket')
    const error = new AppError('MAIL_UNREACHABLE', { answer: 'x' }, cause)
    expect(error).toMatchObject({ message: 'MAIL_UNREACHABLE', status: 503, retry: true, cause })
  })

  it('is told apart by its code', () => {
    const error: unknown = new AppError('NOT_FOUND')
    expect([isAppError(error), isAppError(error, 'NOT_FOUND'), isAppError(error, 'FORBIDDEN')]).toEqual([
      true,
      true,
      false,
    ])
    expect(isAppError(new Error('NOT_FOUND'), 'NOT_FOUND')).toBe(false)
  })
})
