import { z } from 'zod'
import { MAX_CAUSALE } from '../causale.ts'
import { bilancioLine, fieldSchema, MOST_FIELDS, words } from './fields.ts'
import { definitionProblems } from './soundness.ts'

/**
 * The parts of a form, without the rules that hold between them. A form that is being written may break those for a while.
 * `causale` is a template, "Mensa scolastica ${mese}". Its longest result must fit the 140 characters of pagoPA.
 */
export const formDraftSchema = z.strictObject({
  fields: z.array(fieldSchema).min(1).max(MOST_FIELDS),
  causale: words(MAX_CAUSALE),
  bilancio: z.array(bilancioLine).min(1).max(10).optional(),
})

/** A form that citizens can fill in. */
export const formDefinitionSchema = formDraftSchema.superRefine((form, context) => {
  for (const { message } of definitionProblems(form)) context.addIssue({ code: 'custom', message })
})

export type FormDefinitionInput = z.input<typeof formDefinitionSchema>
