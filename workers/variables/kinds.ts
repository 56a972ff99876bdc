import { z } from 'zod'

export const port = z.coerce.number().int().min(0).max(65_535)
export const url = z.url()

/** Values divided by commas. */
export const listOr = (absent: readonly string[]) =>
  z
    .string()
    .default(absent.join(','))
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
export const list = listOr([])

/**
 * What docs/environment.md says of a variable that a start may need although the schema takes it as absent: `required` says when. The page
 * says "always" of the variables that have neither a default nor a reason to be absent.
 */
export const neededWhen = (required: string, description: string) => ({ required, description })
