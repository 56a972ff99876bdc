import { formatDay } from '../domain/calendar.ts'
import type { Doubt } from '../domain/payment/known.ts'
import type { DueState } from '../domain/states.ts'
import { moneyChip, type Chip } from './chip.ts'
import { t } from './language.ts'

/** The state of a due as operators see it, with the doubt about its money if there is one. */
export function dueChip(due: Doubt & { state: DueState; isExpired: boolean }): Chip {
  const shown = due.state === 'payable' && due.isExpired ? 'expired' : due.state
  return moneyChip('due', shown, t(`dues.state.${shown}`), due)
}

export const dayOrDash = (day: string | null): string => (day === null ? '–' : formatDay(day))
