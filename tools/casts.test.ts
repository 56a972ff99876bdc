import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const FOLDERS = [
  'activities',
  'api',
  'contracts',
  'db',
  'domain',
  'services',
  'simulator',
  'templates',
  'tools',
  'workers',
  'workflows',
]

/** Casts for each thousand lines of the product. A cast takes a mistake out of the compiler's sight. */
const MOST = 4

/** The code of a file without comments, texts and the renames of imports, where `as` is a word or a rename. */
const codeOf = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .replace(/`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/(?:import|export)[^;]*? from ''/g, '')

const castsIn = (text: string): number => codeOf(text).match(/\sas (?!const\b)[\w{([<]/g)?.length ?? 0

it('counts casts, and neither constants, imports nor words', () => {
  expect(castsIn('const a = b as string\nconst c = (await d) as { e: F }[]')).toBe(2)
  expect(
    castsIn("const a = ['b'] as const\nimport { c as d } from './e.ts'\n// read it as text\nf('as g')"),
  ).toBe(0)
})

it(`the product has fewer than ${MOST} casts for a thousand lines`, () => {
  const texts = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.includes('testing/'))
      .map((file) => readFileSync(`${folder}/${file}`, 'utf8')),
  )
  const lines = texts.reduce((sum, text) => sum + text.split('\n').length, 0)
  const casts = texts.reduce((sum, text) => sum + castsIn(text), 0)
  expect(lines).toBeGreaterThan(30_000)
  expect((casts / lines) * 1_000).toBeLessThan(MOST)
})
