import { z } from 'zod'

/** A text of a list's filter, as the address carries it; '' when it is absent, too long, or none that a column could hold. */
export const wordFilter = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !text.includes('\0'))
    .catch('')

/** The same for filters that are undefined when they narrow nothing. */
export const optionalWord = (max: number) =>
  wordFilter(max).transform((text) => (text === '' ? undefined : text))
