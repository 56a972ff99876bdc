import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deadReferences } from './references.ts'

const ROOT = resolve(import.meta.dirname, '..')
const FILES = execFileSync('git', ['ls-files', '*.ts', '*.mjs', '*.hbs', '*.sql', '*.md'], { cwd: ROOT })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('tools/references') && existsSync(join(ROOT, file)))

it('every reference in code and pages leads somewhere', () => {
  const dead = FILES.flatMap((file) => deadReferences(ROOT, file, readFileSync(join(ROOT, file), 'utf8')))
  expect(dead.map(({ file, line, text, why }) => `${file}:${line}: ${text}: ${why}`)).toEqual([])
})

describe('a reference that leads nowhere is found', () => {
  it.each([
    ['// Source: flows.md §1.12.', 'flows.md'],
    ['// see ruling 9', 'ruling 9'],
    ['// by design §5', 'design §'],
    ['// docs/field/nothing.md', 'docs/field/nothing.md'],
    ['// docs/field/files.md#nothing', 'docs/field/files.md#nothing'],
    ["it('F99: no such fault', () => {})", 'F99'],
    ['// (D99)', 'D99'],
  ])('%s', (text, reference) => {
    expect(deadReferences(ROOT, 'a.ts', text).map((dead) => dead.text)).toContain(reference)
  })

  it('a file that a page names and that does not exist is found', () => {
    const dead = deadReferences(
      ROOT,
      'a.md',
      'see `domain/money.ts`, `api/`, `domain/nothing.ts` and `api/nothing/`',
    )
    expect(dead.map(({ text }) => text)).toEqual(['domain/nothing.ts', 'api/nothing/'])
  })

  it.each([
    '// Source: docs/field/files.md#limits.',
    '// (D9)',
    "it('F17: ten copies', () => {})",
    '// docs/features.md',
  ])('%s is fine', (text) => {
    expect(deadReferences(ROOT, 'a.ts', text)).toEqual([])
  })
})
