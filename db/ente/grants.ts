import type { Knex } from 'knex'
import type { Role } from '../../domain/ente/ente.ts'
import { containing } from '../ground/like.ts'
import { rowOf } from '../ground/rows.ts'
import { noteConfiguration } from './configuration.ts'
import type { Author } from './configured.ts'
import type { Actor } from '../journal/event.ts'

export interface GrantedOperator {
  id: string
  codiceFiscale: string
  name: string
  email: string | null
  role: Role
  active: boolean
  dueTypes: string[]
  reconciles: boolean
}

/** The people who work for an ente, in order of name. */
export async function operatorsOf(db: Knex, enteId: string): Promise<GrantedOperator[]> {
  const { rows } = await db.raw<{ rows: GrantedOperator[] }>(
    `select o.id, o.codice_fiscale as "codiceFiscale", o.name, g.email, g.role, o.active, g.may_reconcile as reconciles,
       coalesce((select array_agg(t.code order by t.code) from operator_due_type p
         join ente_due_type t on t.id = p.ente_due_type_id
         where p.operator_id = o.id and p.ente_id = g.ente_id), '{}') as "dueTypes"
     from operator_grant g join operator o on o.id = g.operator_id where g.ente_id = ? order by o.name`,
    [enteId],
  )
  return rows
}

export interface Granting {
  enteId: string
  codiceFiscale: string
  name: string
  email: string | null
  role: Role
  /** Codes of the types that an operator may use. Ignored for an administrator, who may use all. */
  dueTypes: readonly string[]
  /** May reconcile. Ignored for an administrator, who may in any case. */
  reconciles: boolean
  by: Author
}

/**
 * Lets a person work for an ente. Stores the person when he is new. A known person keeps the name that the sign-in or the region gave
 * him, because a person is the same for every ente. Returns the id and the stored name; undefined when the person works for the ente
 * already, because what he may do is changed by `changeGrant`.
 */
export async function grantOperator(db: Knex, given: Granting): Promise<Actor | undefined> {
  const { enteId, codiceFiscale, name, email, role, dueTypes, reconciles, by } = given
  return db.transaction(async (trx) => {
    await trx('operator')
      .insert({ codice_fiscale: codiceFiscale, name })
      .onConflict('codice_fiscale')
      .ignore()
    const query = trx('operator').first('id', 'name').where({ codice_fiscale: codiceFiscale })
    const person = (await rowOf<Actor>(query))!
    const { id } = person
    const made = await trx('operator_grant')
      .insert({ operator_id: id, ente_id: enteId, role, email, may_reconcile: reconciles })
      .onConflict(['operator_id', 'ente_id'])
      .ignore()
      .returning('operator_id')
    if (made.length === 0) return undefined
    if (role === 'operator') await insertDueTypes(trx, { enteId, operatorId: id, dueTypes })
    const what = `granted ${role}`
    await noteGrant(trx, { enteId, operatorId: id, by, person: { what, dueTypes }, ente: { what } })
    return person
  })
}

/** Lets an operator use these types of the ente. Codes that the ente does not have are left out. */
export async function insertDueTypes(
  trx: Knex,
  { enteId, operatorId, dueTypes }: { enteId: string; operatorId: string; dueTypes: readonly string[] },
): Promise<void> {
  await trx.raw(
    `insert into operator_due_type (operator_id, ente_id, ente_due_type_id)
     select ?, t.ente_id, t.id from ente_due_type t where t.ente_id = ? and t.code = any (?)`,
    [operatorId, enteId, [...dueTypes]],
  )
}

interface GrantNote {
  enteId: string
  operatorId: string
  by: Author
  /** What the register of the person says. */
  person: Record<string, unknown>
  /** What the register of the ente says. It names the person by id alone, because the mail to the maintainer is composed from it. */
  ente: Record<string, unknown>
}

/** Stores the events of a change of a grant, one in the register of the person and one in that of the ente. */
export async function noteGrant(
  trx: Knex,
  { enteId, operatorId, by, person, ente }: GrantNote,
): Promise<void> {
  await noteConfiguration(trx, { table: 'operator', id: operatorId, by, what: { ...person, enteId } })
  await noteConfiguration(trx, { table: 'ente', id: enteId, by, what: { ...ente, operator: operatorId } })
}

/**
 * Removes a person from an ente; false when the person does not work for it. It takes effect at once, because each request reads the
 * grant.
 */
export async function deleteGrant(
  trx: Knex,
  { enteId, operatorId, by }: { enteId: string; operatorId: string; by: Author },
): Promise<boolean> {
  const gone = await trx('operator_grant').where({ operator_id: operatorId, ente_id: enteId }).delete()
  if (gone === 0) return false
  const what = { what: 'revoked' }
  await noteGrant(trx, { enteId, operatorId, by, person: what, ente: what })
  return true
}

export interface OperatorRow {
  id: string
  codiceFiscale: string
  name: string
  /** Address for mails of the region. An ente has its own address of each of its people. */
  email: string | null
  isPlatformAdmin: boolean
  active: boolean
  enti: { codIpa: string; role: string }[]
}

const PEOPLE = `select o.id, o.codice_fiscale as "codiceFiscale", o.name, o.email, o.platform_admin as "isPlatformAdmin", o.active,
       coalesce((select jsonb_agg(jsonb_build_object('codIpa', e.cod_ipa, 'role', g.role) order by e.cod_ipa)
         from operator_grant g join ente e on e.id = g.ente_id where g.operator_id = o.id), '[]') as enti
     from operator o`

/** At most 100 people whose name contains `q`, or whose codice fiscale it is, in order of name. */
export async function searchOperators(db: Knex, q: string): Promise<OperatorRow[]> {
  const { rows } = await db.raw<{ rows: OperatorRow[] }>(
    `${PEOPLE} where o.name ilike ? or o.codice_fiscale = upper(?) order by o.name, o.id limit 100`,
    [containing(q), q],
  )
  return rows
}

export async function findPerson(db: Knex, id: string): Promise<OperatorRow | undefined> {
  const { rows } = await db.raw<{ rows: OperatorRow[] }>(`${PEOPLE} where o.id = ?`, [id])
  return rows[0]
}

/** Stores the name that the identity provider gave, and an event, when the person is an operator with another name. */
export async function nameAtSignIn(
  db: Knex,
  { codiceFiscale, anagrafica }: { codiceFiscale: string; anagrafica: string },
): Promise<void> {
  await db.raw(
    `with known as (
       select id, name from operator where codice_fiscale = ? and name <> ? for no key update),
     renamed as (
       update operator o set name = ? from known k where o.id = k.id)
     insert into event (entity, entity_id, kind, data)
     select 'operator', k.id, 'configured', jsonb_build_object('what', 'renamed at sign-in',
       'changes', jsonb_build_array(jsonb_build_object('column', 'name', 'from', k.name, 'to', ?::text))) from known k`,
    [codiceFiscale, anagrafica, anagrafica, anagrafica],
  )
}
