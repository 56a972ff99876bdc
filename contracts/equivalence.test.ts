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

/** Verdicts of the official schemas, from tools/contract-verdicts.ts: twelve characters of key, then 1 (valid) or 0. */
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

  it('gets the verdict of the official schema, whole or damaged', () => {
    expect(judgedApart(schema, cases)).toEqual([])
  })

  it('is valid itself, and many of its mutations are not', () => {
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

describe.each(SCHEMAS)('an element of %s with an xsi:type', (schema) => {
  const cases = typedCasesOf(schema)

  it('may have the published type or a narrower one, and no other', () => {
    expect(withoutVerdict(cases)).toEqual([])
    expect(judgedApart(schema, cases)).toEqual([])
  })

  const right = new Map(
    cases.filter(({ key }) => official.get(key)).map(({ place, type }) => [place, type] as const),
  )
  // The types of the header fields have no published name.
  const isNamed = (place: string): boolean => !/^\/intestazione/.test(place)

  it('has a published type at every place', () => {
    const places = new Set(cases.map(({ place }) => place))
    expect([...places].filter((place) => isNamed(place) && !right.has(place))).toEqual([])
  })

  it.each(sampleFiles().filter((one) => one.schema === schema && !INVALID_SAMPLES.includes(one.file)))(
    'may have its published type everywhere in $file',
    (sample) => {
      const bytes = typedSample(sample, (place) => right.get(place))
      expect(violations(schema, bytes)).toEqual([])
      expect(bytes.toString()).toContain('by:type')
    },
  )
})

it('mutations leave enough messages valid for a meaningful comparison', () => {
  const valid = [...official.values()].filter(Boolean).length
  expect(valid / official.size).toBeGreaterThan(0.1)
})
