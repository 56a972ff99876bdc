import type { Knex } from 'knex'
import { askAccounts, isAccount, tellAccounts, wayOf } from './account-change.ts'
import { tellAdministrators, tellMaintainer } from '../mail/change-mail.ts'
import type { Author, Change, ConfigRow, Configured } from './configured.ts'
import { noteEvent, signedBy } from '../journal/event.ts'
import { containing } from '../ground/like.ts'
import { rowOf, rowsOf } from '../ground/rows.ts'
import type { EnteForReadiness, Readiness } from '../../domain/ente/readiness.ts'
import type { EnteState } from '../../domain/states.ts'

/**
 * Writes columns of a configured row and stores an event with the old and new values and the author. Changes of accounts may wait for a
 * second person (db/ente/account-change.ts); the other columns are written at once.
 * - `stale`: a column that was to change has another value than in `seen`. Nothing is written.
 * - `waiting`: a request for one of the accounts waits already. Nothing is written.
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
    const row = (await rowOf<ConfigRow>(trx(table).first('*').where({ id }).forNoKeyUpdate()))!
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
  const eventId = await noteConfiguration(trx, { table, id: row.id, by, what: { changes } })
  // Prices stand in the form, so the ente hears of a change of it that it did not make.
  const isForm = table === 'ente_due_type' && changes.some(({ column }) => column === 'form')
  if (by.isPlatform && isForm)
    await tellAdministrators(trx, { eventId, enteId: String(row['ente_id']), post: by.post, ofRegion: true })
  return 'saved'
}

async function writeColumns(trx: Knex, { table, row, changes }: Writing): Promise<void> {
  await trx(table)
    .where({ id: row.id })
    .update(Object.fromEntries(changes.map(({ column, to }) => [column, written(to)])))
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The value for pg. Objects go to jsonb columns, so they become JSON; lists go to text[] columns, so they stay lists. */
const written = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value

/** Stores the event of a change of configuration, and the mail about it to the maintainer when an ente made the change. @returns its event */
export async function noteConfiguration(
  trx: Knex,
  { table, id, by, what }: { table: Configured; id: string; by: Author; what: Record<string, unknown> },
): Promise<number> {
  const data = { ...signedBy(by), ...what }
  const eventId = await noteEvent(trx, { entity: table, entityId: id, kind: 'configured', data })
  // An event of an operator sends no mail, because the event of the ente that comes with it sends one.
  if (!by.isPlatform && table !== 'operator') await tellMaintainer(trx, eventId, by.post)
  return eventId
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
    /** On a change that waits for a second person: the instant after which it is made without one. */
    until?: string
    /** On the end of such a change: who requested it. */
    askedBy?: string
    askedByName?: string
  }
}

/** The latest changes of a configured row, the newest first. */
export const configEvents = (db: Knex, id: string, limit = 30): Promise<ConfigEvent[]> =>
  rowsOf<ConfigEvent>(
    db('event')
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
      .limit(limit),
  )

export const configuredRow = (
  db: Knex,
  table: Configured,
  where: Readonly<Record<string, unknown>>,
): Promise<ConfigRow | undefined> => rowOf<ConfigRow>(db(table).first('*').where(where))

export interface EnteListRow {
  codIpa: string
  name: string
  codiceFiscale: string
  state: EnteState
}

/**
 * At most 100 enti, in order of name, whose name, codIpa or codice fiscale contains `q`. An empty `state` matches every state. With an
 * `operatorId` only the enti that this person administers.
 */
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
  return rowsOf<EnteListRow>(query)
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
  /** True for a type of the catalogue that this ente does not have yet. */
  isNew: boolean
}

/** The types of an ente in order of name, then the types of the catalogue that it could pick. */
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
  const rows = await rowsOf<{ id: string; name: string }>(
    db('ente_due_type').select('id', 'name').where({ ente_id: enteId }),
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Adds a type of the catalogue to an ente, not active yet. Does nothing when the ente has it. */
export async function pickDueType(
  db: Knex,
  { enteId, code, form, by }: { enteId: string; code: string; form: unknown; by: Author },
): Promise<void> {
  await db.transaction(async (trx) => {
    const row = await rowOf<{ id: string }>(
      trx('ente_due_type')
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
        .returning('id'),
    )
    if (row)
      await noteConfiguration(trx, { table: 'ente_due_type', id: row.id, by, what: { what: 'picked' } })
  })
}

/** The enti that have a type of the catalogue, in order of name. */
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

/** The regional catalogue of types, in order of name, with the number of enti that have each type and that have it active. */
export async function catalogue(
  db: Knex,
): Promise<{ code: string; name: string; enti: number; active: number }[]> {
  const { rows } = await db.raw<{ rows: { code: string; name: string; enti: number; active: number }[] }>(
    `select c.code, c.name, count(t.id)::int as enti, (count(*) filter (where t.active))::int as active
     from due_type c left join ente_due_type t on t.code = c.code group by c.code, c.name order by c.name`,
  )
  return rows
}

/** What the readiness of an ente depends on in its own row. */
export const enteForReadiness = (
  db: Knex,
  id: string,
): Promise<(EnteForReadiness & { state: EnteState }) | undefined> =>
  rowOf(db('ente').first('state', 'adhesion', 'iban', 'indirizzo', 'localita', 'email').where({ id }))
