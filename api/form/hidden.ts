import type { Typed } from './read-request.ts'

export interface HiddenInput {
  name: string
  value: string
}

/** What a form sent, as hidden inputs of the next page, so that nothing typed is lost. @param but names that are not carried on */
export const hiddenInputs = (typed: Typed, but: readonly string[]): HiddenInput[] =>
  Object.entries(typed).flatMap(([name, value]) =>
    but.includes(name)
      ? []
      : [value].flat().flatMap((one) => (typeof one === 'string' ? [{ name, value: one }] : [])),
  )
