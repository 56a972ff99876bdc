import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formDefinitionSchema } from './definition.ts'
import { FUNCTIONS } from './expression/types.ts'
import { TEXT_FORMATS } from './text-formats.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const manual = read('../../docs/it/moduli.md')
const examples = [...manual.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1]!)

describe('the manual of forms', () => {
  it.each(examples)('has an example that works: %#', (text) => {
    const parsed = formDefinitionSchema.safeParse(JSON.parse(text))
    expect(parsed.error?.issues ?? []).toEqual([])
  })

  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(4)
  })

  it('explains every kind of field, every format and every function, and no other', () => {
    const kinds = [...read('fields.ts').matchAll(/kind: z\.literal\('(\w+)'\)/g)].map((match) => match[1]!)
    const explained = [...manual.matchAll(/^### `(\w+)`$/gm)].map((match) => match[1]!)
    expect(explained.sort()).toEqual(kinds.sort())
    for (const format of TEXT_FORMATS) expect(manual).toContain(`\`${format}\``)
    const functions = [...manual.matchAll(/^\| `(\w+)\(/gm)].map((match) => match[1]!)
    expect(functions.sort()).toEqual([...FUNCTIONS].sort())
  })

  it('explains every error', () => {
    const told = [...read('soundness.ts').matchAll(/,\s+['`]([a-z][^'`$"]{15,}?)(?=['`$"]| \d)/g)].map(
      (match) => match[1]!.trim(),
    )
    expect(told.length).toBeGreaterThan(8)
    for (const message of told) expect(manual, message).toContain(message)
  })
})
