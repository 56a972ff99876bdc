import type { Knex } from 'knex'
import { isAccount, wayOf } from '../../db/ente/account-change.ts'
import type { Author, Change, ConfigRow, Configured } from '../../db/ente/configured.ts'
import { t } from '../../templates/language.ts'
import { changeRows } from '../../templates/pages/admin/change-words.ts'
import type { Problems } from '../form/field-view.ts'
import type { Asked } from '../form/confirm.ts'

/** Columns with the codes at the beginning of notice numbers. */
const CODES = ['segregation_code', 'application_code']

interface Changing {
  table: Configured
  row: ConfigRow
  values: Readonly<Record<string, unknown>>
  by: Author
}

/**
 * What an administrator must confirm before these values are saved: changes of accounts and of codes of notice numbers. The answer is
 * `problems` when a request for one of the accounts waits already, and undefined when there is nothing to confirm.
 */
export async function doubtsAbout(
  db: Knex,
  { table, row, values, by }: Changing,
): Promise<{ asked: Asked } | { problems: Problems } | undefined> {
  const changes: Change[] = Object.entries(values)
    .map(([column, to]) => ({ column, from: row[column] ?? null, to: to ?? null }))
    .filter(({ from, to }) => from !== to)
  const accounts = changes.filter((change) => isAccount(table, change))
  const codes = table === 'ente' ? changes.filter(({ column }) => CODES.includes(column)) : []
  if (accounts.length + codes.length === 0) return undefined
  const way = accounts.length > 0 ? await wayOf(db, { table, row, changes: accounts, by }) : undefined
  if (way === 'waiting') return { problems: waitingProblems(table, row, values) }
  const doubted = [...accounts, ...codes]
  return {
    asked: {
      facts: changeRows({ entity: table, changes: doubted }).map(({ field, from, to }) => ({
        name: field,
        text: `${from} → ${to}`,
      })),
      effects: [
        ...(way === undefined ? [] : [t(`config.confirm.account.${way}`)]),
        ...(codes.length > 0 ? [t('config.confirm.code')] : []),
      ],
      // It contains the new values, so that it does not confirm other ones.
      confirms: doubted.map(({ column, to }) => `${column}:${String(to)}`).join(' '),
    },
  }
}

/** The problem of each account that a form changes while a request for such a change waits already. */
export const waitingProblems = (
  table: Configured,
  row: ConfigRow,
  values: Readonly<Record<string, unknown>>,
): Problems =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([column, to]) => isAccount(table, { column }) && to !== row[column])
      .map(([column]) => [column, t('config.problem.waiting')]),
  )
