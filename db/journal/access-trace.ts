import type { Knex } from 'knex'
import { signedBy, type Actor } from './event.ts'
import { containing } from '../ground/like.ts'
import { uuidv7 } from '../ground/uuid.ts'

/** Ways in which operators and support come to see personal data. */
export type AccessKind =
  | 'due'
  | 'payment'
  | 'message'
  | 'search'
  | 'register'
  | 'csv'
  | 'export'
  | 'file'
  | 'notice'
  | 'receipt'
  | 'document'

/** Whose data were seen: of the enti named, of those of a cart's dues, of the one of a domain. */
interface Whose {
  enteIds?: readonly string[]
  cartId?: string | null
  domain?: string | null
}

export interface Access extends Whose {
  /** Absent: whoever held a link that was its own permission. */
  by: Actor | undefined
  what: AccessKind
  /** What was opened; a search or a list is nothing that has an id. */
  of?: { entity: 'due' | 'cart' | 'flow' | 'export' | 'journal'; id: string }
  /** Hash of the person searched for: never the code or the name. */
  person?: string | undefined
  /** Which file, which document. */
  detail?: string
}

/** One event, written before the data leaves. One statement. */
export async function noteAccess(
  db: Knex,
  { by, what, of, person, detail, enteIds = [], cartId = null, domain = null }: Access,
): Promise<void> {
  const data = { ...(by ? signedBy(by) : {}), what, person, detail }
  const { entity, id } = of ?? { entity: 'search', id: uuidv7() }
  await db.raw(
    `insert into event (entity, entity_id, kind, data)
     select ?, ?, 'accessed', ?::jsonb || jsonb_build_object('enti', coalesce(jsonb_agg(e.id), '[]'))
     from (select unnest(?::uuid[]) as id
       union select d.ente_id from cart_item i join due d on d.id = i.due_id where i.cart_id = ?
       union select id from ente where codice_fiscale = ?) e`,
    [entity, id, JSON.stringify(data), [...enteIds], cartId, domain],
  )
}

/** What the register is asked for; absent filters nothing. */
export interface AccessFilter {
  /** Only accesses to data of these enti. */
  enteIds: readonly string[] | undefined
  /** A fiscal code, and the hash under which searches for it are kept. */
  person: { code: string; hash: string } | undefined
  /** Part of a name, a fiscal code, or the code that pages show of an operator. */
  operator: string | undefined
  /** Days in Rome, both included. */
  from: string | undefined
  to: string | undefined
}

export interface AccessRow {
  id: number
  at: string
  data: { by?: string; byId?: string; what: AccessKind; detail?: string }
  /** What was opened, as people call it; null for a search. */
  about: string | null
  enti: string | null
}

type Condition = [sql: string, ...bindings: Knex.Value[]]

/** Newest first, one page from after a given event on. */
export async function searchAccesses(
  db: Knex,
  filter: AccessFilter,
  { after, limit }: { after: number | undefined; limit: number },
): Promise<AccessRow[]> {
  const conditions = conditionsOf(filter, after)
  const { rows } = await db.raw<{ rows: AccessRow[] }>(
    `select f.id, f.at, f.data, coalesce('IUD ' || d.iud, w.base_name, x.base_name, case f.entity when 'cart' then 'pagamento ' || f.entity_id end) as about,
       (select string_agg(e.name, ', ' order by e.name) from ente e
        where e.id in (select value::uuid from jsonb_array_elements_text(f.data -> 'enti'))) as enti
     from (select e.id, e.at, e.entity, e.entity_id, e.data from event e
         where e.kind = 'accessed' ${conditions.map(([sql]) => `and ${sql}`).join(' ')}
         order by e.id desc limit ?) f
       left join due d on f.entity = 'due' and d.id = f.entity_id
       left join flow w on f.entity = 'flow' and w.id = f.entity_id
       left join export x on f.entity = 'export' and x.id = f.entity_id
     order by f.id desc`,
    [...conditions.flatMap(([, ...bindings]) => bindings), limit],
  )
  return rows
}

function conditionsOf(
  { enteIds, person, operator, from, to }: AccessFilter,
  after: number | undefined,
): Condition[] {
  const found: (Condition | undefined)[] = [
    enteIds && [`e.data -> 'enti' \\?| ?::text[]`, [...enteIds]],
    person && [OF_PERSON, person.hash, ...Array<string>(4).fill(person.code)],
    operator === undefined ? undefined : [BY_OPERATOR, operator, containing(operator), operator],
    from === undefined ? undefined : [`e.at >= (?::date::timestamp at time zone 'Europe/Rome')`, from],
    to === undefined ? undefined : [`e.at < ((?::date + 1)::timestamp at time zone 'Europe/Rome')`, to],
    after === undefined ? undefined : ['e.id < ?', after],
  ]
  return found.filter((condition): condition is Condition => condition !== undefined)
}

const BY_OPERATOR = `e.data ->> 'byId' = any (array(select id::text from operator
  where codice_fiscale = upper(?) or name ilike ? or right(id::text, 8) = lower(?)))`

/** Searches for a person, and what was opened of the person's dues, of their payments and of the files that hold them. */
const OF_PERSON = `e.id in (
  select id from event where kind = 'accessed' and data ->> 'person' = ?
  union all
  select id from event where kind = 'accessed' and entity_id = any (array(
    select id from due where pagatore_codice = ?
    union select flow_id from due where pagatore_codice = ? and flow_id is not null
    union select i.cart_id from due d join cart_item i on i.due_id = d.id where d.pagatore_codice = ?
    union select id from cart where versante_codice = ? and begun_at is not null)))`
