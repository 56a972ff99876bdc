import type { Knex } from 'knex'
import { seenDue, type KnownDue, type KnownDues } from '../../domain/flow/decide.ts'
import { grantedDueTypes } from '../ente/due-type-access.ts'
import { lockName } from '../ground/lock-name.ts'
import type { Actor } from '../journal/event.ts'
import { lockDues } from './lock.ts'

/**
 * Locks, until the commit, the numbers that an ente gives to its dues. Every writer of dues with a given IUD or IUV takes it, because two
 * of them would both check first and collide afterwards. Dues of citizens do not need it: their numbers are ours.
 */
export async function lockGivenNumbers(trx: Knex, enteId: string): Promise<void> {
  await lockName(trx, `given-numbers:${enteId}`)
}

/** The ente whose dues are written, and the file or the operator that writes them. */
export interface DueOrigin {
  enteId: string
  flowId: string | null
  /** The operator who sent the file or typed the due; null: software of the ente. */
  operatorId: string | null
  /** The operator who typed it. */
  by?: Actor | undefined
}

/** A row that changes or cancels what is there. */
export interface ExistingKey {
  iud: string
  iuv: string | undefined
  /** Hash of its values; null when the row cancels the due, whatever it holds. */
  contentHash: string | null
}

export interface RowKeys {
  iuds: readonly string[]
  existing: readonly ExistingKey[]
  /** Numbers that new dues bring. */
  iuvs: readonly string[]
}

/**
 * What the tables know of the dues that some rows name, and what earlier rows of the same file did, or would have done in a check. The
 * dues in `locked` are those that the rows change: no other transaction can change them until the commit. A check locks none.
 * Which types the sender may use is read each time, because a grant may be removed while a file loads.
 */
export async function knownDues(
  trx: Knex,
  { enteId, flowId, operatorId }: DueOrigin,
  keys: RowKeys,
  { isCheck = false }: { isCheck?: boolean } = {},
): Promise<KnownDues & { locked: ReadonlySet<string> }> {
  const granted = await grantedDueTypes(trx, { enteId, operatorId })
  const seen = await readDues(trx, enteId, keys.iuds)
  const locked = isCheck ? [] : differing(keys.existing, { byIud: seen, granted })
  await lockDues(trx, locked)
  // Read again, because a statement that waits for a lock still sees the rows as they were before the wait.
  const byIud = locked.length === 0 ? seen : await readDues(trx, enteId, keys.iuds)
  const done = await trx.raw<{ rows: { iud: string }[] }>(
    `select iud from due where flow_id = ? and iud = any (?)
     union all select iud from flow_unchanged where flow_id = ? and iud = any (?)`,
    [flowId, [...keys.iuds], flowId, [...keys.iuds]],
  )
  return {
    byIud,
    iuvs: await takenIuvs(trx, { enteId, flowId }, [...keys.iuvs, ...broughtIuvs(keys.existing, byIud)]),
    doneInFlow: new Set(done.rows.map(({ iud }) => iud)),
    granted,
    locked: new Set(locked),
  }
}

async function readDues(trx: Knex, enteId: string, iuds: readonly string[]): Promise<KnownDues['byIud']> {
  const { rows } = await trx.raw<{ rows: (KnownDue & { iud: string })[] }>(
    `select d.id, d.iud, d.iuv, d.state, t.code as "dueTypeCode", encode(d.content_hash, 'hex') as "contentHash",
       exists (select from due_share s join attempt_item i on i.share_id = s.id
         where s.due_id = d.id and s.position = 2 and d.tries > 0) as "hasUsedSecondary"
     from due d join ente_due_type t on t.id = d.ente_due_type_id
     where d.ente_id = ? and d.iud = any (?) and d.state <> 'cancelled'`,
    [enteId, [...iuds]],
  )
  return new Map(rows.map((row) => [row.iud, { ...row, iuv: row.iuv ?? undefined }]))
}

/**
 * Ids of the dues that differ from their row. A due that stays as it is, or that the row may not name, is not locked, because the lock of a
 * row is a write.
 */
const differing = (existing: readonly ExistingKey[], known: Pick<KnownDues, 'byIud' | 'granted'>): string[] =>
  existing.flatMap(({ iud, iuv, contentHash }) => {
    const due = seenDue(known, iud)
    if (!due) return []
    const isEqual =
      contentHash !== null && due.contentHash === contentHash && (due.iuv !== undefined || iuv === undefined)
    return isEqual ? [] : [due.id]
  })

/** Numbers that rows give to dues without one: a due that has a number keeps it. */
const broughtIuvs = (existing: readonly ExistingKey[], byIud: KnownDues['byIud']): string[] =>
  existing.flatMap(({ iud, iuv }) => (iuv !== undefined && byIud.get(iud)?.iuv === undefined ? [iuv] : []))

/** Numbers that are not free. Those that earlier rows of a check would free or take count as if the rows were loaded. */
async function takenIuvs(
  trx: Knex,
  { enteId, flowId }: Pick<DueOrigin, 'enteId' | 'flowId'>,
  iuvs: readonly string[],
): Promise<Set<string>> {
  if (iuvs.length === 0) return new Set()
  const { rows } = await trx.raw<{ rows: { iuv: string }[] }>(
    `select iuv from due where ente_id = ? and iuv = any (?) and state <> 'cancelled'
       and not exists (select from flow_unchanged u where u.flow_id = ? and u.iud = due.iud and u.cancels = due.id)
     union all select iuv from flow_unchanged where flow_id = ? and iuv = any (?)`,
    [enteId, [...iuvs], flowId, flowId, [...iuvs]],
  )
  return new Set(rows.map(({ iuv }) => iuv))
}
