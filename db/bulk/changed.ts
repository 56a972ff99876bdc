import type { Knex } from 'knex'
import type { DueReader } from '../due/dues.ts'
import { foundBy, type DueFilter } from '../due/search.ts'
import type { Selection } from './ask.ts'
import { WHY_LEFT } from './why-left.ts'

/** A due that makes a result another one than a person saw. */
export interface ChangedDue {
  how: 'new' | 'changed' | 'gone'
  causale: string
  anagrafica: string
  importoCents: number
}

const SHOWN = 5

/** The first dues that came into a selection, changed in it or left it since an instant. */
export async function changedSince(
  db: Knex,
  reader: DueReader,
  selection: Selection,
  seenAt: string,
): Promise<ChangedDue[]> {
  const [came, gone] = await Promise.all([
    cameSince(db, reader, selection, seenAt),
    goneSince(db, reader, selection, seenAt),
  ])
  return [...came, ...gone].slice(0, SHOWN)
}

const NAMED = `d.causale, d.pagatore ->> 'anagrafica' as anagrafica, d.importo_cents as "importoCents"`

async function cameSince(
  db: Knex,
  reader: DueReader,
  { kind, filter }: Selection,
  seenAt: string,
): Promise<ChangedDue[]> {
  const { sql, bindings } = foundBy(filter, reader)
  const { rows } = await db.raw<{ rows: ChangedDue[] }>(
    `select case when d.created_at > ?::timestamptz then 'new' else 'changed' end as how, ${NAMED}
     from due d join ente_due_type t on t.id = d.ente_due_type_id
     where ${sql} and d.changed_at > ?::timestamptz and ${WHY_LEFT[kind]} is null order by d.changed_at desc limit ?`,
    [seenAt, ...bindings, seenAt, SHOWN],
  )
  return rows
}

/** Dues that fit the search but for their state, because they were paid or cancelled since. */
async function goneSince(
  db: Knex,
  reader: DueReader,
  { filter }: Selection,
  seenAt: string,
): Promise<ChangedDue[]> {
  if (filter.tab === 'closed') return []
  const closed: DueFilter = { ...filter, tab: 'closed', state: undefined, from: undefined, to: undefined }
  const { sql, bindings } = foundBy(closed, reader)
  const { rows } = await db.raw<{ rows: ChangedDue[] }>(
    `select 'gone' as how, ${NAMED} from due d join ente_due_type t on t.id = d.ente_due_type_id
     where ${sql} and d.changed_at > ?::timestamptz order by d.changed_at desc limit ?`,
    [...bindings, seenAt, SHOWN],
  )
  return rows
}
