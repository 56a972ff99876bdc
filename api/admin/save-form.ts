import type { Knex } from 'knex'
import { configuredRow, saveConfiguration } from '../../db/ente/configuration.ts'
import type { Author, ConfigRow, Configured } from '../../db/ente/configured.ts'
import { t } from '../../templates/language.ts'
import type { Problems, Typed } from '../form/field-view.ts'
import { idOf, readConfig, shownOf, type ConfigField } from './config-form.ts'
import { isConfirmed, wantsToCorrect, type Asked } from '../form/confirm.ts'
import { doubtsAbout, waitingProblems } from './doubts.ts'
import { readSeen } from './seen.ts'

interface Form {
  table: Configured
  row: ConfigRow
  fields: readonly ConfigField[]
  body: Typed
  by: Author
  /** What is wrong with the values together. @param after the row with the new values */
  check?: (after: ConfigRow) => Problems
}

/**
 * What became of a form of configuration.
 * - `ask`: the person must confirm first.
 * - `again`: the form is shown again with what was typed. `row` is the row as it is now, and `status` that of the answer.
 */
export type Saved =
  | { kind: 'saved' }
  | { kind: 'ask'; asked: Asked }
  | { kind: 'again'; problems: Problems; row: ConfigRow; status: number }

/** Reads, checks and saves a form of configuration. Every page with such a form uses it. */
export async function saveForm(db: Knex, { table, row, fields, body, by, check }: Form): Promise<Saved> {
  const { values, problems } = readConfig(fields, { body, row, isPlatform: by.isPlatform })
  const wrong = { ...problems, ...check?.({ ...row, ...values }) }
  if (Object.keys(wrong).length > 0) return { kind: 'again', problems: wrong, row, status: 422 }
  if (wantsToCorrect(body)) return { kind: 'again', problems: {}, row, status: 200 }
  const seen = readSeen(body)
  const meanwhile = changedMeanwhile(fields, { row, seen, values })
  if (Object.keys(meanwhile).length > 0) return { kind: 'again', problems: meanwhile, row, status: 409 }
  const doubts = await doubtsAbout(db, { table, row, values, by })
  if (doubts && 'problems' in doubts) return { kind: 'again', problems: doubts.problems, row, status: 422 }
  if (doubts && !isConfirmed(body, doubts.asked)) return { kind: 'ask', asked: doubts.asked }
  const saved = await saveConfiguration(db, { table, id: row.id, values, seen, by })
  if (saved === 'saved') return { kind: 'saved' }
  if (saved === 'waiting')
    return { kind: 'again', problems: waitingProblems(table, row, values), row, status: 422 }
  // Somebody saved between our look and our lock.
  const now = (await configuredRow(db, table, { id: row.id }))!
  return {
    kind: 'again',
    problems: changedMeanwhile(fields, { row: now, seen, values }),
    row: now,
    status: 409,
  }
}

/** Says of each field that somebody else has changed since the form was shown what it is now. The next save overwrites that. */
function changedMeanwhile(
  fields: readonly ConfigField[],
  { row, seen, values }: Record<'row' | 'seen' | 'values', Readonly<Record<string, unknown>>>,
): Problems {
  const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) !== JSON.stringify(b ?? null)
  return Object.fromEntries(
    fields
      .filter(({ column }) => column in values && differ(row[column], seen[column]))
      .filter(({ column }) => differ(row[column], values[column]))
      .map((field) => [
        idOf(field),
        t('config.problem.meanwhile', { now: shownOf(field, row[field.column]) }),
      ]),
  )
}
