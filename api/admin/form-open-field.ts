import { inputsOf, wordInputs, type Input } from '../../domain/form/edit/inputs.ts'
import { optionGroups, type OptionGroup } from '../../domain/form/edit/options.ts'
import { placeText, type Place } from '../../domain/form/edit/place.ts'
import { pricesOf, type Price } from '../../domain/form/edit/prices.ts'
import { MOST_OPTIONS, type Field } from '../../domain/form/fields.ts'
import { t } from '../../templates/language.ts'
import { fieldView, type FieldView, type Option, type Problems, type Typed } from '../form/field-view.ts'
import { buttonOf, newOptionName } from './form-actions.ts'
import { inputName, optionName, priceName, priceShown } from './form-draft-inputs.ts'
import type { Draft } from './form-draft.ts'

/** The inputs of the field that is open: its properties, and the options of a choice. */
export function openFieldView(field: Field, place: Place, { draft, typed, problems }: Shown) {
  const inputs = inputsOf(field).map((input) => ({ input, view: inputView(input, typed, problems) }))
  return {
    where: placeText(place),
    close: buttonOf('chiudi'),
    inputs: inputs.filter(({ input }) => !isTranslation(input)).map(({ view }) => view),
    translations: inputs.filter(({ input }) => isTranslation(input)).map(({ view }) => view),
    hasTranslation: inputs.some(({ input }) => isTranslation(input) && input.shown !== ''),
    groups: optionGroups(field).map((group, at) => groupView(group, at, { place, draft, typed, problems })),
  }
}

const isTranslation = ({ name }: Input): boolean => /\.(en|de)$/.test(name)

function inputView(input: Input, typed: Typed, problems: Problems): FieldView {
  const id = inputName(input.name)
  return fieldView(
    {
      id,
      label: labelOf(input.name),
      required: !input.isOptional,
      options: optionsOf(input),
      inputMode: input.kind === 'whole' || input.kind === 'euro' ? 'decimal' : null,
    },
    id in problems ? typed : { [id]: input.shown },
    problems,
  )
}

function labelOf(name: string): string {
  const [property = '', language] = name.split('.')
  const text = t(`formedit.input.${property}`)
  return language === undefined ? text : t(`formedit.language.${language}`, { text })
}

function optionsOf({ name, kind, choices }: Input): Option[] | null {
  const values = kind === 'flag' ? ['true', 'false'] : choices
  return values.length === 0
    ? null
    : values.map((value) => ({ value, label: t(`formedit.${name}.${value}`) }))
}

interface Shown {
  draft: Draft
  typed: Typed
  problems: Problems
}

function groupView({ leader, options }: OptionGroup, group: number, around: Shown & { place: Place }) {
  const { place, draft, typed, problems } = around
  const where = placeText(place)
  const prices = pricesOf(draft.definition).filter(
    ({ kind, place: at, index }) => kind === 'option' && placeText(at) === where && index[0] === group,
  )
  const isAdded = (at: number): boolean => draft.added?.group === group && draft.added.at === at
  const newName = newOptionName(group)
  return {
    title: leader === '' ? t('formedit.options') : t('formedit.optionsFor', { leader }),
    options: options.map(({ label, value }, at) => ({
      legend: t('formedit.option', { n: at + 1 }),
      value,
      price: prices[at] ? priceView(prices[at], isAdded(at), around) : null,
      words: wordInputs('label', label).map(({ name, shown, isOptional }) => {
        const language = name.split('.')[1]!
        const id = optionName(group, at, language)
        const text = t('formedit.option', { n: at + 1 })
        const view = {
          id,
          label: t(`formedit.language.${language}`, { text }),
          required: !isOptional,
          maxLength: 60,
          focus: isAdded(at) && !prices[at] && language === 'it',
        }
        return fieldView(view, id in problems ? typed : { [id]: shown }, problems)
      }),
      up: at > 0 ? buttonOf('vocesu', where, group, at) : null,
      down: at < options.length - 1 ? buttonOf('vocegiu', where, group, at) : null,
      remove: options.length > 1 ? buttonOf('vocetogli', where, group, at) : null,
    })),
    adding:
      options.length < MOST_OPTIONS
        ? {
            field: fieldView(
              { id: newName, label: t('formedit.addOption'), required: false, maxLength: 60 },
              newName in problems ? typed : {},
              problems,
            ),
            button: buttonOf('vocenuova', where, group),
          }
        : null,
  }
}

/** The price of an option, beside its name. The table of prices has no second input for it. */
function priceView(price: Price, focus: boolean, { typed, problems }: Shown): FieldView {
  const id = priceName(price)
  return fieldView(
    {
      id,
      label: t('formedit.optionPrice'),
      required: price.isNeeded,
      inputMode: 'decimal',
      maxLength: 20,
      focus,
    },
    id in problems ? typed : { [id]: priceShown(price) },
    problems,
  )
}
