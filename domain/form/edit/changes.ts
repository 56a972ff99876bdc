import { formatEuro } from '../../money.ts'
import { italianOf, type BilancioLine, type Field, type FormDefinition, type Localized } from '../fields.ts'
import { shownPrice } from './decimal.ts'
import { optionGroups } from './options.ts'

/** A property of a form that differs: of which field and option, and from what to what; null for a value that is not there. */
export interface FormChange {
  /** In Italian, the field and what is inside it; empty for the whole form. */
  labels: readonly string[]
  /** The name of the property in the form, or what happened to a whole thing. */
  what: string
  from: string | null
  to: string | null
}

/** Everything that differs between two forms. Fields are the same when they have the same id, options when they have the same value. */
export function formChanges(before: FormDefinition, after: FormDefinition): FormChange[] {
  return [
    ...listChanges(before.fields, after.fields, []),
    ...propertyChanges(wholeOf(before), wholeOf(after), []),
  ]
}

const wholeOf = ({ causale, bilancio }: FormDefinition): Properties => ({
  causale,
  ...(bilancio === undefined ? {} : { bilancio: bilancio.map(lineText).join('; ') }),
})

const lineText = ({ capitolo, ufficio, accertamento, importo }: BilancioLine): string =>
  `${[capitolo, ufficio, accertamento].filter(Boolean).join(' / ')}: ${importo}`

type Labels = readonly string[]

/** The properties of a thing as people read them, by their names in the form. */
type Properties = Readonly<Record<string, string>>

interface Named {
  key: string
  label: string
  properties: Properties
  inner: readonly Named[]
}

const fieldNamed = (field: Field): Named => ({
  key: field.id,
  label: italianOf(field.label),
  properties: { ...othersOf(field), ...wordsOf(field), ...amountsOf(field) },
  inner: field.kind === 'rows' ? field.fields.map(fieldNamed) : optionGroups(field).flatMap(optionsNamed),
})

/** Properties that are neither words nor amounts nor lists. */
function othersOf(field: Field): Properties {
  const shown = Object.entries(field).filter(([, value]) => typeof value !== 'object' && value !== undefined)
  return Object.fromEntries(shown.map(([key, value]) => [key, String(value)]))
}

const wordsOf = ({ label, help }: Field): Properties => ({
  label: everyLanguage(label),
  ...(help === undefined ? {} : { help: everyLanguage(help) }),
})

function amountsOf(field: Field): Properties {
  if (field.kind === 'amount_fixed') return { importo: formatEuro(field.importo) }
  if (field.kind !== 'money' && field.kind !== 'amount_typed' && field.kind !== 'amount_computed') return {}
  return { max: formatEuro(field.max) }
}

const optionsNamed = ({ leader, options }: ReturnType<typeof optionGroups>[number]): Named[] =>
  options.map(({ value, label, worth }) => ({
    key: JSON.stringify([leader, value]),
    label: leader === '' ? italianOf(label) : `${leader}, ${italianOf(label)}`,
    properties: { label: everyLanguage(label), ...(worth === undefined ? {} : { worth: shownPrice(worth) }) },
    inner: [],
  }))

const listChanges = (before: readonly Field[], after: readonly Field[], labels: Labels): FormChange[] =>
  namedChanges(before.map(fieldNamed), after.map(fieldNamed), labels)

function namedChanges(before: readonly Named[], after: readonly Named[], labels: Labels): FormChange[] {
  const find = (list: readonly Named[], key: string) => list.find((one) => one.key === key)
  const kept = before.filter(({ key }) => find(after, key))
  return [
    ...after.flatMap((now) => {
      const old = find(before, now.key)
      // A field that got another name is known by its old one.
      const place = [...labels, old?.label ?? now.label]
      if (!old) return [{ labels: place, what: 'added', from: null, to: now.label }]
      return [
        ...propertyChanges(old.properties, now.properties, place),
        ...namedChanges(old.inner, now.inner, place),
      ]
    }),
    ...before
      .filter(({ key }) => !find(after, key))
      .map(({ label }) => ({ labels: [...labels, label], what: 'removed', from: label, to: null })),
    ...orderChange(
      kept,
      after.filter(({ key }) => find(before, key)),
      labels,
    ),
  ]
}

/** One change for a list in another order. */
function orderChange(before: readonly Named[], after: readonly Named[], labels: Labels): FormChange[] {
  if (before.every(({ key }, index) => key === after[index]!.key)) return []
  const names = (list: readonly Named[]) => list.map(({ label }) => label).join(', ')
  return [{ labels, what: 'order', from: names(before), to: names(after) }]
}

function propertyChanges(before: Properties, after: Properties, labels: Labels): FormChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys
    .filter((key) => before[key] !== after[key])
    .map((key) => ({ labels, what: key, from: before[key] ?? null, to: after[key] ?? null }))
}

const everyLanguage = (text: Localized): string =>
  typeof text === 'string' ? text : [text.it, text.en, text.de].filter(Boolean).join(' / ')
