import { formatDay } from '../../domain/calendar.ts'

export const dayOrDash = (day: string | null): string => (day === null ? '–' : formatDay(day))
