import type { Knex } from 'knex'
import { endApproval, askApproval, waitingFor, type AccountApproval, type Approval } from './approval.ts'
import type { Author, Change, ConfigRow, Configured } from './configured.ts'
import { rowOf } from '../ground/rows.ts'
import { noteEvent, signedBy } from '../journal/event.ts'
import { tellAdministrators, type Post } from '../mail/change-mail.ts'
import type { Act } from './act.ts'

/**
 * Columns with an account that money is paid to. A change by an administrator of the ente waits for a second person, because one person
 * alone could send every payment elsewhere.
 */
const ACCOUNTS: Record<Configured, readonly string[]> = {
  ente: ['iban', 'iban_postale'],
  ente_due_type: ['iban_accredito', 'iban_postale', 'postal_account'],
  operator: [],
}

/** A change that nobody approved or withdrew is made after this time. */
const WAITS_HOURS = 72

export const isAccount = (table: Configured, { column }: Pick<Change, 'column'>): boolean =>
  ACCOUNTS[table].includes(column)

interface AccountChanges {
  table: Configured
  row: ConfigRow
  changes: readonly Change[]
  by: Author
}

/**
 * How these changes of accounts are made.
 * - `free`: at once, because the ente was never open and nothing was ever paid to it.
 * - `told`: at once and with mails, because the region makes them and is the second person already.
 * - `asked`: an administrator of the ente makes them, so they wait for a second person.
 * - `waiting`: not at all, because a request for one of these accounts waits already.
 */
export async function wayOf(
  trx: Knex,
  { table, row, changes, by }: AccountChanges,
): Promise<'free' | 'told' | 'asked' | 'waiting'> {
  const ente = table === 'ente' ? row : await enteOf(trx, enteIdOf(table, row))
  if (isNeverOpened(ente)) return 'free'
  if (by.isPlatform) return 'told'
  const targets = changes.map(({ column }) => column)
  return (await waitingFor(trx, { entityId: row.id, targets })).length > 0 ? 'waiting' : 'asked'
}

type EnteMoves = Readonly<Record<string, unknown>>

async function enteOf(trx: Knex, id: string): Promise<EnteMoves> {
  const row = await rowOf<EnteMoves>(trx('ente').first('state', 'version').where({ id }))
  return row!
}

/** The version counts the moves of an ente, so an ente that was open and went back to INSERITO has another version than 0. */
const isNeverOpened = (ente: EnteMoves): boolean => ente['state'] === 'INSERITO' && ente['version'] === 0

const enteIdOf = (table: Configured, row: ConfigRow): string =>
  table === 'ente' ? row.id : String(row['ente_id'])

/** Stores a request for each of these changes. The row itself changes when a second person approves, or after WAITS_HOURS. */
export async function askAccounts(trx: Knex, { table, row, changes, by }: AccountChanges): Promise<void> {
  const enteId = enteIdOf(table, row)
  for (const { column: target, from, to } of changes) {
    const asked = { kind: 'account', enteId, entity: table, entityId: row.id, target, from, to } as const
    const approval = await askApproval(trx, { ...asked, by, waitsHours: WAITS_HOURS })
    await noteStep(trx, approval, { step: 'asked', by, post: by.post, until: approval.dueAt })
  }
}

/** After the region changed accounts: ends the requests that waited for the same accounts, and stores the event and its mails. */
export async function tellAccounts(trx: Knex, { table, row, changes, by }: AccountChanges): Promise<void> {
  const targets = changes.map(({ column }) => column)
  for (const approval of await waitingFor(trx, { entityId: row.id, targets }))
    if (await endApproval(trx, { id: approval.id, state: 'overtaken', by }))
      await noteStep(trx, approval, { step: 'overtaken', by, post: by.post })
  await noteAccounts(trx, {
    table,
    id: row.id,
    enteId: enteIdOf(table, row),
    by,
    post: by.post,
    data: { changes },
  })
}

export const ACCOUNT_ACT: Act = {
  lock: async (trx, { entity, entityId }) => {
    await trx(entity).select('id').where({ id: entityId }).forNoKeyUpdate()
  },
  isCurrent: async (trx, { entity, entityId, target, from }) => {
    const row = await rowOf<{ now: unknown }>(trx(entity).first({ now: target }).where({ id: entityId }))
    return (row!.now ?? null) === from
  },
  perform: async (trx, { entity, entityId, target, to }) => {
    await trx(entity)
      .where({ id: entityId })
      .update({ [target]: to })
  },
  note: (trx, approval, { state, by, post }) => noteStep(trx, approval, { step: state, by, post }),
}

/** A request of this kind. `askAccounts` gave it a table and an ente. */
export const accountOf = (approval: Approval): AccountApproval => approval as AccountApproval

interface Step {
  step: string
  by: Author | undefined
  post: Post
  until?: string | null
}

async function noteStep(trx: Knex, approval: Approval, { step, by, post, until }: Step): Promise<void> {
  const { entity, entityId, enteId, target, from, to, askedBy, askedByName } = accountOf(approval)
  const asked = step === 'asked' ? { until } : { askedBy, askedByName }
  const data = { what: `account ${step}`, changes: [{ column: target, from, to }], ...asked }
  await noteAccounts(trx, { table: entity, id: entityId, enteId, by, post, data })
}

async function noteAccounts(
  trx: Knex,
  {
    table,
    id,
    enteId,
    by,
    post,
    data,
  }: {
    table: Configured
    id: string
    enteId: string
    by: Author | undefined
    post: Post
    data: Record<string, unknown>
  },
): Promise<void> {
  const who = by ? signedBy(by) : {}
  const event = { entity: table, entityId: id, kind: 'configured', data: { ...who, ...data } } as const
  await tellAdministrators(trx, { eventId: await noteEvent(trx, event), enteId, post })
}
