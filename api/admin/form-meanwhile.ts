import type { Knex } from 'knex'
import { configEvents } from '../../db/ente/configuration.ts'
import { formDraftSchema } from '../../domain/form/definition.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { t } from '../../templates/language.ts'
import { formChangeRows } from '../../templates/pages/admin/form-words.ts'
import { markOf } from './form-draft.ts'

/** How many changes of a type of due are looked through for the form that a page was opened with. */
const MOST_CHANGES = 200

/** The stored form with this mark, from the changes since it was replaced; undefined when it is not among them. */
export async function formSeen(db: Knex, id: string, mark: string): Promise<FormDefinition | undefined> {
  const events = await configEvents(db, id, MOST_CHANGES)
  const forms = events.flatMap(({ data }) => data.changes?.filter(({ column }) => column === 'form') ?? [])
  const seen = forms.find(({ from }) => storedMark(from) === mark)
  return seen && formDraftSchema.safeParse(seen.from).data
}

export const storedMark = (form: unknown): string => markOf(JSON.stringify(form))

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
