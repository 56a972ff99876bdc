import type { Knex } from 'knex'
import { containing } from '../ground/like.ts'
import { noteConfiguration } from './configuration.ts'
import type { Author } from './configured.ts'
import type { Actor } from '../journal/event.ts'

export interface GrantedOperator {
  id: string
  codiceFiscale: string
  name: string
  email: string | null
  role: 'operator' | 'admin'
  active: boolean
  dueTypes: string[]
}

/** Who works for an ente, by name. */
export async function operatorsOf(db: Knex, enteId: string): Promise<GrantedOperator[]> {
  const { rows } = await db.raw<{ rows: GrantedOperator[] }>(
    `select o.id, o.codice_fiscale as "codiceFiscale", o.name, g.email, g.role, o.active,
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
  role: 'operator' | 'admin'
  /** Codes of types; all of them for an administrator. */
  dueTypes: readonly string[]
  by: Author
}

/**
 * Lets a person work for an ente, or changes what he may there. Who is not known yet is written down; who is known keeps the name that
 * the sign-in or the region gave, because a person is the same for every ente. Returns the person as the tables name it.
 */
export async function grantOperator(db: Knex, given: Granting): Promise<Actor> {
  const { enteId, codiceFiscale, name, email, role, dueTypes, by } = given
  return db.transaction(async (trx) => {
    await trx('operator')
      .insert({ codice_fiscale: codiceFiscale, name })
      .onConflict('codice_fiscale')
      .ignore()
    const person = (await trx('operator')
      .first('id', 'name')
      .where({ codice_fiscale: codiceFiscale })) as Actor
    const { id } = person
    await trx('operator_grant')
      .insert({ operator_id: id, ente_id: enteId, role, email })
      .onConflict(['operator_id', 'ente_id'])
      .merge({ role, email })
    await trx('operator_due_type').where({ operator_id: id, ente_id: enteId }).delete()
    if (role === 'operator')
      await trx.raw(
        `insert into operator_due_type (operator_id, ente_id, ente_due_type_id)
         select ?, t.ente_id, t.id from ente_due_type t where t.ente_id = ? and t.code = any (?)`,
        [id, enteId, [...dueTypes]],
      )
    await noteConfiguration(trx, {
      table: 'operator',
      id,
      by,
      what: { what: `granted ${role}`, enteId, dueTypes },
    })
    await noteConfiguration(trx, {
      table: 'ente',
      id: enteId,
      by,
      what: { what: `granted ${role}`, operator: id },
    })
    return person
  })
}

/** He is out at once: each request asks for the grant. */
export async function revokeOperator(
  db: Knex,
  { enteId, operatorId, by }: { enteId: string; operatorId: string; by: Author },
): Promise<void> {
  await db.transaction(async (trx) => {
    const gone = await trx('operator_grant').where({ operator_id: operatorId, ente_id: enteId }).delete()
    if (gone === 0) return
    await noteConfiguration(trx, { table: 'operator', id: operatorId, by, what: { what: 'revoked', enteId } })
    await noteConfiguration(trx, {
      table: 'ente',
      id: enteId,
      by,
      what: { what: 'revoked', operator: operatorId },
    })
  })
}

export interface OperatorRow {
  id: string
  codiceFiscale: string
  name: string
  /** Of the region's grant: enti write to the addresses of theirs. */
  email: string | null
  isPlatformAdmin: boolean
  active: boolean
  enti: { codIpa: string; role: string }[]
}

const PEOPLE = `select o.id, o.codice_fiscale as "codiceFiscale", o.name, o.email, o.platform_admin as "isPlatformAdmin", o.active,
       coalesce((select jsonb_agg(jsonb_build_object('codIpa', e.cod_ipa, 'role', g.role) order by e.cod_ipa)
         from operator_grant g join ente e on e.id = g.ente_id where g.operator_id = o.id), '[]') as enti
     from operator o`

/** People by part of their name, or by fiscal code. */
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

/** The identity provider says what a person is called: for an operator, a new name is written down with its event. */
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
