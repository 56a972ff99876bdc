import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemsOf } from './commit-message.mjs'

describe('a commit message', () => {
  it.each([
    'fix(flows): a row with a bad date is left out alone',
    'docs: what the node answers when it is away',
    `feat: ${'x'.repeat(66)}`,
    'fix(flows): short\n\nThe body may be as long as it needs to be.',
    'Merge branch "flows" into main, whatever git writes about it and however long that becomes',
    'fix(flows): short\n# a comment that git shows and removes',
  ])('is taken: %j', (message) => {
    expect(problemsOf(message)).toEqual([])
  })

  it.each([
    ['without a type', 'Rows are left out', /type/],
    ['with a type nobody knows', 'chore: rows', /type/],
    ['with a type and no words', 'fix: ', /type/],
    ['of 73 characters', `feat: ${'x'.repeat(67)}`, /73 characters/],
    ['with two types', 'feat(area): a list fix(rpt): an address', /one type/],
    ['without a blank line', 'fix: rows\nThe body', /blank line/],
  ])('%s is refused, and the reason says what to do', (_, message, reason) => {
    expect(problemsOf(message).join(' ')).toMatch(reason)
  })
})

describe('the hook', () => {
  let folder: string
  const git = (...given: string[]) =>
    spawnSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...given], {
      encoding: 'utf8',
    })
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mypay-hook-'))
    execFileSync('git', ['init', '-q', folder])
    execFileSync('cp', ['-r', 'tools', folder])
    git('config', 'core.hooksPath', 'tools/hooks')
    writeFileSync(join(folder, 'a.txt'), 'a')
    git('add', 'a.txt')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('stops a commit whose message is wrong, and lets the right one pass', () => {
    const wrong = git('commit', '-m', 'rows')
    expect([wrong.status, wrong.stderr]).toEqual([
      1,
      expect.stringContaining('Begin the subject with a type'),
    ])
    expect(git('commit', '-m', 'fix(flows): rows are left out alone').status).toBe(0)
  })
})
