import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { violations, type SchemaName } from './schemas.ts'
import { SCHEMAS, casesOf, edgeCasesOf, sampleFiles, verdictsFile, type Case } from './testing/corpus.ts'

/** Verdicts of the official schemas, from tools/contract-verdicts.ts: twelve characters of key, then 1 or 0. */
const official = new Map(
  readFileSync(verdictsFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => [line.slice(0, 12), line.slice(12) === '1']),
)

function withoutVerdict(cases: Case[]): string[] {
  return cases.filter(({ key }) => !official.has(key)).map(({ from }) => from)
}

function judgedApart(schema: SchemaName, cases: Case[]): string[] {
  const isValid = ({ bytes }: Case): boolean => violations(schema, bytes).length === 0
  return cases.filter((one) => isValid(one) !== official.get(one.key)).map(({ from }) => from)
}

/** The official schema wants `esito` beside the fault; readSoap takes this one all the same. */
const INVALID_SAMPLES = ['nodoChiediStatoRPTRisposta-fault-only.xml']

describe.each(sampleFiles())('$schema/$file', ({ schema, file }) => {
  const cases = casesOf(schema, file)

  it('has an official verdict for each of its 300 mutations', () => {
    expect(cases).toHaveLength(301)
    expect(withoutVerdict(cases)).toEqual([])
  })

  it('is judged like the official schema judges it, whole or damaged', () => {
    expect(judgedApart(schema, cases)).toEqual([])
  })

  it('is itself valid, and not every damage to it is', () => {
    const verdicts = cases.map(({ key }) => official.get(key))
    expect(verdicts[0]).toBe(!INVALID_SAMPLES.includes(file))
    expect(verdicts.filter((valid) => !valid).length).toBeGreaterThan(30)
  })
})

it.each(SCHEMAS)(
  '%s accepts and refuses the same values of each element as the official schema',
  (schema) => {
    const cases = edgeCasesOf(schema)
    expect(withoutVerdict(cases)).toEqual([])
    expect(judgedApart(schema, cases)).toEqual([])
  },
)

it('the damages leave enough messages valid for the comparison to mean something', () => {
  const valid = [...official.values()].filter(Boolean).length
  expect(valid / official.size).toBeGreaterThan(0.1)
})
