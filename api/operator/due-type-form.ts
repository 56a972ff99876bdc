import type { FormDueType } from '../../db/due/form-type.ts'
import { checkForm, textOf, type FormCheck } from '../../domain/form/check.ts'
import { formDefinitionSchema } from '../../domain/form/definition.ts'
import { italianOf, type FormDefinition } from '../../domain/form/fields.ts'
import { placeholders } from '../../domain/form/template.ts'
import { euro, typedEuro } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import type { FieldView, Problems } from '../form/field-view.ts'
import { problemTexts } from '../form/form-problems.ts'
import { applyAction, formView, type FormAction, type RowsView } from '../form/form-view.ts'
import type { Typed } from '../form/read-request.ts'
import { cellsOf, rowsIn, typedRows } from './bilancio-rows.ts'

/** Before the names of a type's own fields, so that they never collide with the columns of a due. */
const PREFIX = 'modulo-'

const language = 'it'

export const definitionOf = ({ form }: FormDueType): FormDefinition => formDefinitionSchema.parse(form)

/** The fields of the type's own form, by the names that the form gives them. */
const innerTyped = (typed: Typed): Typed => ({
  ...Object.fromEntries(
    Object.entries(typed)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]) => [name.slice(PREFIX.length), value]),
  ),
  azione: textOf(typed, 'azione'),
})

const outer = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [PREFIX + name, value]))

/** What the type's own form makes of what was typed: amount, causale and bilancio, or its problems by field. */
export function readTypeForm(
  type: FormDueType,
  typed: Typed,
  today: string,
): { check: FormCheck; problems: Problems } {
  const definition = definitionOf(type)
  const inner = innerTyped(typed)
  const check = checkForm(definition, inner, { today })
  const problems = check.ok
    ? {}
    : outer(problemTexts(t, { definition, language, typed: inner }, check.problems))
  return { check, problems }
}

/** What a button of the type's own form does; it may add or remove a row. */
export function afterFormButton(type: FormDueType, typed: Typed): { typed: Typed; action: FormAction } {
  const { typed: after, action } = applyAction(definitionOf(type), innerTyped(typed))
  const { azione: _, ...fields } = after
  return { typed: { ...typed, ...outer(fields) }, action }
}

/** The columns of a due that the type's own form has computed. */
export const columnsOf = ({ importo, causale, bilancio = [] }: FormCheck & { ok: true }): Typed => ({
  importoDovuto: typedEuro(importo),
  causaleVersamento: causale,
  ...(bilancio.length === 0 ? {} : typedRows(bilancio.map((share) => cellsOf(share, share.importo)))),
})

/** The fields of the type's own form beside which a problem of the amount or of the causale stands. */
export function placesOf(type: FormDueType): { importoDovuto: string; causaleVersamento: string } {
  const { fields } = definitionOf(type)
  const amount = fields.find(({ kind }) => kind.startsWith('amount_'))!
  return { importoDovuto: PREFIX + amount.id, causaleVersamento: PREFIX + fields[0]!.id }
}

/** What to begin with when amount, causale and bilancio are typed: what the type says and what its form has computed so far. */
export function proposedColumns(type: FormDueType, typed: Typed, today: string): Typed {
  const { check } = readTypeForm(type, typed, today)
  if (check.ok) return columnsOf(check)
  const { fields, causale, bilancio = [] } = definitionOf(type)
  const fixed = fields.find((field) => field.kind === 'amount_fixed')
  const amount = fields.find((field) => field.kind === 'amount_typed')
  const rows = rowsIn(typed)
  return {
    importoDovuto: fixed
      ? typedEuro(fixed.importo)
      : textOf(typed, amount ? PREFIX + amount.id : 'importoDovuto'),
    causaleVersamento: placeholders(causale).length === 0 ? causale : textOf(typed, 'causaleVersamento'),
    ...typedRows(rows.length > 0 ? rows : bilancio.map((line) => cellsOf(line))),
  }
}

/** How the causale of a type reads, with the labels of the fields that go into it. */
export function causaleModel({ fields, causale }: FormDefinition): string {
  const labels = new Map(
    fields.flatMap(
      (field) =>
        [
          [field.id, italianOf(field.label)],
          ...(field.kind === 'rows'
            ? field.fields.map((inner) => [`${field.id}.${inner.id}`, italianOf(inner.label)] as const)
            : []),
        ] as [string, string][],
    ),
  )
  return placeholders(causale).reduce(
    (text, id) => text.replaceAll(`\${${id}}`, `[${labels.get(id) ?? id}]`),
    causale,
  )
}

/** The fields of the type's own form for the page, and what it has computed from them so far. */
export function typeFormView(type: FormDueType, typed: Typed, problems: Problems, today: string) {
  const definition = definitionOf(type)
  const inner = Object.fromEntries(
    Object.entries(problems)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, text]) => [name.slice(PREFIX.length), text]),
  )
  const { fields, ...buttons } = formView({
    definition,
    language,
    typed: innerTyped(typed),
    problems: inner,
    context: { today },
  })
  const { check } = readTypeForm(type, typed, today)
  return {
    ...buttons,
    fields: fields.map(({ single, rows }) => ({
      single: single && named(single),
      rows: rows && namedRows(rows),
    })),
    causale: check.ok ? check.causale : causaleModel(definition),
    importo: check.ok ? euro(check.importo) : null,
    bilancio:
      (check.ok ? check.bilancio : undefined)?.map((share) => ({
        ...cellsOf(share),
        importo: euro(share.importo),
      })) ?? [],
    hasBilancio: definition.bilancio !== undefined,
  }
}

const named = (field: FieldView): FieldView => ({
  ...field,
  id: PREFIX + field.id,
  describedBy:
    field.describedBy
      ?.split(' ')
      .map((id) => PREFIX + id)
      .join(' ') ?? null,
})

const namedRows = (rows: RowsView): RowsView => ({
  ...rows,
  id: PREFIX + rows.id,
  rows: rows.rows.map((row) => ({ ...row, fields: row.fields.map(named) })),
})

/** What was typed into fields of other types, so that going back to one of them loses nothing. */
export const otherFields = (type: FormDueType, typed: Typed): { name: string; value: string }[] => {
  // A field that the page only shows sends nothing, so what another type has under its name must travel all the same.
  const shown = definitionOf(type).fields.filter(
    ({ kind }) => kind !== 'amount_fixed' && kind !== 'amount_computed',
  )
  const own = new Set(shown.map(({ id }) => id))
  return Object.entries(typed).flatMap(([name, value]) =>
    name.startsWith(PREFIX) &&
    typeof value === 'string' &&
    value !== '' &&
    !own.has(name.slice(PREFIX.length).split('.')[0]!)
      ? [{ name, value }]
      : [],
  )
}
