import { MAX_CAUSALE } from '../../domain/causale.ts'
import { textOf } from '../../domain/form/check.ts'
import { readDecimal, shownDecimal, shownPrice, withComma } from '../../domain/form/edit/decimal.ts'
import { changedWords, inputsOf, wordInputs, withInput } from '../../domain/form/edit/inputs.ts'
import { isChoice, optionGroups, withOptions } from '../../domain/form/edit/options.ts'
import { fieldAt, replaceField, type Place } from '../../domain/form/edit/place.ts'
import { pricesOf, withPrice, type Price } from '../../domain/form/edit/prices.ts'
import type { ChoiceOption, Field, FormDefinition } from '../../domain/form/fields.ts'
import { MAX_IMPORTO, parseTypedImporto, wireImporto } from '../../domain/money.ts'
import { isPlainText } from '../../domain/text.ts'
import { t } from '../../templates/language.ts'
import type { Problems, Typed } from '../form/field-view.ts'

export const CAUSALE = 'm-causale'
export const priceName = ({ name }: Price): string => `m-prezzo.${name}`
export const inputName = (name: string): string => `m-campo.${name}`
export const optionName = (group: number, at: number, language: string): string =>
  `m-voce.${group}.${at}.${language}`

/** What a price is called: the field, and the option or the number of the calculation. */
export const priceLabel = ({ kind, labels, index }: Price): string =>
  [...labels, ...(kind === 'numeral' ? [t('formedit.number', { n: index[0]! + 1 })] : [])].join(', ')

/** A price as its input shows it. */
export const priceShown = ({ kind, value }: Price): string =>
  kind === 'numeral' ? shownDecimal(value) : shownPrice(value)

interface Applied {
  definition: FormDefinition
  problems: Problems
}

/** A text that was typed, when it differs from what the input showed; undefined when nothing was changed or sent. */
function changedText(typed: Typed, name: string, shown: string): string | undefined {
  if (typeof typed[name] !== 'string') return undefined
  const text = textOf(typed, name)
  return text === shown ? undefined : text.trim()
}

/** The form with what was typed in the inputs of the editor. Inputs that nobody changed write nothing, so that a form stays as it was. */
export function applyInputs(definition: FormDefinition, typed: Typed, open: Place | undefined): Applied {
  const steps = [applyCausale, applyPrices, applyOpen(open)]
  return steps.reduce<Applied>(
    (before, step) => {
      const { definition: after, problems } = step(before.definition, typed)
      return { definition: after, problems: { ...before.problems, ...problems } }
    },
    { definition, problems: {} },
  )
}

function applyCausale(definition: FormDefinition, typed: Typed): Applied {
  const causale = changedText(typed, CAUSALE, definition.causale)
  if (causale === undefined) return { definition, problems: {} }
  const isFit = causale !== '' && causale.length <= MAX_CAUSALE && isPlainText(causale)
  return isFit
    ? { definition: { ...definition, causale }, problems: {} }
    : { definition, problems: { [CAUSALE]: t('formedit.wrong.causale') } }
}

function applyPrices(definition: FormDefinition, typed: Typed): Applied {
  const problems: Record<string, string> = {}
  let changed = definition
  for (const price of pricesOf(definition)) {
    const text = changedText(typed, priceName(price), priceShown(price))
    if (text === undefined) continue
    const value = readPrice(price, text)
    if (value === undefined)
      problems[priceName(price)] =
        `${priceLabel(price)}: ${t(`formedit.wrong.${price.kind === 'amount' ? 'price' : 'decimal'}`)}`
    else changed = withPrice(changed, price, value)
  }
  return { definition: changed, problems }
}

function readPrice({ kind }: Price, text: string): string | undefined {
  if (kind === 'option' && text === '') return ''
  if (kind !== 'amount') return readDecimal(text)
  const read = parseTypedImporto(withComma(text), MAX_IMPORTO)
  return read.ok ? wireImporto(read.importo) : undefined
}

const applyOpen =
  (open: Place | undefined) =>
  (definition: FormDefinition, typed: Typed): Applied => {
    const field = open && fieldAt(definition, open)
    if (!open || !field) return { definition, problems: {} }
    const written = applyProperties(field, typed)
    const { field: changed, problems } = applyOptions(written.field, typed)
    return {
      definition: replaceField(definition, open, changed),
      problems: { ...written.problems, ...problems },
    }
  }

interface Written {
  field: Field
  problems: Problems
}

function applyProperties(before: Field, typed: Typed): Written {
  const problems: Record<string, string> = {}
  let field = before
  for (const input of inputsOf(before)) {
    const text = changedText(typed, inputName(input.name), input.shown)
    if (text === undefined) continue
    const changed = withInput(field, input, text)
    if (changed) field = changed
    else problems[inputName(input.name)] = t(`formedit.wrong.${input.kind}`)
  }
  return { field, problems }
}

function applyOptions(before: Field, typed: Typed): Written {
  const problems: Record<string, string> = {}
  if (!isChoice(before)) return { field: before, problems }
  let field = before
  optionGroups(before).forEach(({ options }, group) => {
    const changed = options.map((option, at) => {
      const { option: read, wrong } = readOption(option, (language) => optionName(group, at, language), typed)
      for (const name of wrong) problems[name] = t('formedit.wrong.text')
      return read
    })
    field = withOptions(field, group, changed)
  })
  return { field, problems }
}

const MAX_LABEL = 60

function readOption(
  before: ChoiceOption,
  nameOf: (language: string) => string,
  typed: Typed,
): { option: ChoiceOption; wrong: string[] } {
  const wrong: string[] = []
  let option = before
  for (const { name, shown } of wordInputs('label', before.label)) {
    const language = name.split('.')[1]!
    const text = changedText(typed, nameOf(language), shown)
    if (text === undefined) continue
    const label = changedWords(option.label, language, text)
    const isFit = text.length <= MAX_LABEL && isPlainText(text) && (text !== '' || language !== 'it')
    if (label === undefined || !isFit) wrong.push(nameOf(language))
    else option = { ...option, label }
  }
  return { option, wrong }
}
