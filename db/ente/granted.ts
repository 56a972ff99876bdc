import type { Knex } from 'knex'

/** Whoever looks at the things of an ente. */
export interface EnteReader {
  enteId: string
  operatorId: string
  /** Of the ente or of the region. */
  isAdmin: boolean
}

/** Codes of the types of an ente that somebody may use now; worked out once for a statement, not for each of its rows. */
export const GRANTED_DUE_TYPES =
  'array(select code from ente_due_type where ente_id = ? and may_use_due_type(?, id))'

/** @param operatorId null: software of the ente, which may use all of its types */
export async function grantedDueTypes(
  db: Knex,
  { enteId, operatorId }: { enteId: string; operatorId: string | null },
): Promise<Set<string>> {
  const query = db('ente_due_type').where({ ente_id: enteId })
  if (operatorId !== null) void query.whereRaw('may_use_due_type(?, id)', [operatorId])
  return new Set((await query.pluck('code')) as string[])
}

/**
 * Narrows files or exports to those that a reader may see: every one of the ente for its administrators; else his own, as long as he
 * may use all the types that they hold.
 */
export function onlyReadable(
  query: Knex.QueryBuilder,
  { enteId, operatorId, isAdmin }: EnteReader,
  columns: { enteId: string; operatorId: string; dueTypes: string },
): void {
  void query.where(columns.enteId, enteId)
  if (isAdmin) return
  void query.where(columns.operatorId, operatorId)
  void query.whereRaw(`${columns.dueTypes} <@ ${GRANTED_DUE_TYPES}`, [enteId, operatorId])
}
