import type { Knex } from 'knex'
import type { ApprovalState } from '../../domain/states.ts'
import type { Actor } from '../journal/event.ts'

/** What a second person may be asked for; db/ente/settle-approval.ts says what each does. */
export type ApprovalKind = 'account'

/** A request that needs a second person: who asked, what of which row, from which value to which. */
export interface Approval {
  id: string
  kind: ApprovalKind
  enteId: string
  /** Table and row. */
  entity: string
  entityId: string
  /** What of the row: a column, or how its kind calls it. */
  target: string
  from: unknown
  to: unknown
  state: ApprovalState
  askedBy: string
  askedByName: string
  askedAt: string
  /** From when it happens without a second person; null: never. */
  dueAt: string | null
}

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

/** Returns the request, with its time by the clock of the database. The database refuses a second one for the same thing. */
export async function askApproval(trx: Knex, asked: NewApproval): Promise<Approval> {
  const { kind, enteId, entity, entityId, target, from, to, by, waitsHours } = asked
  const [row] = (await trx('approval')
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
    .returning(Object.entries(COLUMNS).map(([name, column]) => `${column} as ${name}`))) as Approval[]
  return row!
}

export async function findApproval(db: Knex, id: string): Promise<Approval | undefined> {
  return (await db('approval').first(COLUMNS).where({ id })) as Approval | undefined
}

/** What waits at an ente, oldest first. */
export async function waitingAt(db: Knex, enteId: string): Promise<Approval[]> {
  return (await db('approval')
    .select(COLUMNS)
    .where({ ente_id: enteId, state: 'waiting' })
    .orderBy(['asked_at', 'id'])) as Approval[]
}

/** What waits for these parts of a row. */
export async function waitingFor(
  trx: Knex,
  { entityId, targets }: { entityId: string; targets: readonly string[] },
): Promise<Approval[]> {
  return (await trx('approval')
    .select(COLUMNS)
    .where({ entity_id: entityId, state: 'waiting' })
    .whereIn('target', [...targets])) as Approval[]
}

/** Requests whose time has passed by the clock of the database, oldest first. */
export async function elapsedApprovals(db: Knex): Promise<string[]> {
  return db('approval')
    .where({ state: 'waiting' })
    .where('due_at', '<=', db.fn.now())
    .orderBy('due_at')
    .limit(50)
    .pluck('id') as Promise<string[]>
}

/**
 * Ends a request that still waits; false when somebody else ended it. Whoever races here, one wins: the update asks for the state
 * again, and who asked never counts as the second person.
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
