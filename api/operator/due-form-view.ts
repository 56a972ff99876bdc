import { MAX_IMPORTO, parseTypedImporto, type Cents } from '../../domain/money.ts'
import { t } from '../../templates/language.ts'
import { fieldView, summaryView, type FieldView, type Problems } from '../form/field-view.ts'
import { trimmedText } from '../form/read-request.ts'
import { bilancioView } from './bilancio-rows.ts'
import { CONTACTS, inputOf, needsDay, NUMBERS, SECONDARY, type Around, type DueField } from './due-fields.ts'
import { definitionOf, readTypeForm, typeFormView } from './due-type-form.ts'

export interface DueFormShown extends Around {
  problems: Problems
  /** Amount, causale and bilancio come from the type's own form. */
  byForm: boolean
  /** Today in Rome. */
  today: string
}

/** What templates/partials/due-fields.hbs shows: what the type needs first, the rest folded. */
export function dueFormView(shown: DueFormShown) {
  const { typed, problems, type, due, byForm, today } = shown
  const field = (header: DueField): FieldView => fieldView(inputOf(header, shown), typed, problems)
  const fields = (headers: readonly DueField[]) => headers.map(field)
  const day: DueField[] = ['dataEsecuzionePagamento']
  // A day that is there is never folded away.
  const isDayNeeded = needsDay(type) || trimmedText(typed, 'dataEsecuzionePagamento') !== ''
  const kind: DueField[] = ['tipoIdentificativoUnivoco']
  const isKindNeeded = type?.anonymousPayer === true
  const form = byForm && type ? typeFormView(type, typed, problems, today) : null
  return {
    ...summaryView(problems),
    form,
    what: fields([
      ...(form ? [] : (['importoDovuto', 'causaleVersamento'] as const)),
      ...(isDayNeeded ? day : []),
    ]),
    payer: fields([...(isKindNeeded ? kind : []), 'codiceIdentificativoUnivoco', 'anagraficaPagatore']),
    bilancio: form?.hasBilancio ? null : tableOf(shown),
    folded: [
      fold('contacts', fields([...(isKindNeeded ? [] : kind), ...CONTACTS])),
      fold('secondary', fields(SECONDARY)),
      fold('numbers', fields([...(isDayNeeded ? [] : day), ...NUMBERS])),
    ],
    canTypeAll: form !== null,
    canUseForm: form === null && due === undefined && type !== undefined,
  }
}

/** A folded group. One with an error opens by itself. */
const fold = (name: 'contacts' | 'secondary' | 'numbers', fields: FieldView[]) => ({
  title: t(`dues.form.group.${name}`),
  hint: t(`dues.form.hint.${name}`),
  isOpen: fields.some(({ error }) => error !== null),
  fields,
})

function tableOf({ typed, problems, type, byForm, today, due }: DueFormShown) {
  const atLeast = type && due === undefined && definitionOf(type).bilancio ? 1 : 0
  const table = bilancioView(typed, problems, importoOf(typed, type, byForm, today), atLeast)
  const isWrong = Object.keys(problems).some((id) => id.startsWith('bilancio'))
  const isInUse = trimmedText(typed, 'azione').includes('riga')
  return { ...table, isOpen: isWrong || isInUse || table.count > 0 }
}

/** The amount that the lines of the bilancio must add up to, as far as it can be read. */
function importoOf(
  typed: DueFormShown['typed'],
  type: DueFormShown['type'],
  byForm: boolean,
  today: string,
): Cents | undefined {
  if (byForm && type) {
    const { check } = readTypeForm(type, typed, today)
    return check.ok ? check.importo : undefined
  }
  const amount = parseTypedImporto(trimmedText(typed, 'importoDovuto'), MAX_IMPORTO)
  return amount.ok ? amount.importo : undefined
}
