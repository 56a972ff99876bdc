import { z } from 'zod'
import { MAX_CAUSALE } from '../causale.ts'
import { MAX_AVVISO_IMPORTO, MAX_IMPORTO, type Cents } from '../money.ts'
import { isPersonal, TEXT_FORMATS } from './text-formats.ts'
import { fillTemplate, longestCausale, placeholders } from './template.ts'

/**
 * The form of a tipo dovuto, kept as JSON. Each field is one kind; a kind to come (computed value, dependent
 * choice) is one more entry here, one in FIELD_CHECKS and one in the page's partial.
 */
const common = {
  id: z.string().regex(/^[a-z][a-zA-Z0-9]{0,39}$/),
  label: z.string().min(1).max(60),
  help: z.string().max(200).optional(),
}
const required = z.boolean().default(true)
const importo = (max: Cents) =>
  z
    .int()
    .min(1)
    .max(max)
    .transform((n) => n as Cents)

const textField = z.object({
  ...common,
  kind: z.literal('text'),
  required,
  maxLength: z.int().min(1).max(MAX_CAUSALE).default(60),
  // Named formats, not expressions of the configuration: an unlucky one would freeze the server on a long value.
  format: z.enum(TEXT_FORMATS).default('any'),
})

const numberField = z.object({
  ...common,
  kind: z.literal('number'),
  required,
  min: z.int().min(0).default(1),
  max: z.int().max(999_999_999),
})

const dateField = z.object({
  ...common,
  kind: z.literal('date'),
  required,
  /** Days are compared with today in Rome. */
  only: z.enum(['any', 'past', 'future']).default('any'),
})

const choiceField = z.object({
  ...common,
  kind: z.literal('choice'),
  required,
  options: z
    .array(z.object({ value: z.string().min(1).max(40), label: z.string().min(1).max(60) }))
    .min(1)
    .max(50),
})

const fixedAmount = z.object({ ...common, kind: z.literal('amount_fixed'), importo: importo(MAX_IMPORTO) })

const typedAmount = z.object({
  ...common,
  kind: z.literal('amount_typed'),
  max: importo(MAX_IMPORTO).default(MAX_AVVISO_IMPORTO),
})

const fieldSchema = z.discriminatedUnion('kind', [
  textField,
  numberField,
  dateField,
  choiceField,
  fixedAmount,
  typedAmount,
])

export type Field = z.output<typeof fieldSchema>
export type FieldKind = Field['kind']
export type FieldOf<K extends FieldKind> = Extract<Field, { kind: K }>

/** `causale` is a template, "Mensa scolastica ${mese}"; what it makes always fits the 140 characters of pagoPA. */
export const formDefinitionSchema = z
  .object({ fields: z.array(fieldSchema).min(1).max(20), causale: z.string().min(1).max(MAX_CAUSALE) })
  .superRefine((form, context) => {
    for (const message of definitionProblems(form.fields, form.causale))
      context.addIssue({ code: 'custom', message })
  })

export type FormDefinition = z.output<typeof formDefinitionSchema>
export type FormDefinitionInput = z.input<typeof formDefinitionSchema>

const isAmount = (field: Field) => field.kind === 'amount_fixed' || field.kind === 'amount_typed'

/** Optional fields may be left empty: something else must remain. */
const hasText = (causale: string, fields: readonly Field[]) =>
  fillTemplate(causale, {}) !== '' ||
  fields.some(
    (field) => placeholders(causale).includes(field.id) && (!('required' in field) || field.required),
  )

function definitionProblems(fields: readonly Field[], causale: string): string[] {
  const ids = fields.map((field) => field.id)
  const used = placeholders(causale)
  const rules: [boolean, string][] = [
    [new Set(ids).size === ids.length, 'two fields have the same id'],
    [fields.filter(isAmount).length === 1, 'exactly one field must be the amount'],
    [used.every((id) => ids.includes(id)), 'the causale names a field that is not there'],
    // The causale travels to banks and is printed: the nodo forbids personal data in it.
    [
      !fields.some((field) => used.includes(field.id) && isPersonal(field)),
      'the causale names a personal field',
    ],
    [hasText(causale, fields), 'the causale can be empty'],
    [longestCausale(causale, fields) <= MAX_CAUSALE, `the causale can exceed ${MAX_CAUSALE} characters`],
    [
      fields.every((field) => field.kind !== 'number' || field.min <= field.max),
      'a number has min above max',
    ],
  ]
  return rules.filter(([holds]) => !holds).map(([, message]) => message)
}
