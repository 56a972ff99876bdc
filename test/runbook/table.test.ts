import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { viewQueries } from '../../workflows/views.ts'

const folder = new URL('./', import.meta.url)
const runbook = readFileSync(new URL('../../docs/runbook.md', folder), 'utf8')
const tests = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && name !== 'table.test.ts')
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n')

const idsIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1]!)),
]

it('each row of the runbook has a test with its id, and each id in the name of a test is a row', () => {
  const rows = idsIn(runbook, /^\| (R\d+) /gm)
  expect(rows).toEqual(rows.map((_, index) => `R${index + 1}`))
  expect(idsIn(tests, /'(R\d+) /g).sort()).toEqual([...rows].sort())
})

it.each(Object.entries(viewQueries('2026-11-30T13:00:00.000Z')))(
  'the list "%s" of the page of support is a link of the runbook, with its query',
  (_view, query) => {
    const address = `http://localhost:8233/namespaces/default/workflows?query=${encodeURIComponent(query)}`
    expect(runbook.replaceAll(/ +/g, ' ')).toContain(`](${address}) | \`${query}\` `)
  },
)

it('all links to lists of the runbook have the query beside them', () => {
  const links = [...runbook.matchAll(/workflows\?query=(\S+)\) +\| `([^`]+)`/g)]
  expect(links.length).toBe(6)
  for (const [, encoded, query] of links) expect(decodeURIComponent(encoded!)).toBe(query)
})
