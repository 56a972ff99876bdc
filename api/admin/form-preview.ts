import { romeDay } from '../../domain/calendar.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { t } from '../../templates/language.ts'
import { now, type AppConfig } from '../deps.ts'
import { formView, type FormView } from '../form/form-view.ts'
import type { Typed } from '../form/read-request.ts'

/**
 * A form as a citizen sees it, drawn by the code of the citizens' page. `fields` is null when the form cannot be used.
 * @param typed what was tried in its fields; undefined where nothing can be tried, so that the page has no button for it
 */
export function previewOf(
  config: AppConfig,
  definition: FormDefinition | undefined,
  typed: Typed | undefined,
): FormView | { fields: null } {
  if (!definition) return { fields: null }
  const context = { today: romeDay(now(config)) }
  const still = {
    amount: t('formedit.computed'),
    dependsOn: (label: string) => t('formedit.dependsOn', { label }),
  }
  const how = typed === undefined ? { still } : { button: t('formedit.refresh') }
  return formView({ definition, language: 'it', typed: typed ?? {}, problems: {}, context, ...how })
}
