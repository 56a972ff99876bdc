import { formatEuro, grouped, wireImporto } from '../../money.ts'
import { italianOf, type BilancioLine, type Field, type FormDefinition, type Localized } from '../fields.ts'
import { differenceOf, shownPrice } from './decimal.ts'
import { optionGroups } from './options.ts'

/** A property of a form that differs: of which field and option, and from what to what; null for a value that is not there. */
export interface FormChange {
  /** In Italian, the field and what is inside it; empty for the whole form. */
  labels: readonly string[]
  /** The name of the property in the form, or what happened to a whole thing. */
  what: string
  from: string | null
  to: string | null
  /** How much more the new amount is, "+2,00 €"; absent where nothing is an amount. */
  by?: string
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
  /** The properties that are amounts, as digits: "12.50". */
  amounts: Properties
  inner: readonly Named[]
}

const fieldNamed = (field: Field): Named => ({
  key: field.id,
  label: italianOf(field.label),
  properties: { ...othersOf(field), ...wordsOf(field), ...amountsOf(field) },
  amounts: field.kind === 'amount_fixed' ? { importo: wireImporto(field.importo) } : {},
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
    properties: { label: everyLanguage(label), ...(worth === undefined ? {} : { worth: priceText(worth) }) },
    amounts: worth === undefined ? {} : { worth },
    inner: [],
  }))

/** "6700" → "6.700,00 €". */
function priceText(worth: string): string {
  const [whole = '', fraction = ''] = shownPrice(worth).split(',')
  return `${grouped(whole)},${fraction} €`
}

/** A thing with its price, because who reads that an option came, went or got another name wants to know what it costs. */
const priced = (label: string, { properties }: Named): string =>
  properties['worth'] === undefined ? label : `${label}, ${properties['worth']}`

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
      if (!old) return [{ labels: place, what: 'added', from: null, to: priced(now.label, now) }]
      return [...changesOf(old, now, place), ...namedChanges(old.inner, now.inner, place)]
    }),
    ...before
      .filter(({ key }) => !find(after, key))
      .map((old) => ({
        labels: [...labels, old.label],
        what: 'removed',
        from: priced(old.label, old),
        to: null,
      })),
    ...orderChange(
      kept,
      after.filter(({ key }) => find(before, key)),
      labels,
    ),
  ]
}

/** The properties of one thing that differ, amounts with their difference. */
const changesOf = (old: Named, now: Named, labels: Labels): FormChange[] =>
  propertyChanges(old.properties, now.properties, labels).map((change) => {
    const [from, to] = [old.amounts[change.what], now.amounts[change.what]]
    if (from !== undefined && to !== undefined) return { ...change, by: `${differenceOf(from, to)} €` }
    if (change.what !== 'label' || change.from === null || change.to === null) return change
    return { ...change, from: priced(change.from, old), to: priced(change.to, now) }
  })

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
