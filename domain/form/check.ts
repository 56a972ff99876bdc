import type { Cents } from '../money.ts'
import type { FormDefinition } from './definition.ts'
import { checkField, type CheckContext, type FieldCheck } from './field-checks.ts'
import { fillTemplate } from './template.ts'

export type FormCheck =
  | { ok: true; importo: Cents; causale: string; values: Record<string, string> }
  | { ok: false; problems: Record<string, string> }

/**
 * Checks what a person typed against the form of a tipo dovuto. Amount and causale are made here, by the server,
 * and made again at each later step from `values`: nothing the browser computed is believed.
 * @param values as the browser sent them; fields that the form does not have are ignored
 */
export function checkForm(
  definition: FormDefinition,
  values: Readonly<Record<string, unknown>>,
  context: CheckContext,
): FormCheck {
  const checks = definition.fields.map((field): [string, FieldCheck] => [
    field.id,
    checkField(field, textOf(values, field.id), context),
  ])
  const problems = checks.flatMap(([id, check]) => (check.ok ? [] : [[id, check.problem] as const]))
  if (problems.length > 0) return { ok: false, problems: Object.fromEntries(problems) }

  const good = checks.flatMap(([id, check]) => (check.ok ? [{ id, ...check }] : []))
  const importo = good.find((check) => check.importo !== undefined)?.importo
  if (importo === undefined) throw new RangeError('a form without an amount passed its schema')
  return {
    ok: true,
    importo,
    causale: fillTemplate(
      definition.causale,
      Object.fromEntries(good.map((check) => [check.id, check.shown])),
    ),
    values: Object.fromEntries(good.map((check) => [check.id, check.value])),
  }
}

/** A field sent twice arrives as a list: it counts as not filled in. */
function textOf(values: Readonly<Record<string, unknown>>, id: string): string {
  const value = Object.hasOwn(values, id) ? values[id] : undefined
  return typeof value === 'string' ? value : ''
}
