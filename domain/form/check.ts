import { cents, formatEuro, type Cents } from '../money.ts'
import { REST, type BilancioLine, type Field, type FieldOf, type FormDefinition } from './fields.ts'
import { evaluateNumber, NoResult, NoWorth, type Value, type Values } from './expression/evaluate.ts'
import { parseExpression } from './expression/parse.ts'
import { multiply, round, whole } from './expression/rational.ts'
import { amountOf, checkField, type CheckContext, type FormProblem } from './field-checks.ts'
import { TODAY, TOTAL } from './soundness.ts'
import { fillTemplate, ROW_SEPARATOR } from './template.ts'

export interface BilancioShare extends Omit<BilancioLine, 'importo'> {
  importo: Cents
}

export type FormCheck =
  | {
      ok: true
      importo: Cents
      causale: string
      bilancio: BilancioShare[] | undefined
      /** By field id; a field of a row is "rows.0.field", and "rows" is the number of rows. */
      values: Record<string, string>
    }
  | { ok: false; problems: Record<string, FormProblem> }

export type TypedValues = Readonly<Record<string, unknown>>

/**
 * Checks what a person typed against the form of a due type. The server computes amount, causale and bilancio here, and
 * again at each later step from `values`, because nothing that the browser computed is trusted.
 * @param typed as the browser sent it; fields that the form does not have are ignored
 */
export function checkForm(definition: FormDefinition, typed: TypedValues, context: CheckContext): FormCheck {
  const read = checkList(definition.fields, { typed, prefix: '', context })
  read.holds.set(TODAY, { is: 'day', value: context.today })
  const amount = definition.fields.find((field) => field.kind.startsWith('amount_'))!
  try {
    return complete(definition, amount, read)
  } catch (error) {
    if (!(error instanceof NoWorth)) throw error
    return {
      ok: false,
      problems: { [amount.id]: { ...problem('noPrice'), words: { option: error.option } } },
    }
  }
}

/** @throws NoWorth */
function complete(definition: FormDefinition, amount: Field, read: Read): FormCheck {
  if (amount.kind === 'amount_computed' && Object.keys(read.problems).length === 0) compute(amount, read)
  if (Object.keys(read.problems).length > 0) return { ok: false, problems: read.problems }
  const importo = read.importo!
  const bilancio = definition.bilancio && split(definition.bilancio, read.holds, importo)
  if (bilancio === null) return { ok: false, problems: { [amount.id]: problem('noAmount') } }
  return {
    ok: true,
    importo,
    causale: fillTemplate(definition.causale, read.shown),
    bilancio: bilancio ?? undefined,
    values: read.values,
  }
}

interface Scope {
  typed: TypedValues
  /** "alunni.0." for the fields of a row. */
  prefix: string
  context: CheckContext
}

interface Read {
  problems: Record<string, FormProblem>
  values: Record<string, string>
  shown: Record<string, string>
  holds: Map<string, Value>
  importo: Cents | undefined
}

function checkList(fields: readonly Field[], scope: Scope): Read {
  const read: Read = { problems: {}, values: {}, shown: {}, holds: new Map(), importo: undefined }
  for (const field of fields) {
    if (field.kind === 'rows') checkRows(field, scope, read)
    else if (field.kind !== 'amount_computed') checkOne(field, scope, read)
  }
  return read
}

function checkOne(
  field: Exclude<Field, FieldOf<'rows' | 'amount_computed'>>,
  scope: Scope,
  read: Read,
): void {
  const { typed, prefix, context } = scope
  const name = prefix + field.id
  const sibling = (id: string): string => textOf(typed, prefix + id).trim()
  const check = checkField(field, { text: textOf(typed, name), sibling, context })
  if (!check.ok) {
    read.problems[name] = check.problem
    return
  }
  read.values[name] = check.value
  read.shown[field.id] = check.shown
  if (check.holds) read.holds.set(field.id, check.holds)
  if (field.kind !== 'money') read.importo ??= check.importo
}

function checkRows(field: FieldOf<'rows'>, scope: Scope, read: Read): void {
  const name = scope.prefix + field.id
  const count = rowCount(field, scope.typed)
  const rows = Array.from({ length: count }, (_, index) =>
    checkList(field.fields, { ...scope, prefix: `${name}.${index}.` }),
  )
  read.values[name] = String(count)
  for (const row of rows) {
    Object.assign(read.problems, row.problems)
    Object.assign(read.values, row.values)
  }
  for (const { id } of field.fields)
    read.shown[`${field.id}.${id}`] = rows
      .map((row) => row.shown[id] ?? '')
      .filter((text) => text !== '')
      .join(ROW_SEPARATOR)
  read.holds.set(field.id, { is: 'rows', rows: rows.map((row) => row.holds) })
}

/** The number of rows that the page sent, within the limits of the form. */
export function rowCount(field: FieldOf<'rows'>, typed: TypedValues): number {
  const said = Number(/^\d{1,2}$/.exec(textOf(typed, field.id).trim())?.[0] ?? field.min)
  return Math.min(Math.max(said, field.min), field.max)
}

function compute(field: FieldOf<'amount_computed'>, read: Read): void {
  const amount = centsOf(field.expression, read.holds)
  if (amount === undefined || amount < 1) read.problems[field.id] = problem('noAmount')
  else if (amount > field.max)
    read.problems[field.id] = problem('amount.too_big', { max: formatEuro(field.max) })
  else {
    const made = amountOf(cents(amount))
    read.importo = made.importo
    read.values[field.id] = made.value
    read.shown[field.id] = made.shown
    read.holds.set(field.id, made.holds!)
  }
}

/** The value in euro as whole cents, halves rounded up; undefined when the expression has no result or is too large. */
function centsOf(expression: string, holds: Values): number | undefined {
  try {
    const exact = multiply(evaluateNumber(parseExpression(expression), holds), whole(100))
    const amount = Number(round(exact, 0).n)
    return Number.isSafeInteger(amount) ? amount : undefined
  } catch (error) {
    if (error instanceof NoResult) return undefined
    throw error
  }
}

/**
 * The amount of each line of the bilancio; null when the lines do not add up to the amount, because then there must be
 * no payment.
 */
function split(lines: readonly BilancioLine[], holds: Values, importo: Cents): BilancioShare[] | null {
  const known = new Map([...holds, [TOTAL, amountOf(importo).holds!]])
  const amounts = lines.map((line) => (line.importo === REST ? undefined : centsOf(line.importo, known)))
  const said = amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0)
  const shares = lines.map((line, index) => ({
    ...line,
    importo: line.importo === REST ? importo - said : (amounts[index] ?? -1),
  }))
  const isSound =
    shares.every((share) => share.importo >= 0) &&
    shares.reduce((sum, share) => sum + share.importo, 0) === importo
  return isSound
    ? shares
        .filter((share) => share.importo > 0)
        .map((share) => ({ ...share, importo: cents(share.importo) }))
    : null
}

const problem = (key: string, values: FormProblem['values'] = {}): FormProblem => ({
  key: `form.problem.${key}`,
  values,
})

/** A field sent twice arrives as a list and counts as empty. */
export function textOf(values: TypedValues, id: string): string {
  const value = Object.hasOwn(values, id) ? values[id] : undefined
  return typeof value === 'string' ? value : ''
}
