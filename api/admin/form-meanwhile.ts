import type { FormDefinition } from '../../domain/form/fields.ts'
import { t } from '../../templates/language.ts'
import { formChangeRows } from '../../templates/pages/admin/form-words.ts'

/** The forms of two administrators who opened the same form, and one of whom saved it first. */
export interface Meanwhile {
  base: FormDefinition
  mine: FormDefinition
  theirs: FormDefinition
}

/** What the other one changed, a sentence for each thing; where both changed the same thing it names the two. */
export function meanwhileWords({ base, mine, theirs }: Meanwhile): string[] {
  const own = formChangeRows(base, mine)
  return formChangeRows(base, theirs).flatMap(({ field, from, to }) => {
    const same = own.find((row) => row.field === field)
    if (!same) return [t('formedit.confirm.theirs', { field, from, to })]
    return same.to === to ? [] : [t('formedit.confirm.both', { field, theirs: to, mine: same.to })]
  })
}
