import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const manual = read('docs/it/cittadino.md')

type Words = Record<string, { heading?: string; title?: string }>

/** Rows of the manual's tables: `| "Pagato" | …`. */
const explained = new Set([...manual.matchAll(/^\| "([^"]+)" +\|/gm)].map((match) => match[1]!))

describe('the manual of the help desk', () => {
  const { stage: stages, notice: outcomes } = JSON.parse(read('templates/language/it/money.json')) as {
    stage: Words
    notice: Words
  }

  it.each(Object.entries(stages))('explains the payment page when it is %s', (_, { heading }) => {
    expect(explained).toContain(heading)
  })

  it.each(Object.entries(outcomes))('explains a notice that is %s', (_, { title }) => {
    expect(explained).toContain(title)
  })

  it('explains no text that is on no page', () => {
    const said = [...Object.values(stages), ...Object.values(outcomes)].map(
      ({ heading, title }) => heading ?? title,
    )
    expect([...explained].filter((words) => !said.includes(words))).toEqual([])
  })
})
