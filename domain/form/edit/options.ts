import { MOST_OPTIONS, type ChoiceOption, type Field, type FieldOf, type FormDefinition } from '../fields.ts'
import { fieldAt, type Place } from './place.ts'

/** The options of a field that are shown together: all of a choice, or those for one value of the choice before. */
export interface OptionGroup {
  /** The value of the choice before; '' for a plain choice. */
  leader: string
  options: readonly ChoiceOption[]
}

type Choice = FieldOf<'choice'> | FieldOf<'dependent_choice'>

export const isChoice = (field: Field | undefined): field is Choice =>
  field?.kind === 'choice' || field?.kind === 'dependent_choice'

/** The groups of options of a field, in the order of the form; none for a field that is no choice. */
export function optionGroups(field: Field): OptionGroup[] {
  if (field.kind === 'choice') return [{ leader: '', options: field.options }]
  if (field.kind !== 'dependent_choice') return []
  return Object.entries(field.options).map(([leader, options]) => ({ leader, options }))
}

/** The field with other options in one group; unchanged when they are too many. */
export function withOptions(field: Choice, group: number, options: readonly ChoiceOption[]): Choice {
  if (options.length > MOST_OPTIONS) return field
  if (field.kind === 'choice') return { ...field, options: [...options] }
  const leader = Object.keys(field.options)[group]
  return leader === undefined ? field : { ...field, options: { ...field.options, [leader]: [...options] } }
}

/** The options of one group of the field at a place; undefined when there is no such group. */
export const optionsAt = (
  definition: FormDefinition,
  place: Place,
  group: number,
): readonly ChoiceOption[] | undefined => {
  const field = fieldAt(definition, place)
  return field && optionGroups(field)[group]?.options
}
