import type { Knex } from 'knex'
import type { ApprovalState } from '../../domain/states.ts'
import { rowOf, rowsOf, valuesOf } from '../ground/rows.ts'
import type { Actor } from '../journal/event.ts'
import type { Configured } from './configured.ts'

/** The kinds of request that need a second person. db/ente/settle-approval.ts has what each does. */
export type ApprovalKind = 'account' | 'anomaly'

/** A request to change one value of one row that needs the approval of a second person. */
export interface Approval {
  id: string
  kind: ApprovalKind
  /** Null for a request of the region about no ente. */
  enteId: string | null
  /** Table and id of the row. */
  entity: Configured | 'anomaly'
  entityId: string
  /** The column, or another name that the kind of request gives to what it changes. */
  target: string
  from: unknown
  to: unknown
  state: ApprovalState
  askedBy: string
  askedByName: string
  askedAt: string
  /** After this instant the change is made without a second person; null: never. */
  dueAt: string | null
}

/** A request to change an account that money is paid to. */
export type AccountApproval = Approval & { enteId: string; entity: Configured }

export type NewApproval = Pick<
  Approval,
  'kind' | 'enteId' | 'entity' | 'entityId' | 'target' | 'from' | 'to'
> & { by: Actor; waitsHours: number | null }

const COLUMNS: Record<keyof Approval, string> = {
  id: 'id',
  kind: 'kind',
  enteId: 'ente_id',
  entity: 'entity',
  entityId: 'entity_id',
  target: 'target',
  from: 'from_value',
  to: 'to_value',
  state: 'state',
  askedBy: 'asked_by',
  askedByName: 'asked_by_name',
  askedAt: 'asked_at',
  dueAt: 'due_at',
}

/**
 * Stores a request and returns it, with the times of the database's clock. A unique index refuses a second waiting request for the same
 * value of the same row.
 */
export async function askApproval(trx: Knex, asked: NewApproval): Promise<Approval> {
  const { kind, enteId, entity, entityId, target, from, to, by, waitsHours } = asked
  const row = await rowOf<Approval>(
    trx('approval')
      .insert({
        kind,
        ente_id: enteId,
        entity,
        entity_id: entityId,
        target,
        from_value: JSON.stringify(from),
        to_value: JSON.stringify(to),
        asked_by: by.id,
        asked_by_name: by.name,
        due_at: waitsHours === null ? null : trx.raw(`now() + ? * interval '1 hour'`, [waitsHours]),
      })
      .returning(Object.entries(COLUMNS).map(([name, column]) => `${column} as ${name}`)),
  )
  return row!
}

export const findApproval = (db: Knex, id: string): Promise<Approval | undefined> =>
  rowOf<Approval>(db('approval').first(COLUMNS).where({ id }))

/** The waiting requests to change an account of an ente, the oldest first. */
export const waitingAt = (db: Knex, enteId: string): Promise<AccountApproval[]> =>
  rowsOf<AccountApproval>(
    db('approval')
      .select(COLUMNS)
      .where({ ente_id: enteId, kind: 'account', state: 'waiting' })
      .orderBy(['asked_at', 'id']),
  )

/** The waiting requests for these targets of a row. */
export const waitingFor = (
  trx: Knex,
  { entityId, targets }: { entityId: string; targets: readonly string[] },
): Promise<AccountApproval[]> =>
  rowsOf<AccountApproval>(
    trx('approval')
      .select(COLUMNS)
      .where({ entity_id: entityId, state: 'waiting' })
      .whereIn('target', [...targets]),
  )

/** The waiting requests about one row. */
export const waitingAbout = (db: Knex, entityId: string): Promise<Approval[]> =>
  rowsOf<Approval>(db('approval').select(COLUMNS).where({ entity_id: entityId, state: 'waiting' }))

/** Ids of the waiting requests whose time has passed by the clock of the database, the oldest first, at most 50. */
export const elapsedApprovals = (db: Knex): Promise<string[]> =>
  valuesOf(
    db('approval')
      .where({ state: 'waiting' })
      .where('due_at', '<=', db.fn.now())
      .orderBy('due_at')
      .limit(50)
      .pluck('id'),
  )

/**
 * Ends a waiting request; false when it does not wait any more. The update checks the state again, so that of two callers at the same
 * time only one ends it. It also refuses an approval by the person who made the request.
 */
export async function endApproval(
  trx: Knex,
  { id, state, by }: { id: string; state: Exclude<ApprovalState, 'waiting'>; by: Actor | undefined },
): Promise<boolean> {
  const query = trx('approval').where({ id, state: 'waiting' })
  if (state === 'elapsed') void query.where('due_at', '<=', trx.fn.now())
  if (state === 'approved') void query.whereNot({ asked_by: by!.id })
  const ended = await query.update({
    state,
    decided_by: by?.id ?? null,
    decided_by_name: by?.name ?? null,
    decided_at: trx.fn.now(),
  })
  return ended > 0
}
