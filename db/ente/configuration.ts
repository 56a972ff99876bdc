import type { Knex } from 'knex'
import { askAccounts, isAccount, tellAccounts, wayOf } from './account-change.ts'
import { tellMaintainer } from '../mail/change-mail.ts'
import type { Author, Change, ConfigRow, Configured } from './configured.ts'
import { noteEvent, signedBy } from '../journal/event.ts'
import { containing } from '../ground/like.ts'
import type { EnteState } from '../../domain/states.ts'

/**
 * Writes columns of a configured row, if it still is as `seen` says: `stale` otherwise, and nothing is written. What a change was from
 * and to is kept with who made it. Accounts that wait for a second person stay as they are; `waiting`: one of them is asked already, and
 * nothing is written.
 */
export async function saveConfiguration(
  db: Knex,
  {
    table,
    id,
    values,
    seen,
    by,
  }: {
    table: Configured
    id: string
    values: Readonly<Record<string, unknown>>
    seen: Readonly<Record<string, unknown>>
    by: Author
  },
): Promise<'saved' | 'stale' | 'waiting'> {
  return db.transaction(async (trx) => {
    const row = (await trx(table).first('*').where({ id }).forNoKeyUpdate()) as ConfigRow
    const changes: Change[] = Object.entries(values)
      .map(([column, to]) => ({ column, from: row[column] ?? null, to: to ?? null }))
      .filter(({ from, to }) => !isEqual(from, to))
    if (changes.some(({ column, from }) => !isEqual(from, seen[column] ?? null))) return 'stale'
    const accounts = changes.filter((change) => isAccount(table, change))
    if (accounts.length === 0) return writeChanges(trx, { table, row, changes, by })
    const way = await wayOf(trx, { table, row, changes: accounts, by })
    if (way === 'waiting') return way
    if (way === 'free') return writeChanges(trx, { table, row, changes, by })
    const others = changes.filter((change) => !isAccount(table, change))
    await writeChanges(trx, { table, row, changes: others, by })
    if (way === 'asked') await askAccounts(trx, { table, row, changes: accounts, by })
    else {
      await writeColumns(trx, { table, row, changes: accounts })
      await tellAccounts(trx, { table, row, changes: accounts, by })
    }
    return 'saved'
  })
}

interface Writing {
  table: Configured
  row: ConfigRow
  changes: readonly Change[]
}

async function writeChanges(trx: Knex, { by, ...writing }: Writing & { by: Author }): Promise<'saved'> {
  const { table, row, changes } = writing
  if (changes.length === 0) return 'saved'
  await writeColumns(trx, writing)
  await noteConfiguration(trx, { table, id: row.id, by, what: { changes } })
  return 'saved'
}

async function writeColumns(trx: Knex, { table, row, changes }: Writing): Promise<void> {
  await trx(table)
    .where({ id: row.id })
    .update(Object.fromEntries(changes.map(({ column, to }) => [column, written(to)])))
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Objects are columns of JSON; lists are columns of text. */
const written = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value

export async function noteConfiguration(
  trx: Knex,
  { table, id, by, what }: { table: Configured; id: string; by: Author; what: Record<string, unknown> },
): Promise<void> {
  const data = { ...signedBy(by), ...what }
  const eventId = await noteEvent(trx, { entity: table, entityId: id, kind: 'configured', data })
  // What a person may do is told as a change of the ente.
  if (!by.isPlatform && table !== 'operator') await tellMaintainer(trx, eventId, by.post)
}

export interface ConfigEvent {
  at: string
  entity: Configured
  kind: string
  fromState: string | null
  toState: string | null
  data: {
    by?: string
    byId?: string
    changes?: Change[]
    what?: string
    /** Of a change that waits for a second person: from when it happens without one. */
    until?: string
    /** Of how such a change ended: who had asked for it. */
    askedBy?: string
    askedByName?: string
  }
}

/** The latest changes of a configured thing. */
export async function configEvents(db: Knex, id: string, limit = 30): Promise<ConfigEvent[]> {
  return db('event')
    .select({
      at: 'at',
      entity: 'entity',
      kind: 'kind',
      fromState: 'from_state',
      toState: 'to_state',
      data: 'data',
    })
    .where({ entity_id: id })
    .whereIn('kind', ['configured', 'moved', 'born'])
    .orderBy('id', 'desc')
    .limit(limit) as unknown as Promise<ConfigEvent[]>
}

export async function configuredRow(
  db: Knex,
  table: Configured,
  where: Readonly<Record<string, unknown>>,
): Promise<ConfigRow | undefined> {
  return (await db(table).first('*').where(where)) as ConfigRow | undefined
}

export interface EnteListRow {
  codIpa: string
  name: string
  codiceFiscale: string
  state: EnteState
}

/** Enti by part of their name, code or codice fiscale, of a state; `operatorId`: only those this person administers. */
export async function administeredEnti(
  db: Knex,
  { q, state, operatorId }: { q: string; state: string; operatorId: string | undefined },
): Promise<EnteListRow[]> {
  const pattern = containing(q)
  const query = db('ente as e')
    .select({ codIpa: 'e.cod_ipa', name: 'e.name', codiceFiscale: 'e.codice_fiscale', state: 'e.state' })
    .where((any) => {
      void any
        .whereILike('e.name', pattern)
        .orWhereILike('e.cod_ipa', pattern)
        .orWhereILike('e.codice_fiscale', pattern)
    })
    .orderBy(['e.name', 'e.cod_ipa'])
    .limit(100)
  if (state !== '') void query.where({ 'e.state': state })
  if (operatorId !== undefined)
    void query.whereRaw(
      `exists (select from operator_grant g where g.ente_id = e.id and g.operator_id = ? and g.role = 'admin')`,
      [operatorId],
    )
  return (await query) as EnteListRow[]
}

/** What an ente needs before it may collect, as the tables know it. */
export interface Readiness {
  activeDueTypes: number
  operators: number
  loadedFlows: number
  /** Of these, sent by software of the ente. */
  softwareFlows: number
  /** Dues of this ente that were paid: before its start, by who tests it. */
  paidDues: number
  hasLogo: boolean
}

export async function readinessOf(db: Knex, enteId: string): Promise<Readiness> {
  const { rows } = await db.raw<{ rows: Readiness[] }>(
    `select (select count(*) from ente_due_type where ente_id = e.id and active)::int as "activeDueTypes",
       (select count(*) from operator_grant g join operator o on o.id = g.operator_id
        where g.ente_id = e.id and o.active)::int as operators,
       (select count(*) from flow where ente_id = e.id and state = 'loaded')::int as "loadedFlows",
       (select count(*) from flow where ente_id = e.id and state = 'loaded' and operator_id is null)::int as "softwareFlows",
       (select count(*) from (select from due where ente_id = e.id and state = 'paid' limit 1) p)::int as "paidDues",
       logo is not null as "hasLogo"
     from ente e where e.id = ?`,
    [enteId],
  )
  return rows[0]!
}

export interface DueTypeListRow {
  code: string
  name: string
  active: boolean
  spontaneous: boolean
  /** Of the catalogue, when this ente does not collect it yet. */
  isNew: boolean
}

/** Types of an ente, and those of the catalogue that it could pick. */
export async function dueTypesOfEnte(db: Knex, enteId: string): Promise<DueTypeListRow[]> {
  const { rows } = await db.raw<{ rows: DueTypeListRow[] }>(
    `select c.code, coalesce(t.name, c.name) as name, coalesce(t.active, false) as active,
       coalesce(t.spontaneous, false) as spontaneous, t.id is null as "isNew"
     from due_type c left join ente_due_type t on t.code = c.code and t.ente_id = ?
     order by t.id is null, 2`,
    [enteId],
  )
  return rows
}

/** Names of the types of an ente, by id. */
export async function namesOfDueTypes(db: Knex, enteId: string): Promise<Map<string, string>> {
  const rows = (await db('ente_due_type').select('id', 'name').where({ ente_id: enteId })) as {
    id: string
    name: string
  }[]
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** A type of the catalogue for an ente: it begins switched off. */
export async function pickDueType(
  db: Knex,
  { enteId, code, form, by }: { enteId: string; code: string; form: unknown; by: Author },
): Promise<void> {
  await db.transaction(async (trx) => {
    const [row] = (await trx('ente_due_type')
      .insert({
        ente_id: enteId,
        code,
        name: trx('due_type').select('name').where({ code }),
        dati_specifici_riscossione: trx('due_type').select('dati_specifici_riscossione').where({ code }),
        active: false,
        form: JSON.stringify(form),
      })
      .onConflict(['ente_id', 'code'])
      .ignore()
      .returning('id')) as { id: string }[]
    if (row)
      await noteConfiguration(trx, { table: 'ente_due_type', id: row.id, by, what: { what: 'picked' } })
  })
}

/** Who collects with a type, and how. */
export async function entiOfDueType(
  db: Knex,
  code: string,
): Promise<{ codIpa: string; name: string; active: boolean }[]> {
  return db('ente_due_type as t')
    .join('ente as e', 'e.id', 't.ente_id')
    .select({ codIpa: 'e.cod_ipa', name: 'e.name', active: 't.active' })
    .where({ 't.code': code })
    .orderBy('e.name')
}

export async function catalogue(
  db: Knex,
): Promise<{ code: string; name: string; enti: number; active: number }[]> {
  const { rows } = await db.raw<{ rows: { code: string; name: string; enti: number; active: number }[] }>(
    `select c.code, c.name, count(t.id)::int as enti, (count(*) filter (where t.active))::int as active
     from due_type c left join ente_due_type t on t.code = c.code group by c.code, c.name order by c.name`,
  )
  return rows
}
