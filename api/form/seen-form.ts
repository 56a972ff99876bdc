import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import { configEvents } from '../../db/ente/configuration.ts'
import { formDraftSchema } from '../../domain/form/definition.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'

/** How many changes of a type of due are looked through for the form that a page was opened with. */
const MOST_CHANGES = 200

/** A short name for a text: it changes when the text does. Browsers send ends of lines as two characters. */
export const markOf = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('base64url').slice(0, 22)

export const storedMark = (form: unknown): string => markOf(JSON.stringify(form))

/** The stored form with this mark, from the changes since it was replaced; undefined when it is not among them. */
export async function formSeen(db: Knex, id: string, mark: string): Promise<FormDefinition | undefined> {
  const events = await configEvents(db, id, MOST_CHANGES)
  const forms = events.flatMap(({ data }) => data.changes?.filter(({ column }) => column === 'form') ?? [])
  const seen = forms.find(({ from }) => storedMark(from) === mark)
  return seen && formDraftSchema.safeParse(seen.from).data
}
