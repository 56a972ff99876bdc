import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formDraftSchema } from '../../domain/form/definition.ts'
import { placesOf, placeText, type Place } from '../../domain/form/edit/place.ts'
import { optionGroups } from '../../domain/form/edit/options.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { seedTributi } from '../../domain/seed/tributi.ts'
import type { Typed } from '../form/field-view.ts'
import { markOf } from '../form/seen-form.ts'
import { actOn, buttonOf } from './form-actions.ts'
import { draftText, JSON_MARK, JSON_TEXT, OPEN, readDraft, type Draft } from './form-draft.ts'
import { editorView } from './form-editor-view.ts'

/** Every input that the page of a draft has, with the value that it shows, as a browser sends them all. */
function sentBack(definition: FormDefinition, open: Place | undefined): Record<string, string> {
  const draft: Draft = { definition, open, problems: {}, isJson: false }
  const inputs: Record<string, string> = {}
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    const { id, value } = part as { id?: unknown; value?: unknown }
    if (typeof id === 'string' && typeof value === 'string') inputs[id] = value
    Object.values(part).forEach(look)
  }
  look(editorView(draft, {}))
  const text = draftText(definition)
  return {
    ...inputs,
    // A browser sends the ends of lines of a text as two characters.
    [JSON_TEXT]: text.replaceAll('\n', '\r\n'),
    [JSON_MARK]: markOf(text),
    ...(open ? { [OPEN]: placeText(open) } : {}),
  }
}

function mustRead(typed: Typed): Draft {
  const read = readDraft(typed)
  if ('wrong' in read) throw new Error(read.wrong)
  return read
}

const word = fc.stringMatching(/^[A-Za-zàèìòù0-9€.,’'"<&${} ]{1,20}$/)
const label = fc.oneof(
  word,
  fc.record({ it: word, en: fc.oneof(word, fc.constant('')), de: word }, { requiredKeys: ['it'] }),
)
const amount = fc.integer({ min: 1, max: 99_999_999_999 })
const worth = fc.stringMatching(/^\d{1,9}(\.\d{1,6})?$/)
const options = fc.uniqueArray(
  fc.record({ value: word, label, worth }, { requiredKeys: ['value', 'label'] }),
  { minLength: 1, maxLength: 4, selector: ({ value }) => value },
)
const required = fc.boolean()
type Properties = Record<string, fc.Arbitrary<unknown>>
const given = (record: Properties, more: readonly string[] = []) => ({ record, more })
const fieldOf = (kind: string, { record, more }: ReturnType<typeof given>) => {
  const properties: Properties = { kind: fc.constant(kind), label, help: label, ...record }
  return fc.record(properties, { requiredKeys: ['kind', 'label', ...more] })
}

const simple = [
  fieldOf(
    'text',
    given({
      required,
      maxLength: fc.integer({ min: 1, max: 140 }),
      format: fc.constantFrom('any', 'code', 'targa', 'fiscal_id'),
    }),
  ),
  fieldOf(
    'number',
    given({ required, min: fc.nat(), max: fc.integer({ min: -5, max: 999_999_999 }), decimals: fc.nat(3) }, [
      'max',
    ]),
  ),
  fieldOf('money', given({ required, max: amount })),
  fieldOf(
    'date',
    given({
      only: fc.constantFrom('any', 'past', 'future'),
      from: fc.integer({ min: -36_500, max: 36_500 }),
      to: fc.integer({ min: -9, max: 9 }),
    }),
  ),
  fieldOf('choice', given({ required, options }, ['options'])),
  fieldOf(
    'dependent_choice',
    given({ required, on: word, options: fc.dictionary(word, options, { minKeys: 1, maxKeys: 3 }) }, [
      'on',
      'options',
    ]),
  ),
]
const numbered = <T extends object>(fields: T[]) => fields.map((field, at) => ({ ...field, id: `f${at}` }))
const field = fc.oneof(
  ...simple,
  fieldOf(
    'rows',
    given(
      {
        min: fc.integer({ min: 1, max: 10 }),
        max: fc.integer({ min: 1, max: 10 }),
        fields: fc.array(fc.oneof(...simple), { minLength: 1, maxLength: 4 }).map(numbered),
      },
      ['max', 'fields'],
    ),
  ),
  fieldOf('amount_fixed', given({ importo: amount }, ['importo'])),
  fieldOf('amount_typed', given({ max: amount })),
  fieldOf(
    'amount_computed',
    given(
      {
        max: amount,
        expression: fc.constantFrom('f0 * 1.20', ' 12+worth( f1 )*0.70 ', 'sum(f0, 3 )', 'no (', '1'),
      },
      ['expression'],
    ),
  ),
)
const anyForm = fc
  .record(
    {
      fields: fc.array(field, { minLength: 1, maxLength: 6 }).map(numbered),
      causale: word,
      bilancio: fc.array(
        fc.record({ capitolo: fc.constant('E1'), importo: fc.constantFrom('resto', 'totale * 0.5') }),
        { minLength: 1, maxLength: 2 },
      ),
    },
    { requiredKeys: ['fields', 'causale'] },
  )
  .map((form) => formDraftSchema.parse(form))

describe('a form that is shown in the editor and sent back as it is', () => {
  it('stays the same, whichever field is open, for every form that JSON can say', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        for (const open of [undefined, ...placesOf(form).map(({ place }) => place)]) {
          const { definition, problems, isJson } = mustRead(sentBack(form, open))
          expect([draftText(definition), problems, isJson]).toEqual([draftText(form), {}, false])
        }
      }),
    )
  })

  it('keeps everything that a button does not name', () => {
    fc.assert(
      fc.property(anyForm, fc.nat(), (form, at) => {
        const places = placesOf(form).map(({ place }) => place)
        const where = placeText(places[at % places.length]!)
        const draft: Draft = { definition: form, open: undefined, problems: {}, isJson: false }
        const press = (from: Draft, ...button: Parameters<typeof buttonOf>) =>
          actOn(from, { azione: buttonOf(...button) })
        expect(press(draft, 'apri', where).definition).toBe(form)
        expect(press(draft, 'chiudi').definition).toBe(form)
        const lists = (one: FormDefinition) =>
          placesOf(one)
            .map(({ field: { id } }) => id)
            .sort()
        expect(lists(press(draft, 'su', where).definition)).toEqual(lists(form))
        expect(lists(press(draft, 'giu', where).definition)).toEqual(lists(form))
      }),
    )
  })
})

describe('what is typed in the editor', () => {
  const mensa = formDraftSchema.parse(seedTributi.find(({ code }) => code === 'MENSA_SCOLASTICA')!.form)
  const price = 'm-prezzo.voce.1-1.0.0'
  const fascia: Place = [1, 1]

  it('changes the price that it names, and the words of the open field', () => {
    const typed = {
      ...sentBack(mensa, fascia),
      [price]: '2,30',
      'm-voce.0.0.it': 'Prima fascia',
      'm-campo.label.en': 'Band',
    }
    const { definition, problems } = mustRead(typed)
    expect(problems).toEqual({})
    const rows = definition.fields[1]!
    const field = rows.kind === 'rows' ? rows.fields[1]! : rows
    expect(field.label).toMatchObject({ it: 'Fascia ISEE', en: 'Band' })
    expect(optionGroups(field)[0]!.options[0]).toEqual({ value: 'a', label: 'Prima fascia', worth: '2.30' })
  })

  it.each([
    [price, '2.30.1', 'al massimo sei decimali'],
    [price, 'gratis', 'al massimo sei decimali'],
    ['m-causale', '', 'Scrivi la causale'],
    ['m-campo.label.it', '', 'Scrivi un testo'],
    ['m-campo.required', 'forse', 'Scegli sì o no'],
    ['m-voce.0.2.it', ' ', 'Scrivi un testo'],
  ])('%s "%s" is refused beside its input, and the rest is kept', (name, text, words) => {
    const typed = { ...sentBack(mensa, fascia), 'm-prezzo.voce.1-1.0.1': '5', [name]: text }
    const { definition, problems } = mustRead(typed)
    expect(problems).toEqual({ [name]: expect.stringContaining(words) })
    expect(draftText(definition)).toBe(draftText(mensa).replace('"4.35"', '"5"'))
  })

  it('is not read when the JSON was written, which counts alone', () => {
    const text = draftText(mensa).replace('"4.35"', '"4.50"')
    const { definition, isJson } = mustRead({ ...sentBack(mensa, fascia), [JSON_TEXT]: text, [price]: '9' })
    expect([isJson, draftText(definition)]).toEqual([true, text])
  })

  it.each([
    '',
    '{',
    '[]',
    '{"fields": [], "causale": "x"}',
    '{"fields": [{"kind": "rows"}], "causale": "x"}',
  ])('as JSON, %j is refused with its reason', (text) =>
    expect(readDraft({ [JSON_TEXT]: text })).toEqual({
      wrong: expect.stringContaining('Correggi il modulo'),
    }),
  )

  it.each([
    'm:su:9',
    'm:su',
    'm:togli:1-9',
    'm:vocetogli:0:7:1',
    'm:vocesu:1-1:0:99',
    'm:constructor',
    'm:aggiungi',
    'x:su:1',
    '',
  ])('the button %j, which no page has, changes nothing', (azione) => {
    const draft: Draft = { definition: mensa, open: undefined, problems: {}, isJson: false }
    expect(draftText(actOn(draft, { azione }).definition)).toBe(draftText(mensa))
  })
})
