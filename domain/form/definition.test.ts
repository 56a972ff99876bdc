import { describe, expect, it } from 'vitest'
import { type FormDefinitionInput, formDefinitionSchema } from './definition.ts'

const amount = { kind: 'amount_typed', id: 'importo', label: 'Importo' } as const
const note = { kind: 'text', id: 'nota', label: 'Nota' } as const

function aForm(change: Partial<FormDefinitionInput> = {}): FormDefinitionInput {
  return { fields: [note, amount], causale: 'Diritti ${nota}', ...change }
}

const problemsOf = (form: unknown) =>
  formDefinitionSchema.safeParse(form).error?.issues.map((issue) => issue.message) ?? []

describe('definition of a form', () => {
  it('fills in what is left out', () => {
    expect(formDefinitionSchema.parse(aForm()).fields).toEqual([
      { ...note, required: true, maxLength: 60, format: 'any' },
      { ...amount, max: 9_999_999_999 },
    ])
  })

  it('survives being kept as JSON', () => {
    const form = formDefinitionSchema.parse(aForm())
    expect(formDefinitionSchema.parse(JSON.parse(JSON.stringify(form)))).toEqual(form)
  })

  it.each<[string, Partial<FormDefinitionInput>]>([
    ['two fields have the same id', { fields: [note, note, amount] }],
    ['exactly one field must be the amount', { fields: [note] }],
    ['exactly one field must be the amount', { fields: [note, amount, { ...amount, id: 'altro' }] }],
    ['the causale names a field that is not there', { causale: 'Diritti ${assente}' }],
    ['the causale names a personal field', { fields: [{ ...note, format: 'fiscal_id' }, amount] }],
    ['the causale can be empty', { fields: [{ ...note, required: false }, amount], causale: ' ${nota}' }],
    ['the causale can exceed 140 characters', { fields: [{ ...note, maxLength: 140 }, amount] }],
    [
      'a number has min above max',
      { fields: [{ kind: 'number', id: 'giorni', label: 'Giorni', min: 2, max: 1 }, amount], causale: 'X' },
    ],
  ])('refuses it when %s', (message, change) => {
    expect(problemsOf(aForm(change))).toContain(message)
  })

  it.each([
    ['a kind nobody knows', [{ kind: 'script', id: 'x', label: 'X' }, amount]],
    ['an id that is no plain word', [{ ...note, id: '__proto__' }, amount]],
    ['an amount of nothing', [{ kind: 'amount_fixed', id: 'importo', label: 'Importo', importo: 0 }]],
    [
      'an amount with a fraction of a cent',
      [{ kind: 'amount_fixed', id: 'importo', label: 'Importo', importo: 10.5 }],
    ],
    ['a choice among nothing', [{ kind: 'choice', id: 'x', label: 'X', options: [] }, amount]],
  ])('refuses %s', (_, fields) => {
    expect(problemsOf({ fields, causale: 'Diritti' })).not.toEqual([])
  })
})
