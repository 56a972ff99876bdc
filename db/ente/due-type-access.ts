import type { Knex } from 'knex'
import { valuesOf } from '../ground/rows.ts'

/** An operator who reads data of an ente. */
export interface EnteReader {
  enteId: string
  operatorId: string
  /** True for an administrator of the ente or of the region. */
  isAdmin: boolean
}

/**
 * SQL: the one rule of who may use a type of due: administrators of the region and of its ente, and operators who were given the type.
 * @param operatorId an expression, or `?` for a binding
 * @param dueTypeId an expression for the id in ente_due_type, with the name of its table
 */
export const mayUseDueType = (operatorId: string, dueTypeId: string): string => `exists (
  select from operator op join ente_due_type ty on ty.id = ${dueTypeId}
  where op.id = ${operatorId} and op.active and (op.platform_admin or exists (
    select from operator_grant gr where gr.operator_id = op.id and gr.ente_id = ty.ente_id and (gr.role = 'admin' or exists (
      select from operator_due_type pe where pe.operator_id = op.id and pe.ente_due_type_id = ty.id)))))`

/**
 * SQL: the codes of the types of an ente that an operator may use now. Bindings: ente id, operator id. PostgreSQL computes it once per
 * statement and not once per row.
 */
export const GRANTED_DUE_TYPES = `array(select u.code from ente_due_type u
  where u.ente_id = ? and ${mayUseDueType('?', 'u.id')})`

/**
 * Codes of the types of an ente that an operator may use now.
 * @param operatorId null for software of the ente, which may use all of its types
 */
export async function grantedDueTypes(
  db: Knex,
  { enteId, operatorId }: { enteId: string; operatorId: string | null },
): Promise<Set<string>> {
  const query = db('ente_due_type').where({ ente_id: enteId })
  if (operatorId !== null) void query.whereRaw(mayUseDueType('?', 'ente_due_type.id'), [operatorId])
  return new Set(await valuesOf(query.pluck('code')))
}

interface MadeColumns {
  enteId: string
  operatorId: string
  dueTypes: string
}

/**
 * SQL condition with its bindings: a reader may see the file or export. An administrator sees all of the ente. An operator sees those
 * that he made, as long as he may use all the types of due in them.
 */
export function isReadable(
  { enteId, operatorId, isAdmin }: EnteReader,
  columns: MadeColumns,
): { sql: string; bindings: string[] } {
  const ofEnte = `${columns.enteId} = ?`
  if (isAdmin) return { sql: ofEnte, bindings: [enteId] }
  return {
    sql: `${ofEnte} and ${columns.operatorId} = ? and ${columns.dueTypes} <@ ${GRANTED_DUE_TYPES}`,
    bindings: [enteId, operatorId, enteId, operatorId],
  }
}

/** Narrows a query of files or exports to those that a reader may see. */
export function onlyReadable(query: Knex.QueryBuilder, reader: EnteReader, columns: MadeColumns): void {
  const { sql, bindings } = isReadable(reader, columns)
  void query.whereRaw(sql, bindings)
}
