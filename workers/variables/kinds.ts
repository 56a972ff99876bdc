import { z } from 'zod'

export const port = z.coerce.number().int().min(0).max(65_535)
export const url = z.url()

/** Values separated by commas. */
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
 * Texts of docs/environment.md for a variable that the schema allows to be absent although a start may need it: `required`
 * says when. The page has "always" for variables without a default that are not optional.
 */
export const neededWhen = (required: string, description: string) => ({ required, description })
