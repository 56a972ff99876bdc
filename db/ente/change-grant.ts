import type { Knex } from 'knex'
import type { Role } from '../../domain/ente/ente.ts'
import { rowOf, valuesOf } from '../ground/rows.ts'
import type { Author } from './configured.ts'
import { insertDueTypes, noteGrant, operatorsOf } from './grants.ts'

/** What a person may do for an ente, and where mails about the ente reach him. */
export interface GrantTerms {
  role: Role
  email: string | null
  /** Codes of the types that an operator may use, in order; none for an administrator, who may use all. */
  dueTypes: readonly string[]
  /** May reconcile; an administrator may in any case. */
  reconciles: boolean
}

/** The terms of a grant in the one form in which they are compared. */
export const termsOf = ({ role, email, dueTypes, reconciles }: GrantTerms): GrantTerms => ({
  role,
  email,
  dueTypes: role === 'admin' ? [] : [...dueTypes].sort(),
  reconciles: role === 'admin' || reconciles,
})

interface GrantChange {
  enteId: string
  operatorId: string
  wanted: GrantTerms
  /** The terms that the form showed. */
  seen: unknown
  by: Author
}

/**
 * Changes what a person may do for an ente. It takes effect at once, because each request reads the grant.
 * - `stale`: the terms are no longer those of the form. Nothing is written.
 * - `gone`: the person does not work for the ente any more. Nothing is written.
 */
export async function changeGrant(
  db: Knex,
  { enteId, operatorId, wanted, seen, by }: GrantChange,
): Promise<'saved' | 'stale' | 'gone'> {
  return db.transaction(async (trx) => {
    const key = { operator_id: operatorId, ente_id: enteId }
    const grant = await rowOf<object>(trx('operator_grant').first('role').where(key).forNoKeyUpdate())
    const now = grant ? (await operatorsOf(trx, enteId)).find(({ id }) => id === operatorId) : undefined
    if (!now) return 'gone'
    const known = await valuesOf<string>(trx('ente_due_type').where({ ente_id: enteId }).pluck('code'))
    const before = termsOf(now)
    const after = termsOf({ ...wanted, dueTypes: wanted.dueTypes.filter((code) => known.includes(code)) })
    if (isSame(before, after)) return 'saved'
    if (!isSame(before, seen)) return 'stale'
    await trx('operator_grant')
      .where(key)
      .update({
        role: after.role,
        email: after.email,
        may_reconcile: after.role !== 'admin' && after.reconciles,
      })
    await trx('operator_due_type').where(key).delete()
    await insertDueTypes(trx, { enteId, operatorId, dueTypes: after.dueTypes })
    const what = changeOf(before, after)
    await noteGrant(trx, { enteId, operatorId, by, person: what, ente: what })
    return 'saved'
  })
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What the registers say. The address of the person is in none of them. */
function changeOf(before: GrantTerms, after: GrantTerms): Record<string, unknown> {
  const changes = [
    { column: 'grant_role', from: before.role, to: after.role },
    { column: 'grant_due_types', from: before.dueTypes.join(', '), to: after.dueTypes.join(', ') },
    { column: 'grant_reconciles', from: before.reconciles, to: after.reconciles },
  ].filter(({ from, to }) => from !== to)
  return changes.length > 0 ? { what: 'grant changed', changes } : { what: 'grant address changed' }
}
