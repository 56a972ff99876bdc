import type { ColumnHeader } from '../../../domain/flow/columns.ts'
import { columnOf } from '../../../domain/flow/reason-columns.ts'
import type {
  FieldFault,
  LineFault,
  Reason,
  SheetReason,
  StateReason,
  ValueError,
} from '../../../domain/flow/reason.ts'
import { nearestCode } from '../../../domain/nearest.ts'
import { ANONYMOUS } from '../../../domain/person.ts'
import { wrongFiscalCode } from '../../fiscal-code-words.ts'
import { euro } from '../../format.ts'
import { t } from '../../language.ts'

/** What already has the IUD of a row. `where` names it: "riga 7". */
export interface Taken {
  where: string
  cents: number
  /** Payer, amount, type, reason and day are the same. */
  isSame: boolean
}

/** What is known of a rejected row, for those who may read it. */
export interface RejectFacts {
  values: Partial<Record<ColumnHeader, string>>
  /** Codes of the types of dues that the reader may use. */
  dueTypes: readonly string[]
  taken: Taken | undefined
}

export const formRemedy = (fault: FieldFault | LineFault): string => t(`flows.remedy.form.${fault}`)

export const valueRemedy = (error: ValueError): string => t(`flows.remedy.value.${error}`)

export const stateRemedy = (error: StateReason['error']): string => t(`flows.remedy.state.${error}`)

/** Names the column and what it shows, because the same fault in two columns has two remedies. */
export const sheetRemedy = ({ fault, header, value }: Omit<SheetReason, 'kind'>): string =>
  t('sheet.fault.at', { header, value: value === '' ? '—' : value, remedy: t(`sheet.fault.${fault}`) })

/** The remedies that say more when the value of the row is known. */
const WITH_VALUE: Partial<Record<ValueError, (value: string, facts: RejectFacts) => string | undefined>> = {
  codiceFiscale: (code) =>
    code.toUpperCase() === ANONYMOUS ? t('flows.remedy.known.anonymous') : wrongFiscalCode(code),
  dueTypeUnknown: (code, { dueTypes }) => {
    const nearest = nearestCode(code, dueTypes)
    return nearest === undefined ? undefined : t('flows.remedy.known.dueType', { nearest })
  },
}

function takenRemedy(error: StateReason['error'], { where, cents, isSame }: Taken): string | undefined {
  if (error !== 'iudTaken' && error !== 'iudTwiceInFlow') return undefined
  return t(`flows.remedy.${error}.${isSame ? 'same' : 'other'}`, { where, importo: euro(cents) })
}

function remedyOf(reason: Reason, facts: RejectFacts | undefined): string {
  if (reason.kind === 'sheet') return sheetRemedy(reason)
  if (reason.kind === 'form') return formRemedy(reason.fault)
  if (reason.kind === 'state')
    return (facts?.taken && takenRemedy(reason.error, facts.taken)) ?? stateRemedy(reason.error)
  const value = facts?.values[columnOf(reason)!]
  return (facts && value ? WITH_VALUE[reason.error]?.(value, facts) : undefined) ?? valueRemedy(reason.error)
}

/** Longer values are texts, which the row itself shows better. */
const MOST_QUOTED = 60

/** The value to quote beside the remedy: of a column whose content is wrong, and not of one that is too long or missing. */
function quoted(reason: Reason, facts: RejectFacts | undefined): string {
  const isWrong =
    reason.kind === 'value' ||
    (reason.kind === 'form' && ['day', 'flag', 'amount'].includes(reason.fault)) ||
    (reason.kind === 'state' && reason.error === 'azione')
  const column = columnOf(reason)
  const value = isWrong && column !== undefined ? (facts?.values[column] ?? '') : ''
  return value.length > MOST_QUOTED ? '' : value.replace(/\p{C}/gu, '·')
}

/**
 * What to do about a rejected row, in the order of its reasons: "importoDovuto: Scrivi un importo maggiore di zero." Columns with the same
 * fault have one remedy. Where the row is known, the wrong value stands beside its column.
 */
export function remediesOf(reasons: readonly Reason[], facts?: RejectFacts): string[] {
  const columns = new Map<string, string[]>()
  for (const reason of reasons) {
    const remedy = remedyOf(reason, facts)
    const column = columnOf(reason)
    const value = quoted(reason, facts)
    const named = column === undefined ? [] : [value === '' ? column : `${column} “${value}”`]
    columns.set(remedy, [...(columns.get(remedy) ?? []), ...named])
  }
  return [...columns].map(([remedy, names]) =>
    names.length === 0 ? remedy : t('flows.remedy.named', { columns: names.join(', '), remedy }),
  )
}
