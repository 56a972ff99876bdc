import { italianOf, MOST_FIELDS, REST, type Field, type FormDefinition } from '../../domain/form/fields.ts'
import { isRequired } from '../../domain/form/field-checks.ts'
import { numeralsOf } from '../../domain/form/expression/numbers.ts'
import { NEW_KINDS } from '../../domain/form/edit/new-field.ts'
import { placeText, siblingsOf, type Place } from '../../domain/form/edit/place.ts'
import { shownPrice } from '../../domain/form/edit/decimal.ts'
import { isOwnPrice, pricesOf, type Price } from '../../domain/form/edit/prices.ts'
import { textsNaming } from '../../domain/form/edit/texts.ts'
import { t } from '../../templates/language.ts'
import { fieldView, type Problems, type Typed } from '../form/field-view.ts'
import { buttonOf, NEW_KIND, NEW_LABEL } from './form-actions.ts'
import { CAUSALE, priceLabel, priceName, priceShown } from './form-draft-inputs.ts'
import type { Draft } from './form-draft.ts'
import { openFieldView } from './form-open-field.ts'
import { goneFrom } from './form-question.ts'

interface Around {
  /** The stored form, whose prices may still stand in texts. */
  stored?: FormDefinition | undefined
  /** False for who changes prices alone. */
  isWhole?: boolean
}

/** What the page of the editor shows of a draft; `typed` fills the inputs whose text could not be read. */
export const editorView = (draft: Draft, typed: Typed, { stored, isWhole = true }: Around = {}) => {
  const { definition, problems, open } = draft
  const prices = pricesOf(definition).filter((price) => isWhole || isOwnPrice(price))
  const isBeside = ({ kind, place }: Price): boolean =>
    kind === 'option' && open !== undefined && placeText(open) === placeText(place)
  const gone = stored ? goneFrom(stored, definition) : []
  return {
    isWhole,
    prices: prices
      .filter((price) => !isBeside(price))
      .map((price) => ({
        ...priceView(price, typed, problems),
        oldTexts: oldTexts(
          definition,
          gone.filter(({ key }) => key === price.key),
          isWhole,
        ),
      })),
    beside: prices.some(isBeside)
      ? t('formedit.pricesOpen', { field: prices.find(isBeside)!.labels[0]! })
      : null,
    calculations: definition.fields.flatMap(calculationView),
    list: isWhole ? definition.fields.map((field, at) => itemView(draft, typed, [at], field)) : null,
    adding: definition.fields.length < MOST_FIELDS ? addingView(typed, problems) : null,
    causale: causaleView(definition, typed, problems),
    bilancio:
      definition.bilancio?.map((line) => ({
        account: [line.capitolo, line.ufficio, line.accertamento].filter(Boolean).join(' / '),
        amount: line.importo === REST ? t('formedit.rest') : line.importo,
      })) ?? null,
  }
}

/** A value of the draft, or what was typed when it has a problem. */
export const shownOr = (name: string, shown: string, typed: Typed, problems: Problems): Typed =>
  name in problems ? typed : { [name]: shown }

function priceView(price: Price, typed: Typed, problems: Problems) {
  const name = priceName(price)
  return fieldView(
    {
      id: name,
      label: priceLabel(price),
      required: price.kind !== 'option',
      inputMode: 'decimal',
      maxLength: 20,
    },
    shownOr(name, priceShown(price), typed, problems),
    problems,
  )
}

/** Texts of the form that name the price that a row had before. */
const oldTexts = (definition: FormDefinition, gone: readonly Price[], isWhole: boolean): string[] =>
  gone.flatMap(({ value }) =>
    textsNaming(definition, value).map((text) =>
      t(isWhole ? 'formedit.oldText' : 'formedit.oldTextOfRegion', { value: shownPrice(value), text }),
    ),
  )

/** A calculation as a text, with the places of its numbers as the table of prices counts them. */
function calculationView(field: Field) {
  if (field.kind !== 'amount_computed') return []
  const { expression } = field
  const numerals = numeralsOf(expression)
  const parts = numerals.map(({ text, start }, at) => {
    const before = numerals[at - 1]
    const from = before ? before.start + before.text.length : 0
    return { before: expression.slice(from, start), number: text, n: at + 1 }
  })
  const last = numerals.at(-1)
  return [
    {
      label: italianOf(field.label),
      parts,
      rest: expression.slice(last ? last.start + last.text.length : 0),
    },
  ]
}

function itemView(draft: Draft, typed: Typed, place: Place, field: Field): ItemView {
  const { definition, open, problems } = draft
  const siblings = siblingsOf(definition, place)
  const at = place.at(-1)!
  const where = placeText(place)
  const isOpen = open !== undefined && placeText(open) === where
  return {
    id: `m-campo-${where}`,
    label: italianOf(field.label),
    kind: t(`formedit.kind.${field.kind}`),
    note: isRequired(field) ? null : t('formedit.optional'),
    code: field.id,
    up: at > 0 ? buttonOf('su', where) : null,
    down: at < siblings.length - 1 ? buttonOf('giu', where) : null,
    remove: siblings.length > 1 ? buttonOf('togli', where) : null,
    edit: isOpen ? null : buttonOf('apri', where),
    open: isOpen ? openFieldView(field, place, { draft, typed, problems }) : null,
    inner:
      field.kind === 'rows'
        ? field.fields.map((one, index) => itemView(draft, typed, [place[0], index], one))
        : null,
  }
}

/** A field in the list of the editor. A button that is null is not shown. */
interface ItemView {
  id: string
  label: string
  kind: string
  note: string | null
  code: string
  up: string | null
  down: string | null
  remove: string | null
  edit: string | null
  open: ReturnType<typeof openFieldView> | null
  inner: ItemView[] | null
}

const addingView = (typed: Typed, problems: Problems) => ({
  kind: fieldView(
    {
      id: NEW_KIND,
      label: t('formedit.addKind'),
      required: false,
      options: NEW_KINDS.map((value) => ({ value, label: t(`formedit.kind.${value}`) })),
    },
    NEW_KIND in problems || NEW_LABEL in problems ? typed : {},
    problems,
  ),
  label: fieldView(
    { id: NEW_LABEL, label: t('formedit.addLabel'), required: false, maxLength: 60 },
    NEW_KIND in problems || NEW_LABEL in problems ? typed : {},
    problems,
  ),
  button: buttonOf('aggiungi'),
})

function causaleView(definition: FormDefinition, typed: Typed, problems: Problems) {
  const names = definition.fields.flatMap((field) =>
    field.kind === 'rows' ? field.fields.map(({ id }) => `${field.id}.${id}`) : [field.id],
  )
  return fieldView(
    {
      id: CAUSALE,
      label: t('formedit.causale'),
      help: t('formedit.causaleHelp', { names: names.map((name) => `\${${name}}`).join(' ') }),
      maxLength: 140,
    },
    shownOr(CAUSALE, definition.causale, typed, problems),
    problems,
  )
}
