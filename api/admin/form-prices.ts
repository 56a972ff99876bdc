import type { Knex } from 'knex'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { formDraftSchema } from '../../domain/form/definition.ts'
import { withPricesOf } from '../../domain/form/edit/prices.ts'
import { t } from '../../templates/language.ts'
import { JSON_TEXT, type Draft } from './form-draft.ts'
import { formSeen, storedMark } from '../form/seen-form.ts'

/**
 * What an administrator of the ente wrote: the form that the page was opened with, and of what the page sent the prices alone. Whatever
 * else the page sent counts for nothing, because the browser proves nothing.
 * @param seen the mark of the form that the page was opened with
 */
export async function onlyPrices(
  db: Knex,
  row: ConfigRow,
  draft: Draft,
  seen: string,
): Promise<Draft | { wrong: string }> {
  const base =
    seen === storedMark(row['form'])
      ? formDraftSchema.safeParse(row['form']).data
      : await formSeen(db, row.id, seen)
  if (!base) return { wrong: t('formedit.seeMeanwhile') }
  const { [JSON_TEXT]: _, ...problems } = draft.problems
  return {
    definition: withPricesOf(base, draft.definition),
    open: undefined,
    problems,
    isJson: false,
  }
}
