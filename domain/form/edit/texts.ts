import { italianOf, type Field, type FormDefinition, type Localized } from '../fields.ts'
import { optionGroups } from './options.ts'
import { placesOf } from './place.ts'

/**
 * Texts of a form that citizens read and that name an amount, such as "2,10 € a pasto". They must be changed when the amount is.
 * @param value digits with at most one dot: "2.10"
 */
export function textsNaming(definition: FormDefinition, value: string): string[] {
  const named = patternOf(value)
  const texts = placesOf(definition).flatMap(({ field }) => textsOf(field))
  return [...new Set(texts)].filter((text) => named.test(text))
}

/** A whole number is an amount only beside a sign of euro or with its cents, because "25" alone may be anything. */
function patternOf(value: string): RegExp {
  const [euro = '', fraction = ''] = value.split('.')
  const part = fraction.replace(/0+$/, '').padEnd(2, '0')
  const shown = part === '00' ? `(?:${euro},00|${euro} ?€)` : `${euro},${part}`
  return new RegExp(`(?<![\\d.,])${shown}(?!\\d)`)
}

const textsOf = (field: Field): string[] =>
  [
    field.label,
    field.help,
    ...optionGroups(field).flatMap(({ options }) => options.map(({ label }) => label)),
  ].flatMap(everyLanguage)

const everyLanguage = (text: Localized | undefined): string[] => {
  if (text === undefined) return []
  return typeof text === 'string' ? [text] : [italianOf(text), text.en ?? '', text.de ?? '']
}
