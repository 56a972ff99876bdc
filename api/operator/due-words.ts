import type { DueRow } from '../../db/due/dues.ts'
import { formatDay } from '../../domain/calendar.ts'
import { t } from '../../templates/language.ts'
import { moneyChip, type Chip } from '../../templates/chip.ts'

/** The state of a due as operators see it, with the doubt about its money if there is one. */
export function stateOf(due: DueRow): Chip {
  const shown = due.state === 'payable' && due.isExpired ? 'expired' : due.state
  return moneyChip('due', shown, t(`dues.state.${shown}`), due)
}

export const dayOrDash = (day: string | null): string => (day === null ? '–' : formatDay(day))
