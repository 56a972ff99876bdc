import type { Knex } from 'knex'

/** Queries with one line for each object of the schema, without names that PostgreSQL chooses and objects of extensions. */
const PARTS: readonly string[] = [
  `select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
     || case when a.attnotnull then ' not null' else '' end
     || case when a.attidentity <> '' then ' identity' else '' end
     || coalesce(case when a.attgenerated <> '' then ' generated ' else ' default ' end || pg_get_expr(d.adbin, d.adrelid), '')
   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
  `select 'constraint ' || c.relname || ' ' || pg_get_constraintdef(k.oid)
   from pg_constraint k join pg_class c on c.oid = k.conrelid
   where c.relnamespace = 'public'::regnamespace and not c.relispartition and k.contype <> 'n'`,
  `select regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE', 'index')
   from pg_index i join pg_class c on c.oid = i.indrelid
   where c.relnamespace = 'public'::regnamespace and not c.relispartition
     and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
  `select regexp_replace(pg_get_triggerdef(t.oid), '^CREATE', 'trigger')
   from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and not c.relispartition`,
  `select 'view ' || c.relname || ' ' || pg_get_viewdef(c.oid) from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
     and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`,
  `select 'function ' || pg_get_functiondef(p.oid) from pg_proc p where p.pronamespace = 'public'::regnamespace
     and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  `select 'move ' || entity || ' ' || from_state || ' -> ' || to_state from state_move`,
  `select 'taxonomy ' || code || ' ' || name from taxonomy`,
]

/** The schema of a database as text, in an order that does not depend on the order of its migrations. */
export async function catalogOf(db: Knex): Promise<string> {
  const lines: string[] = []
  for (const part of PARTS) {
    const { rows } = await db.raw<{ rows: { line: string }[] }>(`select x.line from (${part}) x(line)`)
    lines.push(...rows.map(({ line }) => line.replaceAll(/\s+/g, ' ').trim()))
  }
  return `${lines.sort().join('\n')}\n`
}
