import type { Knex } from 'knex'
import { signedBy, type Actor } from './event.ts'
import { containing } from '../ground/like.ts'
import { uuidv7 } from '../ground/uuid.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'

/** The kinds of access of operators and support to personal data. */
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
  | 'anomaly'
  | 'bulk'
  | 'reporting'

/** The enti whose data were seen: those with these ids, those of the dues of a cart, and the one with this domain. */
interface Whose {
  enteIds?: readonly string[]
  cartId?: string | null
  domain?: string | null
}

export interface Access extends Whose {
  /** Undefined for a link that needs no sign-in. */
  by: Actor | undefined
  what: AccessKind
  /** The row that was opened; absent for a search or a list, which have no id. */
  of?: {
    entity:
      | 'due'
      | 'cart'
      | 'flow'
      | 'draft'
      | 'export'
      | 'journal'
      | 'anomaly'
      | 'bulk_act'
      | 'reporting_flow'
      | 'treasury_file'
      | 'quadratura'
    id: string
  }
  /** Keyed hash of the person that was searched for. The code and the name are never stored. */
  person?: string | undefined
  /** The file or document. */
  detail?: string
}

/** Stores the event of an access, in one statement. Called before the data is sent. */
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

/** The filter of the register of accesses. */
export interface AccessFilter {
  /** Only accesses to data of these enti. */
  enteIds: readonly string[] | undefined
  /** A codice fiscale, and the hash under which searches for it are stored. */
  person: { code: string; hash: string } | undefined
  /** A part of a name, a codice fiscale, or the last 8 characters of the operator's id, which pages show. */
  operator: string | undefined
  /** Days in Rome, both included. */
  from: string | undefined
  to: string | undefined
}

export interface AccessRow {
  id: number
  at: string
  data: { by?: string; byId?: string; what: AccessKind; detail?: string }
  /** The name that people use for what was opened; null for a search. */
  about: string | null
  enti: string | null
}

type Condition = [sql: string, ...bindings: Knex.Value[]]

/** One page of accesses, the newest first. */
export async function searchAccesses(
  db: Knex,
  filter: AccessFilter,
  turn: Turn<number>,
): Promise<AccessRow[]> {
  const { order } = reading(turn, 'desc')
  const conditions = conditionsOf(filter, turn)
  const { rows } = await db.raw<{ rows: AccessRow[] }>(
    `select f.id, f.at, f.data, coalesce('IUD ' || d.iud, w.base_name, x.base_name, case f.entity when 'cart' then 'pagamento ' || f.entity_id
         when 'bulk_act' then (select 'operazione n. ' || b.number from bulk_act b where b.id = f.entity_id)
         when 'reporting_flow' then (select 'flusso ' || r.flow_id from reporting_flow r where r.id = f.entity_id)
         when 'quadratura' then (select 'quadratura ' || u.quadratura_id from quadratura u where u.id = f.entity_id)
         when 'treasury_file' then (select 'file ' || y.file_name from treasury_file y where y.id = f.entity_id)
         when 'anomaly' then (select 'IUV ' || r.iuv from anomaly a join receipt r on r.id = a.receipt_id where a.id = f.entity_id) end) as about,
       (select string_agg(e.name, ', ' order by e.name) from ente e
        where e.id in (select value::uuid from jsonb_array_elements_text(f.data -> 'enti'))) as enti
     from (select e.id, e.at, e.entity, e.entity_id, e.data from event e
         where e.kind = 'accessed' ${conditions.map(([sql]) => `and ${sql}`).join(' ')}
         order by e.id ${order} limit ?) f
       left join due d on f.entity = 'due' and d.id = f.entity_id
       left join flow w on f.entity = 'flow' and w.id = f.entity_id
       left join export x on f.entity = 'export' and x.id = f.entity_id
     order by f.id ${order}`,
    [...conditions.flatMap(([, ...bindings]) => bindings), turn.limit],
  )
  return inOrder(turn, rows)
}

function conditionsOf(
  { enteIds, person, operator, from, to }: AccessFilter,
  turn: Turn<number>,
): Condition[] {
  const found: (Condition | undefined)[] = [
    enteIds && [`e.data -> 'enti' \\?| ?::text[]`, [...enteIds]],
    person && [ABOUT_PERSON, person.hash, ...Array<string>(5).fill(person.code)],
    operator === undefined ? undefined : [BY_OPERATOR, operator, containing(operator), operator],
    from === undefined ? undefined : [`e.at ${FROM_DAY}`, from],
    to === undefined ? undefined : [`e.at ${UP_TO_DAY}`, to],
    turn.place === undefined ? undefined : [`e.id ${reading(turn, 'desc').beyond} ?`, turn.place],
  ]
  return found.filter((condition): condition is Condition => condition !== undefined)
}

const BY_OPERATOR = `e.data ->> 'byId' = any (array(select id::text from operator
  where codice_fiscale = upper(?) or name ilike ? or right(id::text, 8) = lower(?)))`

/**
 * SQL condition: searches for a person, and accesses to the person's dues, to their payments and to the files and acts on many dues that
 * contain them.
 */
const ABOUT_PERSON = `e.id in (
  select id from event where kind = 'accessed' and data ->> 'person' = ?
  union all
  select id from event where kind = 'accessed' and entity_id = any (array(
    select id from due where pagatore_codice = ?
    union select flow_id from due where pagatore_codice = ? and flow_id is not null
    union select b.act_id from due d join bulk_act_row b on b.due_id = d.id where d.pagatore_codice = ?
    union select i.cart_id from due d join cart_item i on i.due_id = d.id where d.pagatore_codice = ?
    union select id from cart where versante_codice = ? and begun_at is not null)))`
