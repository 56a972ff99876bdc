import type { Field, FormDefinition, SimpleField } from '../fields.ts'

/** The place of a field in a form: its index, and for a field of repeated rows the index of the rows before it. */
export type Place = readonly [number] | readonly [number, number]

/** "2" or "2-1", as names of inputs and buttons contain it. */
export const placeText = (place: Place): string => place.join('-')

/** Reads what `placeText` has written; undefined for any other text. */
export function readPlace(text: string): Place | undefined {
  const match = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(text)
  if (!match) return undefined
  return match[2] === undefined ? [Number(match[1])] : [Number(match[1]), Number(match[2])]
}

/** The field at a place; undefined when there is none. */
export function fieldAt({ fields }: FormDefinition, [outer, inner]: Place): Field | undefined {
  const field = fields[outer]
  if (inner === undefined) return field
  return field?.kind === 'rows' ? field.fields[inner] : undefined
}

/** The fields beside a field: those of the form, or those of its rows. */
export function siblingsOf({ fields }: FormDefinition, [outer, inner]: Place): readonly Field[] {
  const field = fields[outer]
  return inner !== undefined && field?.kind === 'rows' ? field.fields : fields
}

/** Every field with its place, the fields of rows after their rows. */
export const placesOf = ({ fields }: FormDefinition): { place: Place; field: Field }[] =>
  fields.flatMap((field, outer) => [
    { place: [outer] as const, field },
    ...(field.kind === 'rows'
      ? field.fields.map((inner, index) => ({ place: [outer, index] as const, field: inner }))
      : []),
  ])

type Edit = (list: readonly Field[]) => readonly Field[]

/** The form with another list of fields around a place. */
export function editList(definition: FormDefinition, [outer, inner]: Place, edit: Edit): FormDefinition {
  if (inner === undefined) return { ...definition, fields: [...edit(definition.fields)] }
  const fields = definition.fields.map((field, index) =>
    index === outer && field.kind === 'rows'
      ? { ...field, fields: edit(field.fields).filter(isSimple) }
      : field,
  )
  return { ...definition, fields }
}

/** The form with another field at a place. */
export const replaceField = (definition: FormDefinition, place: Place, field: Field): FormDefinition =>
  editList(definition, place, (list) => list.map((one, index) => (index === place.at(-1) ? field : one)))

const isSimple = (field: Field): field is SimpleField =>
  field.kind !== 'rows' && !field.kind.startsWith('amount_')
