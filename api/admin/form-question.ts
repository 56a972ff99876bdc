import { pricesOf } from '../../domain/form/edit/prices.ts'
import { shownPrice } from '../../domain/form/edit/decimal.ts'
import { textsNaming } from '../../domain/form/edit/texts.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { t } from '../../templates/language.ts'
import { formChangeRows } from '../../templates/pages/admin/form-words.ts'
import type { Asked } from '../form/confirm.ts'

/**
 * The question before a form is saved: what changes, and what does not.
 * @param before undefined when the stored form could not be read
 */
export function askedAbout(
  before: FormDefinition | undefined,
  after: FormDefinition,
  confirms: string,
): Asked {
  const rows = before ? formChangeRows(before, after) : []
  return {
    facts: rows.map(({ field, from, to }) => ({ name: field, text: `${from} → ${to}` })),
    effects: [
      ...(rows.length === 0 ? [t('formedit.confirm.same')] : []),
      ...(before ? leftOver(before, after) : []),
      t('formedit.existing'),
      t('formedit.confirm.citizens'),
      t('formedit.confirm.undo'),
    ],
    confirms,
  }
}

/** Texts of the new form that still name a price of the old one. */
function leftOver(before: FormDefinition, after: FormDefinition): string[] {
  const now = new Set(pricesOf(after).map(({ value }) => shownPrice(value)))
  const gone = pricesOf(before).filter(({ value }) => value !== '' && !now.has(shownPrice(value)))
  return gone.flatMap(({ value }) =>
    textsNaming(after, value).map((text) => t('formedit.confirm.names', { value: shownPrice(value), text })),
  )
}
