import type { DueRow } from '../../db/due/dues.ts'
import { formatDay } from '../../domain/calendar.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import { t } from '../../templates/language.ts'
import { withDoubt } from '../../templates/pages/doubt-words.ts'

/** The state of a due as operators read it, with the doubt about its money if there is one. */
export function stateWords(due: DueRow): string {
  const shown = due.state === 'payable' && due.isExpired ? 'expired' : due.state
  return withDoubt(t(`dues.state.${shown}`), due)
}

export const dayOrDash = (day: string | null): string => (day === null ? '–' : formatDay(day))

export const euro = (amount: number): string => formatEuro(cents(amount))
