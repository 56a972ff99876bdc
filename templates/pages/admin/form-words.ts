import { formChanges, type FormChange } from '../../../domain/form/edit/changes.ts'
import type { FormDefinition } from '../../../domain/form/fields.ts'
import type { DefinitionProblem } from '../../../domain/form/soundness.ts'
import { t, tOr } from '../../language.ts'

/** What differs between two forms, for the page that asks before saving and for the register. */
export const formChangeRows = (
  before: FormDefinition,
  after: FormDefinition,
): { field: string; from: string; to: string }[] =>
  formChanges(before, after).map(({ labels, what, from, to, by }) => ({
    field: [...labels, propertyWord(what)].join(', '),
    from: valueWord(what, from),
    to: valueWord(what, to) + (by === undefined ? '' : ` (${by})`),
  }))

/** The name of a property of a field. */
export const propertyWord = (name: string): string => tOr(`formedit.property.${name}`, name)

const NOTHING = '–'

/** Properties whose values are words of the form's own language. */
const CODED = new Set(['kind', 'format', 'only', 'required'])

/** A value of a property, in words. */
export const valueWord = (what: FormChange['what'], value: string | null): string => {
  if (value === null) return NOTHING
  return CODED.has(what) ? tOr(`formedit.${what}.${value}`, value) : value
}

/** Why a form cannot be used, and what to do about it. */
export const formProblemText = ({ code, values }: Pick<DefinitionProblem, 'code' | 'values'>): string =>
  t(`formedit.problem.${code}`, values)
