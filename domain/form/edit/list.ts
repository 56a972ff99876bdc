import type { FormDefinition } from '../fields.ts'
import { editList, siblingsOf, type Place } from './place.ts'

/** The form with a field one place higher or lower in its list; the same form at the end of the list. */
export const moveField = (definition: FormDefinition, place: Place, by: -1 | 1): FormDefinition =>
  editList(definition, place, (list) => moved(list, place.at(-1)!, by))

/** A list with one of its things one place higher or lower. */
export function moved<T>(list: readonly T[], from: number, by: -1 | 1): readonly T[] {
  const to = from + by
  const thing = list[from]
  if (thing === undefined || to < 0 || to >= list.length) return list
  const others = list.filter((_, index) => index !== from)
  return [...others.slice(0, to), thing, ...others.slice(to)]
}

/** The form without a field. The last field of a list stays, because a list may not be empty. */
export const removeField = (definition: FormDefinition, place: Place): FormDefinition =>
  siblingsOf(definition, place).length === 1
    ? definition
    : editList(definition, place, (list) => list.filter((_, index) => index !== place.at(-1)))
