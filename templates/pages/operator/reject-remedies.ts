import { columnOf } from '../../../domain/flow/reason-columns.ts'
import type {
  FieldFault,
  LineFault,
  Reason,
  SheetReason,
  StateReason,
  ValueError,
} from '../../../domain/flow/reason.ts'
import { t } from '../../language.ts'

export const formRemedy = (fault: FieldFault | LineFault): string => t(`flows.remedy.form.${fault}`)

export const valueRemedy = (error: ValueError): string => t(`flows.remedy.value.${error}`)

export const stateRemedy = (error: StateReason['error']): string => t(`flows.remedy.state.${error}`)

/** Names the column and what it shows, because the same fault in two columns has two remedies. */
export const sheetRemedy = ({ fault, header, value }: Omit<SheetReason, 'kind'>): string =>
  t('sheet.fault.at', { header, value: value === '' ? '—' : value, remedy: t(`sheet.fault.${fault}`) })

function remedyOf(reason: Reason): string {
  if (reason.kind === 'sheet') return sheetRemedy(reason)
  if (reason.kind === 'form') return formRemedy(reason.fault)
  return reason.kind === 'value' ? valueRemedy(reason.error) : stateRemedy(reason.error)
}

/**
 * What to do about a rejected row, in the order of its reasons: "importoDovuto: Scrivi un importo maggiore di zero." Columns with the same
 * fault have one remedy.
 */
export function remediesOf(reasons: readonly Reason[]): string[] {
  const columns = new Map<string, string[]>()
  for (const reason of reasons) {
    const remedy = remedyOf(reason)
    const column = columnOf(reason)
    columns.set(remedy, [...(columns.get(remedy) ?? []), ...(column === undefined ? [] : [column])])
  }
  return [...columns].map(([remedy, names]) =>
    names.length === 0 ? remedy : t('flows.remedy.named', { columns: names.join(', '), remedy }),
  )
}
