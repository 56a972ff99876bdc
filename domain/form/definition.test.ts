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

  it('is the same after it was stored as JSON', () => {
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

type FieldInput = FormDefinitionInput['fields'][number]

describe('a definition that could not be filled in is refused', () => {
  const choice: FieldInput = {
    kind: 'choice',
    id: 'zona',
    label: 'Zona',
    options: [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ],
  }
  const follows = (on: string, options: Record<string, { value: string; label: string }[]>) =>
    ({ kind: 'dependent_choice', id: 'via', label: 'Via', on, options }) satisfies FieldInput
  const one = [{ value: '1', label: 'Uno' }]
  const computed = (expression: string) =>
    ({ kind: 'amount_computed', id: 'importo', label: 'Importo', expression }) as const

  it.each<[string, FormDefinitionInput['fields'], object?]>([
    ['"via" depends on "zona", which is no choice before it', [follows('zona', { a: one }), choice, amount]],
    ['"via" has no options for "b" of "zona"', [choice, follows('zona', { a: one }), amount]],
    [
      '"via" has options for "c", which "zona" does not have',
      [choice, follows('zona', { a: one, b: one, c: one }), amount],
    ],
    ['the expression "nota * 2": a number is wanted where there is a text', [note, computed('nota * 2')]],
    ['the expression "assente": there is no field "assente"', [note, computed('assente')]],
    ['the expression "1 > 0" gives no number', [note, computed('1 > 0')]],
    ['the expression "importo": there is no field "importo"', [note, computed('importo')]],
    ['no field can be called "oggi" or "totale"', [{ ...note, id: 'oggi' }, amount]],
    ['a date has from after to', [{ kind: 'date', id: 'dal', label: 'Dal', from: 2, to: 1 }, amount]],
    [
      'rows have min above max',
      [{ kind: 'rows', id: 'righe', label: 'Riga', min: 3, max: 2, fields: [note] }, amount],
    ],
    [
      'two fields have the same id',
      [{ kind: 'rows', id: 'righe', label: 'Riga', max: 2, fields: [note, note] }, amount],
    ],
    [
      'only one line of the bilancio can be "resto"',
      [note, amount],
      {
        bilancio: [
          { capitolo: 'E', importo: 'resto' },
          { capitolo: 'F', importo: 'resto' },
        ],
      },
    ],
    [
      'the expression "boh": there is no field "boh"',
      [note, amount],
      { bilancio: [{ capitolo: 'E', importo: 'boh' }] },
    ],
  ])('%s', (message, fields, more = {}) => {
    expect(problemsOf({ fields, causale: 'Diritti', ...more })).toContain(message)
  })

  it('a causale may name a field of the rows, counted as often as there can be rows', () => {
    const rows = {
      kind: 'rows',
      id: 'righe',
      label: 'Riga',
      max: 5,
      fields: [{ ...note, maxLength: 30 }],
    } as const
    expect(problemsOf({ fields: [rows, amount], causale: 'Diritti ${righe.nota}' })).toEqual([
      'the causale can exceed 140 characters',
    ])
    expect(problemsOf({ fields: [{ ...rows, max: 4 }, amount], causale: 'Diritti ${righe.nota}' })).toEqual(
      [],
    )
  })

  it('an unknown key is refused, because a misspelt one would be a rule that does nothing', () => {
    expect(problemsOf({ fields: [{ ...note, requierd: false }, amount], causale: 'Diritti' })).not.toEqual([])
  })
})
