import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { violations, type SchemaName } from './schemas.ts'
import {
  INVALID_SAMPLES,
  SCHEMAS,
  casesOf,
  edgeCasesOf,
  sampleFiles,
  typedCasesOf,
  typedSample,
  verdictsFile,
  type Case,
} from './testing/corpus.ts'

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

describe.each(SCHEMAS)('an element of %s that says its type', (schema) => {
  const cases = typedCasesOf(schema)

  it('may say the published one, and one that narrows it, and no other', () => {
    expect(withoutVerdict(cases)).toEqual([])
    expect(judgedApart(schema, cases)).toEqual([])
  })

  const right = new Map(
    cases.filter(({ key }) => official.get(key)).map(({ place, type }) => [place, type] as const),
  )
  // Those of the headers have no name.
  const isNamed = (place: string): boolean => !/^\/intestazione/.test(place)

  it('has a published one at every place', () => {
    const places = new Set(cases.map(({ place }) => place))
    expect([...places].filter((place) => isNamed(place) && !right.has(place))).toEqual([])
  })

  it.each(sampleFiles().filter((one) => one.schema === schema && !INVALID_SAMPLES.includes(one.file)))(
    'does so everywhere in $file',
    (sample) => {
      const bytes = typedSample(sample, (place) => right.get(place))
      expect(violations(schema, bytes)).toEqual([])
      expect(bytes.toString()).toContain('by:type')
    },
  )
})

it('the damages leave enough messages valid for the comparison to mean something', () => {
  const valid = [...official.values()].filter(Boolean).length
  expect(valid / official.size).toBeGreaterThan(0.1)
})
