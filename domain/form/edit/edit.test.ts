import { describe, expect, it } from 'vitest'
import { seedTributi } from '../../seed/tributi.ts'
import { formDefinitionSchema, formDraftSchema, type FormDefinitionInput } from '../definition.ts'
import type { FormDefinition } from '../fields.ts'
import { formChanges } from './changes.ts'
import { readDecimal, shownDecimal, shownPrice } from './decimal.ts'
import { inputsOf, withInput } from './inputs.ts'
import { moveField, removeField } from './list.ts'
import { addField, NEW_KINDS, newField } from './new-field.ts'
import { fieldAt, placesOf, readPlace } from './place.ts'
import { pricesOf, withPrice } from './prices.ts'
import { textsNaming } from './texts.ts'

const formOf = (code: string): FormDefinition =>
  formDefinitionSchema.parse(seedTributi.find((one) => one.code === code)!.form)

const everyForm = seedTributi.map(({ code }) => [code, formOf(code)] as const)

describe('prices', () => {
  it.each(everyForm)('of %s are written back as they are read', (_, form) => {
    for (const price of pricesOf(form)) expect(withPrice(form, price, price.value)).toEqual(form)
  })

  it.each(everyForm)('of %s change one thing each', (_, form) => {
    for (const price of pricesOf(form)) {
      const changed = formDraftSchema.parse(withPrice(form, price, '99.01'))
      expect([price.name, formChanges(form, changed)]).toEqual([price.name, [expect.anything()]])
      const now = pricesOf(changed)
      expect(now.map(({ name }) => name)).toEqual(pricesOf(form).map(({ name }) => name))
      expect(now.find(({ name }) => name === price.name)!.value).toBe('99.01')
    }
  })

  it('are the fixed amount, what options are worth, and the numbers of the calculation', () => {
    const shown = (code: string) => pricesOf(formOf(code)).map(({ labels, value }) => [...labels, value])
    expect(shown('TRASPORTO_SCOLASTICO')).toEqual([['Tariffa del periodo', '120.00']])
    expect(shown('LUCE_VOTIVA')).toEqual([['Canone annuo', '18.50']])
    expect(shown('UTILIZZO_LOCALI')).toEqual([
      ['Locale', 'Sala civica', '25'],
      ['Locale', 'Palestra', '18.50'],
      ['Locale', 'Sala consiliare', '40'],
    ])
    expect(shown('COSAP_TOSAP').map((row) => row.at(-1))).toEqual(['1.20', '0.70', '0', '5', '1'])
  })

  it('keep every cent, and leave the rest of a calculation as it was written', () => {
    const [fixed] = pricesOf(formOf('TRASPORTO_SCOLASTICO'))
    const dear = withPrice(formOf('TRASPORTO_SCOLASTICO'), fixed!, '999999999.99')
    expect(fieldAt(dear, fixed!.place)).toMatchObject({ importo: 99_999_999_999 })
    const cosap = formOf('COSAP_TOSAP')
    const least = pricesOf(cosap).find(({ name }) => name.endsWith('.1') && name.startsWith('numero'))!
    const changed = withPrice(cosap, least, '7.50')
    expect(fieldAt(changed, least.place)).toMatchObject({
      expression: 'if(al < dal, 0, max(7.50, round(metri * (days(dal, al) + 1) * worth(zona))))',
    })
  })

  it('of an option may be taken away', () => {
    const [room] = pricesOf(formOf('UTILIZZO_LOCALI'))
    const field = fieldAt(withPrice(formOf('UTILIZZO_LOCALI'), room!, ''), room!.place)
    expect(field).toMatchObject({ options: [{ value: 'sala-civica', label: 'Sala civica' }, {}, {}] })
    expect(JSON.stringify(field)).not.toContain('"25"')
  })

  it('that a text names are found in it, and no others', () => {
    const mensa = formOf('MENSA_SCOLASTICA')
    expect(textsNaming(mensa, '4.35')).toEqual(['Da 8.000 a 20.000 € (4,35 € a pasto)'])
    expect(textsNaming(mensa, '4.3')).toEqual([])
    expect(textsNaming(mensa, '8')).toEqual([])
    expect(textsNaming(formOf('LUCE_VOTIVA'), '18.5')).toHaveLength(3)
    expect(textsNaming(formOf('COSAP_TOSAP'), '5')).toEqual([
      'Metri quadrati, per giorni, per tariffa della zona; almeno 5,00 €',
    ])
  })
})

describe('a number that a person types', () => {
  it.each([
    ['12', '12'],
    ['12,5', '12.5'],
    [' 12,50 ', '12.50'],
    ['1.234,50', '1234.50'],
    ['12.50', '12.50'],
    ['1.5', '1.5'],
    ['1.234', '1234'],
    ['6,70 €', '6.70'],
    ['€ 6.7', '6.7'],
    ['0,125', '0.125'],
    ['0', '0'],
    ['999999999,999999', '999999999.999999'],
  ])('"%s" is %s', (typed, value) => expect(readDecimal(typed)).toBe(value))

  it.each([
    '',
    '12.',
    '1.2345',
    '12,',
    ',5',
    '-1',
    '1e3',
    '12,1234567',
    '1234567890',
    '01',
    'x',
    '1 000',
    '١',
  ])('"%s" is none', (typed) => expect(readDecimal(typed)).toBeUndefined())

  it.each(['0', '5', '25', '18.50', '0.7', '0.125', '1234.5'])(
    '%s is shown and read again as the same',
    (value) => {
      expect(readDecimal(shownDecimal(value))).toBe(value)
      expect(Number(readDecimal(shownPrice(value)))).toBe(Number(value))
    },
  )
})

describe('the inputs of a field', () => {
  it.each(everyForm)('of %s write back what they show', (_, form) => {
    for (const { field } of placesOf(form))
      for (const input of inputsOf(field)) expect(withInput(field, input, input.shown)).toBe(field)
  })

  const scuola = formOf('MENSA_SCOLASTICA').fields[1]!
  const input = (name: string) => inputsOf(scuola).find((one) => one.name === name)!

  it('change one language of a text and keep the others', () => {
    expect(withInput(scuola, input('label.it'), 'Bambino')?.label).toEqual({
      it: 'Bambino',
      en: 'Pupil',
      de: 'Schüler',
    })
    expect(withInput(scuola, input('label.en'), '')?.label).toEqual({ it: 'Alunno', de: 'Schüler' })
    expect(withInput(scuola, input('help.it'), 'Uno per riga')?.help).toBe('Uno per riga')
  })

  it.each([
    ['label.it', ''],
    ['label.it', 'x'.repeat(61)],
    ['label.it', 'a\u202eb'],
    ['min', '0'],
    ['max', '11'],
    ['max', '1,5'],
    ['max', ''],
  ])('%s cannot be "%s"', (name, text) => expect(withInput(scuola, input(name), text)).toBeUndefined())
})

describe('the list of fields', () => {
  const form = formOf('MENSA_SCOLASTICA')
  const ids = ({ fields }: FormDefinition) => fields.map(({ id }) => id)

  it('moves a field by one, and one of repeated rows among them', () => {
    expect(ids(moveField(form, [0], 1))).toEqual(['alunni', 'scuola', 'importo'])
    expect(moveField(moveField(form, [0], 1), [1], -1)).toEqual(form)
    expect(moveField(form, [0], -1)).toEqual(form)
    expect(moveField(form, [2], 1)).toEqual(form)
    const inner = moveField(form, [1, 0], 1).fields[1]!
    expect(inner.kind === 'rows' && inner.fields.map(({ id }) => id)).toEqual(['fascia', 'codice', 'pasti'])
  })

  it('loses a field, but never the last one of a list', () => {
    expect(ids(removeField(form, [0]))).toEqual(['alunni', 'importo'])
    const one = { ...form, fields: [form.fields[2]!] }
    expect(removeField(one, [0])).toEqual(one)
  })

  it.each(NEW_KINDS)('gets a new %s before the amount, with an id that nothing else has', (kind) => {
    const field = newField(kind, { label: 'Scuola', taken: ids(form), option: 'Prima voce' })
    expect(field).toMatchObject({ kind, id: 'scuola2', label: 'Scuola' })
    const added = addField(form, field)
    expect(ids(added)).toEqual(['scuola', 'alunni', 'scuola2', 'importo'])
    expect(formDraftSchema.safeParse(added).success).toBe(true)
    expect(formChanges(form, added)).toEqual([
      { labels: ['Scuola'], what: 'added', from: null, to: 'Scuola' },
    ])
  })

  it.each([
    ['Numero di pasti', 'numeroDiPasti'],
    ['Età', 'eta'],
    ['1° rata', 'campo1Rata'],
    ['—', 'campo'],
    ['Oggi', 'oggi2'],
    ['constructor', 'constructor2'],
    ['x'.repeat(60), 'x'.repeat(36)],
  ])('makes of the name "%s" the id %s', (label, id) => {
    expect(newField('text', { label, taken: [], option: '' }).id).toBe(id)
  })

  it('has at most 20 fields', () => {
    let full = form
    for (let n = 0; n < 30; n += 1)
      full = addField(full, newField('text', { label: `Campo ${n}`, taken: ids(full), option: '' }))
    expect(full.fields).toHaveLength(20)
  })
})

it.each(['0', '12-3'])('"%s" is a place', (text) => expect(readPlace(text)?.join('-')).toBe(text))
it.each(['', '-1', '1-', '1-2-3', '100', 'a'])('"%s" is no place', (text) =>
  expect(readPlace(text)).toBeUndefined(),
)

describe('what differs between two forms', () => {
  const before: FormDefinitionInput = {
    fields: [
      {
        kind: 'choice',
        id: 'zona',
        label: 'Zona',
        options: [
          { value: 'a', label: 'A', worth: '12' },
          { value: 'b', label: 'B' },
        ],
      },
      { kind: 'text', id: 'via', label: { it: 'Via', en: 'Street' } },
      { kind: 'amount_typed', id: 'importo', label: 'Importo', max: 1000 },
    ],
    causale: 'Zona ${zona}',
  }
  const after: FormDefinitionInput = {
    fields: [
      { kind: 'text', id: 'via', label: { it: 'Strada', en: 'Street' }, required: false },
      {
        kind: 'choice',
        id: 'zona',
        label: 'Zona',
        options: [
          { value: 'a', label: 'A', worth: '13' },
          { value: 'c', label: 'C' },
        ],
      },
      { kind: 'amount_fixed', id: 'importo', label: 'Importo', importo: 1000 },
    ],
    causale: 'Zona ${zona} ${via}',
    bilancio: [{ capitolo: 'E1', importo: 'resto' }],
  }

  it('is told by field and option, with amounts as people write them', () => {
    const changes = formChanges(formDefinitionSchema.parse(before), formDraftSchema.parse(after))
    expect(changes.map(({ labels, what, from, to }) => [labels.join(' / '), what, from, to])).toEqual([
      ['Via', 'required', 'true', 'false'],
      ['Via', 'label', 'Via / Street', 'Strada / Street'],
      ['Zona / A', 'worth', '12,00 €', '13,00 €'],
      ['Zona / C', 'added', null, 'C'],
      ['Zona / B', 'removed', 'B', null],
      ['Importo', 'kind', 'amount_typed', 'amount_fixed'],
      ['Importo', 'max', '10,00 €', null],
      ['Importo', 'importo', null, '10,00 €'],
      ['', 'order', 'Zona, Via, Importo', 'Strada, Zona, Importo'],
      ['', 'causale', 'Zona ${zona}', 'Zona ${zona} ${via}'],
      ['', 'bilancio', null, 'E1: resto'],
    ])
  })

  it.each(everyForm)('is nothing for %s and itself', (_, form) => expect(formChanges(form, form)).toEqual([]))
})
