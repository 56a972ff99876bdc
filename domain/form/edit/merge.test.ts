import { describe, expect, it } from 'vitest'
import { seedTributi } from '../../seed/tributi.ts'
import { formDefinitionSchema } from '../definition.ts'
import type { FormDefinition } from '../fields.ts'
import { moveField, removeField } from './list.ts'
import { mergeForms } from './merge.ts'
import { addField, newField } from './new-field.ts'
import { withOptions } from './options.ts'
import { fieldAt, placesOf, replaceField } from './place.ts'
import { pricesOf, withPrice } from './prices.ts'

const formOf = (code: string): FormDefinition =>
  formDefinitionSchema.parse(seedTributi.find((one) => one.code === code)!.form)

const priced = (form: FormDefinition, at: number, value: string): FormDefinition =>
  withPrice(form, pricesOf(form)[at]!, value)

describe.each(seedTributi.map(({ code }) => [code, formOf(code)] as const))(
  'two changes of %s',
  (_, base) => {
    const text = newField('text', { label: 'Nuovo', taken: base.fields.map(({ id }) => id), option: '' })
    const changes: [string, (form: FormDefinition) => FormDefinition][] = [
      ['nothing', (form) => form],
      ['another causale', (form) => ({ ...form, causale: 'Altra' })],
      ['a new field', (form) => addField(form, text)],
      ['a field moved', (form) => moveField(form, [0], 1)],
      ['a field removed', (form) => removeField(form, [0])],
      ['prices', (form) => pricesOf(form).reduce((one, price) => withPrice(one, price, '7.25'), form)],
    ]

    it.each(changes)('%s alone is kept, whoever made it', (_name, change) => {
      expect(mergeForms(base, change(base), base)).toEqual(change(base))
      expect(mergeForms(base, base, change(base))).toEqual(change(base))
      expect(mergeForms(base, change(base), change(base))).toEqual(change(base))
    })

    it('of different things are both kept', () => {
      for (const [name, other] of changes.filter(([one]) => one !== 'another causale')) {
        const both = mergeForms(base, { ...base, causale: 'Altra' }, other(base))
        expect([name, both]).toEqual([name, { ...other(base), causale: 'Altra' }])
      }
    })

    it('are the same as one after the other for each pair of prices', () => {
      pricesOf(base).forEach((_price, first) =>
        pricesOf(base).forEach((_other, second) => {
          // Numbers of one formula are one text, which only one of two people can change.
          const [one, two] = [pricesOf(base)[first]!, pricesOf(base)[second]!]
          if (first === second || (one.kind === 'numeral' && two.kind === 'numeral')) return
          const both = mergeForms(base, priced(base, first, '8.10'), priced(base, second, '9.20'))
          expect(both).toEqual(priced(priced(base, first, '8.10'), second, '9.20'))
        }),
      )
    })
  },
)

describe('two changes of the same thing', () => {
  const base = formOf('UTILIZZO_LOCALI')
  const at = placesOf(base).find(({ field }) => field.kind === 'choice')!.place
  const options = (form: FormDefinition) => {
    const field = fieldAt(form, at)!
    return field.kind === 'choice' ? field.options : []
  }
  const withoutFirst = (form: FormDefinition): FormDefinition => {
    const field = fieldAt(form, at)!
    return field.kind === 'choice'
      ? replaceField(form, at, withOptions(field, 0, field.options.slice(1)))
      : form
  }

  it('end as mine', () => {
    const both = mergeForms(base, priced(base, 0, '8'), priced(base, 0, '9'))
    expect(options(both)[0]!.worth).toBe('8')
  })

  it('keep a price that I changed of an option that the other removed, and my removal of one that the other changed', () => {
    expect(options(mergeForms(base, priced(base, 0, '8'), withoutFirst(base)))).toHaveLength(3)
    expect(options(mergeForms(base, withoutFirst(base), priced(base, 0, '8')))).toHaveLength(2)
  })

  it('put a new option of each beside what it followed', () => {
    const added = (value: string, place: number) => {
      const field = fieldAt(base, at)!
      const list = options(base)
      const option = { value, label: value, worth: '1' }
      return field.kind === 'choice'
        ? replaceField(
            base,
            at,
            withOptions(field, 0, [...list.slice(0, place), option, ...list.slice(place)]),
          )
        : base
    }
    const both = mergeForms(base, added('mia', 1), added('sua', 3))
    expect(options(both).map(({ value }) => value)).toEqual([
      'sala-civica',
      'mia',
      'palestra',
      'sala-consiliare',
      'sua',
    ])
  })
})
