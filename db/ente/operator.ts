import type { Knex } from 'knex'
import { containing } from '../ground/like.ts'
import { plannedRows } from '../ground/planned.ts'

/** How an ente collects; each way switches pages on. */
export type Adhesion = 'base' | 'flows' | 'ente_software'

/** What an ente may switch on beside its ways of collecting; docs/architecture.md says what each does. */
export type Feature =
  | 'ENTE_PUBBLICO'
  | 'PAGAMENTO_SPONTANEO'
  | 'AVVISO_DIGITALE'
  | 'NOTIFICA_AVVISI_IO'
  | 'INOLTRO_ESITO_PAGAMENTO_PUSH'

/** Somebody who works for enti, as the grants say at this moment. */
export interface Operator {
  id: string
  name: string
  isPlatformAdmin: boolean
  /** Of the enti that were given to this person, by name. */
  grants: readonly Grant[]
}

export interface Grant {
  enteId: string
  codIpa: string
  enteName: string
  role: 'operator' | 'admin'
}

/** What an operator may see of one ente. */
export interface EnteAccess {
  enteId: string
  codIpa: string
  enteName: string
  enteState: string
  adhesion: readonly Adhesion[]
  features: readonly Feature[]
  isAdmin: boolean
  /** Works for other enti too. */
  canSwitch: boolean
}

/** Nobody, when the person was never let in or no longer is. */
export async function findOperator(db: Knex, codiceFiscale: string): Promise<Operator | undefined> {
  const rows = await plannedRows<Operator>(
    db,
    `select o.id, o.name, o.platform_admin as "isPlatformAdmin",
       coalesce((select jsonb_agg(jsonb_build_object('enteId', e.id, 'codIpa', e.cod_ipa, 'enteName', e.name, 'role', g.role)
           order by e.name)
         from operator_grant g join ente e on e.id = g.ente_id where g.operator_id = o.id), '[]') as grants
     from operator o where o.codice_fiscale = ? and o.active`,
    [codiceFiscale],
  )
  const [operator] = rows
  if (!operator || (!operator.isPlatformAdmin && operator.grants.length === 0)) return undefined
  return operator
}

/** The ente of an address, when this operator may enter it. */
export async function findAccess(
  db: Knex,
  operatorId: string,
  codIpa: string,
): Promise<EnteAccess | undefined> {
  const [access] = await plannedRows<EnteAccess>(
    db,
    `select e.id as "enteId", e.cod_ipa as "codIpa", e.name as "enteName", e.state as "enteState", e.adhesion,
       e.features,
       o.platform_admin or coalesce(g.role = 'admin', false) as "isAdmin",
       o.platform_admin or (select count(*) > 1 from operator_grant x where x.operator_id = o.id) as "canSwitch"
     from operator o cross join ente e left join operator_grant g on g.operator_id = o.id and g.ente_id = e.id
     where o.id = ? and o.active and e.cod_ipa = ? and (o.platform_admin or g.operator_id is not null)`,
    [operatorId, codIpa],
  )
  return access
}

/** Enti by part of their name or code, the first of them by name. */
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
  const row = (await db('operator').first('name').where({ id: operatorId })) as { name: string } | undefined
  return row?.name ?? null
}

/** Ways of joining in which the software of an ente may call. */
const SOFTWARE_ADHESIONS: readonly Adhesion[] = ['flows', 'ente_software']

export const hasSoftware = (adhesion: readonly Adhesion[]): boolean =>
  adhesion.some((way) => SOFTWARE_ADHESIONS.includes(way))
