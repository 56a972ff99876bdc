import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { ERRORS } from './errors.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PRODUCT = ['activities', 'api', 'db', 'domain', 'services', 'templates', 'workers', 'workflows']

/** They hold every code whether somebody throws it or not: the catalogue, and the list of pages with words of their own. */
const LISTS = ['domain/errors.ts', 'api/middleware/problems.ts']

/** Text in which a code is named, and not given to an error or an answer: comments, questions, comparisons, unions of types. */
const ONLY_NAMED =
  /\/\*[^]*?\*\/|\/\/.*|isAppError\([^)]*\)|[!=]== '\w+'|(?:^|[:<=(])\s*'\w+'(?=\s*\|)|\|\s*'\w+'/gm

const usesOf = (text: string): string[] =>
  [...text.replace(ONLY_NAMED, '').matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code!)

it('each code of the catalogue is given to an error or an answer somewhere in the product', () => {
  const used = new Set(
    PRODUCT.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => join(folder, file))
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !LISTS.includes(file))
        .flatMap((file) => usesOf(readFileSync(join(ROOT, file), 'utf8'))),
    ),
  )
  expect(Object.keys(ERRORS).filter((code) => !used.has(code))).toEqual([])
})

it.each([
  "throw new AppError('NOT_FOUND')",
  "return declined(trx, ask, { kind: 'problem', code: 'NOT_FOUND' })",
  "if (dues.length === 0) return 'NOT_FOUND'",
  "const MEANING = { '53': 'NOT_FOUND' }",
  "const code = isKnown ? 'NOT_FOUND' : undefined",
])('a use is found: %s', (text) => {
  expect(usesOf(text)).toContain('NOT_FOUND')
})

it.each([
  "// throw new AppError('NOT_FOUND')",
  "/** @throws 'NOT_FOUND' */",
  "if (isAppError(error, 'NOT_FOUND')) return",
  "if (error.code === 'NOT_FOUND') return",
  "type Problem = 'NOT_FOUND' | 'FORBIDDEN'",
  "code: 'FORBIDDEN' | 'NOT_FOUND'",
])('a name alone is no use: %s', (text) => {
  expect(usesOf(text)).not.toContain('NOT_FOUND')
})
