import type { Knex } from 'knex'
import type { Adhesion, Role } from '../../domain/ente/ente.ts'
import { containing } from '../ground/like.ts'
import { plannedRows } from '../ground/planned.ts'
import { rowOf } from '../ground/rows.ts'

export type { Adhesion } from '../../domain/ente/ente.ts'

/** A person who works for enti, with the grants of this moment. */
export interface Operator {
  id: string
  name: string
  isPlatformAdmin: boolean
  /** One for each ente that the person works for, in order of name. */
  grants: readonly Grant[]
}

export interface Grant extends Omit<EnteAccess, 'isAdmin' | 'canSwitch'> {
  role: Role
}

/** An ente that an operator works in, with what he may see there. */
export interface EnteAccess {
  enteId: string
  codIpa: string
  enteName: string
  enteState: string
  adhesion: readonly Adhesion[]
  isAdmin: boolean
  /** True for who may reconcile: an administrator, or an operator with that grant. */
  mayReconcile: boolean
  /** True when he works for other enti too. */
  canSwitch: boolean
}

/** Undefined when the person is no active operator, or has neither a grant nor the region's administration. */
export async function findOperator(db: Knex, codiceFiscale: string): Promise<Operator | undefined> {
  const rows = await plannedRows<Operator>(
    db,
    `select o.id, o.name, o.platform_admin as "isPlatformAdmin",
       coalesce((select jsonb_agg(jsonb_build_object('enteId', e.id, 'codIpa', e.cod_ipa, 'enteName', e.name, 'enteState', e.state,
           'adhesion', e.adhesion, 'role', g.role, 'mayReconcile', g.role = 'admin' or g.may_reconcile)
           order by e.name)
         from operator_grant g join ente e on e.id = g.ente_id where g.operator_id = o.id), '[]') as grants
     from operator o where o.codice_fiscale = ? and o.active`,
    [codiceFiscale],
  )
  const [operator] = rows
  if (!operator || (!operator.isPlatformAdmin && operator.grants.length === 0)) return undefined
  return operator
}

/** The ente with this codIpa, if the operator may enter it: one of his grants, or any for the region, which is asked for only then. */
export async function findAccess(
  db: Knex,
  { isPlatformAdmin, grants }: Operator,
  codIpa: string,
): Promise<EnteAccess | undefined> {
  const all = { isAdmin: true, mayReconcile: true, canSwitch: true }
  const grant = grants.find((one) => one.codIpa === codIpa)
  if (grant) {
    const { role, ...of } = grant
    return isPlatformAdmin
      ? { ...of, ...all }
      : { ...of, isAdmin: role === 'admin', canSwitch: grants.length > 1 }
  }
  if (!isPlatformAdmin) return undefined
  const [ente] = await plannedRows<Omit<EnteAccess, keyof typeof all>>(
    db,
    `select id as "enteId", cod_ipa as "codIpa", name as "enteName", state as "enteState", adhesion from ente where cod_ipa = ?`,
    [codIpa],
  )
  return ente && { ...ente, ...all }
}

/** The first 50 enti in order of name whose name or codIpa contains `q`. */
export async function listEnti(
  db: Knex,
  q: string,
): Promise<{ codIpa: string; name: string; state: string }[]> {
  const pattern = containing(q)
  return db('ente')
    .select({ codIpa: 'cod_ipa', name: 'name', state: 'state' })
    .where((any) => void any.whereILike('name', pattern).orWhereILike('cod_ipa', pattern))
    .orderBy(['name', 'cod_ipa'])
    .limit(50)
}

export async function operatorName(db: Knex, operatorId: string): Promise<string | null> {
  const row = await rowOf<{ name: string }>(db('operator').first('name').where({ id: operatorId }))
  return row?.name ?? null
}

/** The adhesions with which the software of an ente may call our web services. */
const SOFTWARE_ADHESIONS: readonly Adhesion[] = ['flows', 'ente_software']

export const hasSoftware = (adhesion: readonly Adhesion[]): boolean =>
  adhesion.some((way) => SOFTWARE_ADHESIONS.includes(way))
