import { MAX_CAUSALE } from '../causale.ts'
import { italianOf, REST, type Field, type FormDefinition } from './fields.ts'
import { ExpressionError, parseExpression } from './expression/parse.ts'
import { typeOf, type ExpressionType, type Names, type ValueType } from './expression/types.ts'
import { fillTemplate, longestCausale, placeholders } from './template.ts'
import { isPersonal } from './text-formats.ts'

/** The types of fields with one value; undefined for the amount that is computed from the others. */
const TYPES: Record<Exclude<Field['kind'], 'rows'>, ValueType | undefined> = {
  text: 'text',
  number: 'number',
  money: 'number',
  date: 'day',
  choice: 'choice',
  dependent_choice: 'choice',
  amount_fixed: 'number',
  amount_typed: 'number',
  amount_computed: undefined,
}

/** Names that expressions may use, with their types. */
function namesOf(fields: readonly Field[]): Names {
  return new Map(
    fields.flatMap((field): [string, ExpressionType][] => {
      if (field.kind === 'rows') return [[field.id, { is: 'rows', names: namesOf(field.fields) }]]
      const is = TYPES[field.kind]
      return is === undefined ? [] : [[field.id, { is }]]
    }),
  )
}

/** Other names that expressions may use: today in Rome, and in the bilancio the amount. */
export const TODAY = 'oggi'
export const TOTAL = 'totale'

const isAmount = (field: Field): boolean => field.kind.startsWith('amount_')

/** Ids that a template may use: those of the form, and "rows.field" for a field of repeated rows. */
const nameable = (fields: readonly Field[]): Map<string, Field> =>
  new Map(
    fields.flatMap((field): [string, Field][] =>
      field.kind === 'rows'
        ? field.fields.map((inner) => [`${field.id}.${inner.id}`, inner])
        : [[field.id, field]],
    ),
  )

/** Why a definition cannot be used. */
export interface DefinitionProblem {
  /** Names the rule, for sentences in other words. */
  code: string
  values: Readonly<Record<string, string>>
  /** A sentence for the person who writes JSON. */
  message: string
}

/** Reasons why a definition cannot be used. */
export function definitionProblems({ fields, causale, bilancio = [] }: FormDefinition): DefinitionProblem[] {
  const named = nameable(fields)
  const used = placeholders(causale)
  const rules: [boolean, string, code: string][] = [
    [everyListDistinct(fields), 'two fields have the same id', 'sameId'],
    [
      flat(fields).every(({ id }) => id !== TODAY && id !== TOTAL),
      `no field can be called "${TODAY}" or "${TOTAL}"`,
      'takenId',
    ],
    [fields.filter(isAmount).length === 1, 'exactly one field must be the amount', 'oneAmount'],
    [used.every((id) => named.has(id)), 'the causale names a field that is not there', 'causaleName'],
    // The node forbids personal data in the causale, because banks see it and it is printed.
    [
      !used.some((id) => named.has(id) && isPersonal(named.get(id)!)),
      'the causale names a personal field',
      'causalePerson',
    ],
    [hasText(causale, used, named), 'the causale can be empty', 'causaleEmpty'],
    [
      longestCausale(causale, fields) <= MAX_CAUSALE,
      `the causale can exceed ${MAX_CAUSALE} characters`,
      'causaleLong',
    ],
    [
      flat(fields).every((field) => field.kind !== 'number' || field.min <= field.max),
      'a number has min above max',
      'numberBounds',
    ],
    [
      fields.every((field) => field.kind !== 'rows' || field.min <= field.max),
      'rows have min above max',
      'rowBounds',
    ],
    [datesAreSound(fields), 'a date has from after to', 'dateBounds'],
    [
      bilancio.filter(({ importo }) => importo === REST).length <= 1,
      `only one line of the bilancio can be "${REST}"`,
      'oneRest',
    ],
  ]
  return [
    ...rules
      .filter(([holds]) => !holds)
      .map(([, message, code]) => ({ code, values: { most: String(MAX_CAUSALE) }, message })),
    ...dependenceProblems(fields),
    ...expressionProblems(
      fields,
      bilancio.map(({ importo }) => importo).filter((text) => text !== REST),
    ),
  ]
}

const flat = (fields: readonly Field[]): Field[] =>
  fields.flatMap((field): Field[] => (field.kind === 'rows' ? [field, ...field.fields] : [field]))

function everyListDistinct(fields: readonly Field[]): boolean {
  const isDistinct = (list: readonly { id: string }[]): boolean =>
    new Set(list.map(({ id }) => id)).size === list.length
  return isDistinct(fields) && fields.every((field) => field.kind !== 'rows' || isDistinct(field.fields))
}

const datesAreSound = (fields: readonly Field[]): boolean =>
  flat(fields).every(
    (field) =>
      field.kind !== 'date' || field.from === undefined || field.to === undefined || field.from <= field.to,
  )

/** Optional fields may be empty, so the template needs a fixed text or a mandatory field. */
const hasText = (causale: string, used: readonly string[], named: ReadonlyMap<string, Field>): boolean =>
  fillTemplate(causale, {}) !== '' ||
  used.some((id) => {
    const field = named.get(id)
    return field !== undefined && (!('required' in field) || field.required)
  })

/** A dependent choice must follow a choice of the same list and must have options for each of its values. */
function dependenceProblems(fields: readonly Field[]): DefinitionProblem[] {
  const inRows = fields.flatMap((field) => (field.kind === 'rows' ? dependenceProblems(field.fields) : []))
  return [
    ...inRows,
    ...fields.flatMap((field, index) => {
      if (field.kind !== 'dependent_choice') return []
      const leader = fields.slice(0, index).find(({ id }) => id === field.on)
      if (leader?.kind !== 'choice')
        return [
          {
            code: 'noLeader',
            values: { field: italianOf(field.label), on: field.on },
            message: `"${field.id}" depends on "${field.on}", which is no choice before it`,
          },
        ]
      const values = leader.options.map(({ value }) => value)
      const lost = values.filter((value) => !Object.hasOwn(field.options, value))
      const unknown = Object.keys(field.options).filter((value) => !values.includes(value))
      return [
        ...lost.map((value) => ({
          code: 'lostOptions',
          values: { field: italianOf(field.label), on: italianOf(leader.label), value },
          message: `"${field.id}" has no options for "${value}" of "${field.on}"`,
        })),
        ...unknown.map((value) => ({
          code: 'strayOptions',
          values: { field: italianOf(field.label), on: italianOf(leader.label), value },
          message: `"${field.id}" has options for "${value}", which "${field.on}" does not have`,
        })),
      ]
    }),
  ]
}

function expressionProblems(fields: readonly Field[], ofBilancio: readonly string[]): DefinitionProblem[] {
  const computed = fields.flatMap((field) => (field.kind === 'amount_computed' ? [field.expression] : []))
  const names = new Map([...namesOf(fields), [TODAY, { is: 'day' } as const]])
  return [
    ...computed.flatMap((text) => problemOf(text, names)),
    // The expressions of the bilancio may also use the amount.
    ...ofBilancio.flatMap((text) => problemOf(text, new Map([...names, [TOTAL, { is: 'number' } as const]]))),
  ]
}

function problemOf(text: string, names: Names): DefinitionProblem[] {
  try {
    const { is } = typeOf(parseExpression(text), names)
    if (is === 'number') return []
    return [{ code: 'noNumber', values: { text }, message: `the expression "${text}" gives no number` }]
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const why = error.message
    const lost = /^there is no field "(\w+)"$/.exec(why)?.[1]
    const message = `the expression "${text}": ${why}`
    return lost === undefined
      ? [{ code: 'expression', values: { text, why }, message }]
      : [{ code: 'lostName', values: { text, name: lost }, message }]
  }
}
