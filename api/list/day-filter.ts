import { z } from 'zod'
import { isCountableDay } from '../../domain/calendar.ts'

/** A day that narrows a list, as the address carries it; what is no day, or so far off that it bounds nothing, narrows nothing. */
export const dayFilter = z.string().refine(isCountableDay).optional().catch(undefined)

/** The same for forms that show it again: '' when it narrows nothing. */
export const dayText = dayFilter.transform((text) => text ?? '')
