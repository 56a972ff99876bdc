import { formatEuro } from '../money.ts'
import type { Field, FieldKind, FieldOf } from './definition.ts'

const PLACEHOLDER = /\$\{([a-zA-Z0-9]+)\}/g

/** Ids named by a template: "Sala ${sala} del ${giorno}" → sala, giorno. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1]!)
}

/** An empty optional field leaves no double blank behind. */
export function fillTemplate(template: string, shown: Readonly<Record<string, string>>): string {
  return template
    .replace(PLACEHOLDER, (_, id: string) => shown[id] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Length of the longest causale the form can make. */
export function longestCausale(template: string, fields: readonly Field[]): number {
  const lengths = new Map(fields.map((field) => [field.id, longestShown(field)]))
  const fixed = template.replace(PLACEHOLDER, '').length
  return placeholders(template).reduce((total, id) => total + (lengths.get(id) ?? 0), fixed)
}

const LONGEST: { [K in FieldKind]: (field: FieldOf<K>) => number } = {
  text: (field) => field.maxLength,
  number: (field) => String(field.max).length,
  date: () => 'dd/mm/yyyy'.length,
  choice: (field) => Math.max(...field.options.map((option) => option.label.length)),
  amount_fixed: (field) => formatEuro(field.importo).length,
  amount_typed: (field) => formatEuro(field.max).length,
}

function longestShown(field: Field): number {
  return (LONGEST[field.kind] as (field: Field) => number)(field)
}
