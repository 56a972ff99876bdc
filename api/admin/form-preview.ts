import { romeDay } from '../../domain/calendar.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { now, type AppConfig } from '../deps.ts'
import type { Problems } from '../form/field-view.ts'
import { formView, type FormView } from '../form/form-view.ts'
import type { Typed } from '../form/read-request.ts'

/**
 * A form as a citizen sees it, drawn by the code of the citizens' page. `fields` is null when the form cannot be used.
 * @param typed what was tried in its fields
 */
export function previewOf(
  config: AppConfig,
  definition: FormDefinition | undefined,
  typed: Typed,
  problems: Problems = {},
): FormView | { fields: null } {
  if (!definition) return { fields: null }
  const context = { today: romeDay(now(config)) }
  return formView({ definition, language: 'it', typed, problems, context })
}
