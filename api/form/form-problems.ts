import { textOf } from '../../domain/form/check.ts'
import { wordsOf, type Field, type FieldOf, type FormDefinition } from '../../domain/form/fields.ts'
import { optionsFor, type FormProblem } from '../../domain/form/field-checks.ts'
import type { Language, Texts } from '../../templates/language.ts'
import type { Typed } from './field-view.ts'

/** A form as it was sent. */
interface Sent {
  definition: FormDefinition
  language: Language
  typed: Typed
}

/** The name of the field, then how to put it right, in the language of the page. */
export function problemTexts(
  t: Texts,
  shown: Sent,
  problems: Readonly<Record<string, FormProblem>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problems).map(([id, { key, values }]) => {
      const leader = missingLeader(shown, id)
      const remedy = leader === null ? t(key, values) : t('form.problem.leaderFirst', { label: leader })
      return [id, `${labelOf(shown.definition, id, shown.language)}: ${remedy}`]
    }),
  )
}

/** The label of the field to fill first, because the list of this one is empty without it. */
function missingLeader({ definition, language, typed }: Sent, id: string): string | null {
  const { field, siblings, prefix } = fieldAt(definition, id)
  return field.kind === 'dependent_choice' && isLeaderMissing(field, typed, prefix)
    ? leaderLabel(field, siblings, language)
    : null
}

/** The field it depends on says nothing yet, or nothing that has choices. */
export const isLeaderMissing = (field: FieldOf<'dependent_choice'>, typed: Typed, prefix: string): boolean =>
  optionsFor(field, textOf(typed, prefix + field.on)).length === 0

export const leaderLabel = (
  { on }: FieldOf<'dependent_choice'>,
  siblings: readonly Field[],
  language: Language,
): string => wordsOf(siblings.find(({ id }) => id === on)!.label, language)

/** A field by its name on the page; `row` is where it stands when its list repeats, as in `alunni.1.classe`. */
function fieldAt({ fields }: FormDefinition, id: string) {
  const [name, index, inner] = id.split('.')
  const field = fields.find((one) => one.id === name)!
  if (field.kind !== 'rows') return { field, siblings: fields, prefix: '', row: undefined }
  const within = field.fields.find((one) => one.id === inner)!
  const row = { list: field, number: Number(index) + 1 }
  return { field: within, siblings: field.fields, prefix: `${name}.${index}.`, row }
}

/** "Alunno 2, Classe" for a field of a row. */
function labelOf(definition: FormDefinition, id: string, language: Language): string {
  const { field, row } = fieldAt(definition, id)
  const label = wordsOf(field.label, language)
  return row ? `${wordsOf(row.list.label, language)} ${row.number}, ${label}` : label
}
