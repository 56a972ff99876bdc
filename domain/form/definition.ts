import { z } from 'zod'
import { MAX_CAUSALE } from '../causale.ts'
import { bilancioLine, fieldSchema, words } from './fields.ts'
import { definitionProblems } from './soundness.ts'

/** `causale` is a template, "Mensa scolastica ${mese}". Its longest result must fit the 140 characters of pagoPA. */
export const formDefinitionSchema = z
  .strictObject({
    fields: z.array(fieldSchema).min(1).max(20),
    causale: words(MAX_CAUSALE),
    bilancio: z.array(bilancioLine).min(1).max(10).optional(),
  })
  .superRefine((form, context) => {
    for (const message of definitionProblems(form)) context.addIssue({ code: 'custom', message })
  })

export type FormDefinitionInput = z.input<typeof formDefinitionSchema>
