import { cents, wireImporto, type Cents } from '../../money.ts'
import { italianOf, type ChoiceOption, type Field, type FormDefinition } from '../fields.ts'
import { numeralsOf, withNumeral } from '../expression/numbers.ts'
import { worthsIn } from '../expression/worths.ts'
import { isChoice, optionGroups, withOptions } from './options.ts'
import { fieldAt, placesOf, placeText, replaceField, type Place } from './place.ts'

/**
 * A number of a form that decides what a citizen pays.
 * - `amount`: the fixed amount, in cents.
 * - `option`: what an option is worth in the calculation; '' when it is worth nothing of its own.
 * - `numeral`: a number that is written in the calculation.
 */
export interface Price {
  kind: 'amount' | 'option' | 'numeral'
  /** Names the price in the form: no two prices have the same. */
  name: string
  /** Names the price by ids, so that it is found in another form too, whatever its place there. */
  key: string
  place: Place
  /** Index of the group of options, then of the option; or of the number in the calculation. */
  index: readonly number[]
  /** In Italian, the field, and the option where there is one. */
  labels: readonly string[]
  /** Digits with at most one dot, as the form has it; cents of `amount` as euro: "12.50". */
  value: string
  /** True when the calculation asks for it, so that without it nobody who chooses the option can pay. */
  isNeeded: boolean
}

/** Every price of a form, in the order of its fields. */
export const pricesOf = (definition: FormDefinition): Price[] => {
  const worths = worthNames(definition)
  return placesOf(definition).flatMap(({ place, field }) => {
    const path = [definition.fields[place[0]]!.id, field.id]
    return [
      ...amountOf(place, field, path),
      ...optionsOf(place, field, { path, worths }),
      ...numbersOf(place, field, path),
    ]
  })
}

const keyOf = (kind: Price['kind'], path: readonly string[], ...more: (string | number)[]): string =>
  JSON.stringify([kind, ...path, ...more])

/** Prices without which a citizen could not pay what he has chosen. */
export const missingPrices = (definition: FormDefinition): Price[] =>
  pricesOf(definition).filter(({ isNeeded, value }) => isNeeded && value === '')

/** A price that an ente sets by itself. The numbers of a calculation belong to its formula. */
export const isOwnPrice = ({ kind }: Price): boolean => kind !== 'numeral'

/** The form with the prices of another one that an ente sets by itself. Nothing else of the other form counts. */
export function withPricesOf(form: FormDefinition, other: FormDefinition): FormDefinition {
  const given = new Map(pricesOf(other).map(({ key, value }) => [key, value]))
  return pricesOf(form)
    .filter(isOwnPrice)
    .reduce((changed, price) => withPrice(changed, price, given.get(price.key) ?? price.value), form)
}

function amountOf(place: Place, field: Field, path: readonly string[]): Price[] {
  if (field.kind !== 'amount_fixed') return []
  const value = wireImporto(field.importo)
  const name = `importo.${placeText(place)}`
  const key = keyOf('amount', path)
  const labels = [italianOf(field.label)]
  return [{ kind: 'amount', name, key, place, index: [], labels, value, isNeeded: true }]
}

function optionsOf(
  place: Place,
  field: Field,
  { path, worths }: { path: readonly string[]; worths: ReadonlySet<string> },
): Price[] {
  const groups = optionGroups(field)
  const hasWorth = groups.some(({ options }) => options.some(({ worth }) => worth !== undefined))
  if (!hasWorth && !worths.has(field.id)) return []
  return groups.flatMap(({ leader, options }, group) =>
    options.map((option, at): Price => ({
      kind: 'option',
      name: `voce.${placeText(place)}.${group}.${at}`,
      key: keyOf('option', path, leader, option.value),
      place,
      index: [group, at],
      labels: [italianOf(field.label), ...(leader === '' ? [] : [leader]), italianOf(option.label)],
      value: option.worth ?? '',
      isNeeded: worths.has(field.id),
    })),
  )
}

function numbersOf(place: Place, field: Field, path: readonly string[]): Price[] {
  if (field.kind !== 'amount_computed') return []
  return numeralsOf(field.expression).map(({ text }, at): Price => ({
    kind: 'numeral',
    name: `numero.${placeText(place)}.${at}`,
    key: keyOf('numeral', path, at),
    place,
    index: [at],
    labels: [italianOf(field.label)],
    value: text,
    isNeeded: true,
  }))
}

/** Ids of the choices whose worth the amount or the bilancio asks for. A choice that is new in the form has no worth yet. */
function worthNames({ fields, bilancio = [] }: FormDefinition): Set<string> {
  const amounts = fields.flatMap((field) => (field.kind === 'amount_computed' ? [field.expression] : []))
  return new Set([...amounts, ...bilancio.map(({ importo }) => importo)].flatMap(worthsIn))
}

/**
 * The form with another value in the place of a price.
 * @param value as in `Price`; what the form may hold is checked by `formDefinitionSchema`
 */
export function withPrice(definition: FormDefinition, price: Price, value: string): FormDefinition {
  const field = fieldAt(definition, price.place)
  const changed = field && changedField(field, price, value)
  return changed ? replaceField(definition, price.place, changed) : definition
}

function changedField(field: Field, { kind, index }: Price, value: string): Field | undefined {
  if (kind === 'amount' && field.kind === 'amount_fixed') return { ...field, importo: centsOf(value) }
  if (kind === 'numeral' && field.kind === 'amount_computed')
    return { ...field, expression: withNumeral(field.expression, index[0]!, value) }
  if (kind !== 'option' || !isChoice(field)) return undefined
  const [group, at] = [index[0]!, index[1]!]
  const options = optionGroups(field)[group]!.options
  return withOptions(
    field,
    group,
    options.map((option, one) => (one === at ? worthOf(option, value) : option)),
  )
}

const worthOf = ({ value, label }: ChoiceOption, worth: string): ChoiceOption => ({
  value,
  label,
  ...(worth === '' ? {} : { worth }),
})

/** "12.50" → 1250, on the digits, because a binary fraction could lose a cent. */
function centsOf(value: string): Cents {
  const [euro = '0', fraction = ''] = value.split('.')
  return cents(Number(euro + fraction.padEnd(2, '0').slice(0, 2)))
}
