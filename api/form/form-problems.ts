import { textOf } from '../../domain/form/check.ts'
import { wordsOf, type Field, type FieldOf, type FormDefinition } from '../../domain/form/fields.ts'
import { optionsFor, type FormProblem } from '../../domain/form/field-checks.ts'
import type { Language, Texts } from '../../templates/language.ts'
import type { Typed } from './read-request.ts'

/** A form as the browser sent it. */
interface Sent {
  definition: FormDefinition
  language: Language
  typed: Typed
}

/** By field id: the label of the field and how to correct it, in the language of the page. */
export function problemTexts(
  t: Texts,
  shown: Sent,
  problems: Readonly<Record<string, FormProblem>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problems).map(([id, problem]) => {
      const leader = missingLeader(shown, id)
      const remedy =
        leader === null
          ? problemText(t, shown.language, problem)
          : t('form.problem.leaderFirst', { label: leader })
      return [id, `${labelOf(shown.definition, id, shown.language)}: ${remedy}`]
    }),
  )
}

/** How to correct a field, in the language of the page. */
export function problemText(t: Texts, language: Language, { key, values, words = {} }: FormProblem): string {
  const named = Object.entries(words).map(([name, text]) => [name, wordsOf(text, language)])
  return t(key, { ...values, ...(Object.fromEntries(named) as Record<string, string>) })
}

/** The label of the field that must be filled first, because the options of this field depend on it; null when none is missing. */
function missingLeader({ definition, language, typed }: Sent, id: string): string | null {
  const { field, siblings, prefix } = fieldAt(definition, id)
  return field.kind === 'dependent_choice' && isLeaderMissing(field, typed, prefix)
    ? leaderLabel(field, siblings, language)
    : null
}

/** True when the field that this one depends on is empty, or has a value without options. */
export const isLeaderMissing = (field: FieldOf<'dependent_choice'>, typed: Typed, prefix: string): boolean =>
  optionsFor(field, textOf(typed, prefix + field.on)).length === 0

export const leaderLabel = (
  { on }: FieldOf<'dependent_choice'>,
  siblings: readonly Field[],
  language: Language,
): string => wordsOf(siblings.find(({ id }) => id === on)!.label, language)

/** A field by its name on the page. `row` is set for a field inside a repeating list, such as `alunni.1.classe`. */
function fieldAt({ fields }: FormDefinition, id: string) {
  const [name, index, inner] = id.split('.')
  const field = fields.find((one) => one.id === name)!
  if (field.kind !== 'rows') return { field, siblings: fields, prefix: '', row: undefined }
  const within = field.fields.find((one) => one.id === inner)!
  const row = { list: field, number: Number(index) + 1 }
  return { field: within, siblings: field.fields, prefix: `${name}.${index}.`, row }
}

/** The label of a field, such as "Classe"; with its row, such as "Alunno 2, Classe", inside a repeating list. */
function labelOf(definition: FormDefinition, id: string, language: Language): string {
  const { field, row } = fieldAt(definition, id)
  const label = wordsOf(field.label, language)
  return row ? `${wordsOf(row.list.label, language)} ${row.number}, ${label}` : label
}
