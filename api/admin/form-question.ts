import { decimalsOf, shownPrice } from '../../domain/form/edit/decimal.ts'
import { pricesOf, type Price } from '../../domain/form/edit/prices.ts'
import { textsNaming } from '../../domain/form/edit/texts.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { t } from '../../templates/language.ts'
import { formChangeRows } from '../../templates/pages/admin/form-words.ts'
import type { Asked } from '../form/confirm.ts'
import { priceLabel } from './form-draft-inputs.ts'
import { meanwhileWords, type Meanwhile } from './form-meanwhile.ts'

interface Saving {
  /** Undefined when the stored form could not be read. */
  before: FormDefinition | undefined
  after: FormDefinition
  /** What somebody else saved since the editor was opened. */
  meanwhile: Meanwhile | undefined
  confirms: string
}

/** The question before a form is saved: what changes, what may be a slip, and what does not change. */
export function askedAbout({ before, after, meanwhile, confirms }: Saving): Asked {
  const rows = before ? formChangeRows(before, after) : []
  return {
    facts: rows.map(({ field, from, to }) => ({ name: field, text: `${from} → ${to}` })),
    effects: [
      ...(meanwhile ? meanwhileWords(meanwhile) : []),
      ...doubts(before, after),
      ...(before && rows.length === 0 ? [t('formedit.confirm.same')] : []),
      ...(before ? leftOver(before, after) : []),
      t('formedit.existing'),
      t('formedit.confirm.citizens'),
      t('formedit.confirm.undo'),
    ],
    confirms,
  }
}

/** Questions about new prices that may be a slip of the fingers: nothing to pay, more decimals than cents, more than ten times as much. */
function doubts(before: FormDefinition | undefined, after: FormDefinition): string[] {
  const old = new Map((before ? pricesOf(before) : []).map(({ key, value }) => [key, value]))
  return pricesOf(after)
    .filter(({ key, value }) => value !== '' && value !== old.get(key))
    .flatMap((price) => doubtsAbout(price, old.get(price.key)))
}

function doubtsAbout(price: Price, before = ''): string[] {
  const { kind, labels, value } = price
  const name = priceLabel(price)
  const n = decimalsOf(value)
  const isMuch = Number(before) > 0 && Number(value) > 10 * Number(before)
  return [
    ...(kind === 'option' && Number(value) === 0
      ? [t('formedit.confirm.zero', { option: labels.at(-1)! })]
      : []),
    ...(n > 2 ? [t('formedit.confirm.decimals', { price: name, value: shownPrice(value), n })] : []),
    ...(isMuch
      ? [t('formedit.confirm.much', { price: name, from: shownPrice(before), to: shownPrice(value) })]
      : []),
  ]
}

/** Texts of the new form that still name a price of the old one. */
function leftOver(before: FormDefinition, after: FormDefinition): string[] {
  return goneFrom(before, after).flatMap(({ value }) =>
    textsNaming(after, value).map((text) => t('formedit.confirm.names', { value: shownPrice(value), text })),
  )
}

/** Prices of the old form that no price of the new one has. */
export function goneFrom(before: FormDefinition, after: FormDefinition): Price[] {
  const now = new Set(pricesOf(after).map(({ value }) => shownPrice(value)))
  return pricesOf(before).filter(({ value }) => value !== '' && !now.has(shownPrice(value)))
}
