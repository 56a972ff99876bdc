import { italianOf, type ChoiceOption, type FormDefinition } from '../fields.ts'
import type { DefinitionProblem } from '../soundness.ts'
import { optionGroups } from './options.ts'
import { placesOf, placeText } from './place.ts'
import { missingPrices } from './prices.ts'

/** A problem, and what in the editor it is about: the name of a price, or the place of a field. */
export interface UnfitProblem extends Omit<DefinitionProblem, 'message'> {
  price?: string
  place?: string
}

/**
 * Why a form that citizens can fill in must still not be saved. Forms that were saved before these rules stay in use, so
 * `formDefinitionSchema` does not have them.
 */
export const unfitProblems = (form: FormDefinition): UnfitProblem[] => [
  ...missingPrices(form).map(({ name, labels }) => ({
    code: 'noPrice',
    values: { option: labels.at(-1)!, field: labels[0]! },
    price: name,
  })),
  ...twins(form),
]

const twins = (form: FormDefinition): UnfitProblem[] =>
  placesOf(form).flatMap(({ place, field }) =>
    optionGroups(field).flatMap(({ options }) => {
      const twin = options.find((option, at) => hasTwin(options.slice(0, at), option))
      const values = { option: twin ? italianOf(twin.label) : '', field: italianOf(field.label) }
      return twin ? [{ code: 'sameOption', values, place: placeText(place) }] : []
    }),
  )

const hasTwin = (others: readonly ChoiceOption[], { value, label }: ChoiceOption): boolean =>
  others.some((other) => other.value === value) || isTaken(others, italianOf(label))

/** True when an option has this name already. Case and blanks do not make two names. */
export const isTaken = (options: readonly ChoiceOption[], label: string): boolean =>
  options.some((option) => plain(italianOf(option.label)) === plain(label))

const plain = (label: string): string => label.trim().replace(/\s+/g, ' ').toLowerCase()
