import { formatEuro } from '../money.ts'
import { italianOf, type Field, type FieldKind, type FieldOf } from './fields.ts'

const PLACEHOLDER = /\$\{([a-zA-Z0-9]+(?:\.[a-zA-Z0-9]+)?)\}/g

/** Ids in a template: "Sala ${sala} di ${persone.nome}" → sala, persone.nome. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1]!)
}

/** Replaces placeholders by their texts. An empty optional field leaves no double blank. */
export function fillTemplate(template: string, shown: Readonly<Record<string, string>>): string {
  return template
    .replace(PLACEHOLDER, (_, id: string) => (Object.hasOwn(shown, id) ? shown[id]! : ''))
    .replace(/\s+/g, ' ')
    .trim()
}

/** Separates the values that several rows have for one field. */
export const ROW_SEPARATOR = ', '

/** Length of the longest causale that the form can produce. */
export function longestCausale(template: string, fields: readonly Field[]): number {
  const lengths = new Map(fields.flatMap(longestOf))
  const fixed = template.replace(PLACEHOLDER, '').length
  return placeholders(template).reduce((total, id) => total + (lengths.get(id) ?? 0), fixed)
}

function longestOf(field: Field): [string, number][] {
  if (field.kind !== 'rows') return [[field.id, longestShown(field)]]
  return field.fields.map((inner): [string, number] => [
    `${field.id}.${inner.id}`,
    field.max * (longestShown(inner) + ROW_SEPARATOR.length) - ROW_SEPARATOR.length,
  ])
}

const longestLabel = (options: readonly { label: Parameters<typeof italianOf>[0] }[]): number =>
  Math.max(...options.map((option) => italianOf(option.label).length))

/** By kind, so that the compiler sees that a field goes to the function of its own kind. */
type Shown = { [K in Exclude<FieldKind, 'rows'>]: FieldOf<K> }

const LONGEST: { [K in keyof Shown]: (field: Shown[K]) => number } = {
  text: (field) => field.maxLength,
  number: (field) => String(field.max).length + (field.decimals === 0 ? 0 : field.decimals + 1),
  money: (field) => formatEuro(field.max).length,
  date: () => 'dd/mm/yyyy'.length,
  choice: (field) => longestLabel(field.options),
  dependent_choice: (field) => longestLabel(Object.values(field.options).flat()),
  amount_fixed: (field) => formatEuro(field.importo).length,
  amount_typed: (field) => formatEuro(field.max).length,
  amount_computed: (field) => formatEuro(field.max).length,
}

const longestShown = (field: Shown[keyof Shown]): number => longestOfKind(field.kind, field)

const longestOfKind = <K extends keyof Shown>(kind: K, field: Shown[K]): number => LONGEST[kind](field)
