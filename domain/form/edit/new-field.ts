import { fieldSchema, MOST_FIELDS, type Field, type FieldKind, type FormDefinition } from '../fields.ts'
import { keysOf } from '../../table.ts'
import { TODAY, TOTAL } from '../soundness.ts'

/** The kinds that can be added to a list, each with what it needs beyond its name. The others are written as JSON. */
const SEEDS = {
  text: {},
  number: { max: 100 },
  money: {},
  date: {},
  choice: {},
  amount_fixed: { importo: 1000 },
  amount_typed: {},
} satisfies Partial<Record<FieldKind, object>>

export type NewKind = keyof typeof SEEDS

export const NEW_KINDS = keysOf(SEEDS)

/** A field with the usual settings. @param option the first option of a choice */
export function newField(
  kind: NewKind,
  given: { label: string; taken: readonly string[]; option: string },
): Field {
  const { label, taken, option } = given
  const options = kind === 'choice' ? { options: [{ value: codeOf(option, []), label: option }] } : {}
  return fieldSchema.parse({ kind, id: idOf(label, taken), label, ...SEEDS[kind], ...options })
}

/** The form with a field at the end, but before the amount, which citizens read last. A full form stays as it is. */
export function addField(definition: FormDefinition, field: Field): FormDefinition {
  const { fields } = definition
  if (fields.length >= MOST_FIELDS) return definition
  const last = fields.at(-1)
  const at = last?.kind.startsWith('amount_') ? fields.length - 1 : fields.length
  return { ...definition, fields: [...fields.slice(0, at), field, ...fields.slice(at)] }
}

const plain = (text: string): string => text.normalize('NFD').replace(/[^a-zA-Z0-9 ]/g, '')

/** "Numero di pasti" → "numeroDiPasti", with a number when that is taken. */
function idOf(label: string, taken: readonly string[]): string {
  const [first = '', ...others] = plain(label).toLowerCase().split(/ +/).filter(Boolean)
  const joined = first + others.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
  const base = (/^[a-z]/.test(joined) ? joined : `campo${joined}`).slice(0, 36)
  return free(base, [...taken, TODAY, TOTAL], '')
}

/** A value for an option that no other option has: "Prima fascia" → "prima-fascia". */
export const codeOf = (label: string, taken: readonly string[]): string =>
  free(plain(label).trim().toLowerCase().replace(/ +/g, '-').slice(0, 36) || 'voce', taken, '-')

function free(base: string, taken: readonly string[], between: string): string {
  const isTaken = (text: string): boolean => taken.includes(text) || text in {}
  if (!isTaken(base)) return base
  for (let number = 2; ; number += 1)
    if (!isTaken(`${base}${between}${number}`)) return `${base}${between}${number}`
}
