import type { Knex } from 'knex'
import type { Doubt } from '../../domain/payment/known.ts'
import type { NotAgain } from '../../domain/mail-again.ts'
import type { SheetNumbers } from '../../domain/flow/sheet/numbers.ts'
import type { Person } from '../../domain/person.ts'
import type { AttemptState, DueState } from '../../domain/states.ts'
import { signedBy, type Actor } from '../journal/event.ts'
import { GRANTED_DUE_TYPES, type EnteReader, mayUseDueType } from '../ente/due-type-access.ts'
import { WHY_NOT_AGAIN } from '../mail/again.ts'
import { DUE_DOUBT, SAYS_MONEY_MOVED } from '../payment/known.ts'
import { rowsOf } from '../ground/rows.ts'

/** An operator who reads dues of an ente. He sees the dues of the types that he may use. */
export type DueReader = Pick<EnteReader, 'enteId' | 'operatorId'>

export interface DueRow extends Doubt {
  id: string
  iud: string
  iuv: string | null
  /** The IUV under which a due without one of its own was paid. */
  paidIuv: string | null
  codice: string
  anagrafica: string
  causale: string
  importoCents: number
  dueOn: string | null
  state: DueState
  isExpired: boolean
  hasSecondary: boolean
  /** True when a citizen asked for it, so that it may exist only in the cart. */
  spontaneous: boolean
  dueTypeCode: string
  dueTypeName: string
  changedAt: string
}

/** SQL: the columns of a `DueRow` of a due `d` with its type `t` and its `doubt`. */
export const COLUMNS = `d.id, d.iud, d.iuv, d.pagatore_codice as codice, d.pagatore ->> 'anagrafica' as anagrafica, d.causale,
  d.importo_cents as "importoCents", d.due_on as "dueOn", d.state, is_expired(d.due_on, t.due_on_binding) as "isExpired",
  exists (select from due_share s where s.due_id = d.id and s.position = 2) as "hasSecondary",
  case when d.iuv is null and d.state = 'paid' then (select r.iuv from attempt_item i join attempt r on r.id = i.attempt_id
    where i.due_id = d.id and r.state = 'paid' order by r.id desc limit 1) end as "paidIuv",
  d.spontaneous, t.code as "dueTypeCode", t.name as "dueTypeName", d.changed_at as "changedAt", doubt."unplacedCents", doubt."isUnclear"`

/** A condition of SQL with the values of its places. */
export type Condition = [sql: string, bindings: readonly Knex.RawBinding[]]

/**
 * SQL conditions: the dues `d` of this ente that this operator may see. The array lets PostgreSQL check the right once per type of due, which
 * are few, and not once per due; a join would let it guess that most types are not his, and read the whole table for the rest.
 */
export const readable = ({ enteId, operatorId }: DueReader): Condition[] => [
  ['d.ente_id = ?', [enteId]],
  [
    `d.ente_due_type_id = any (array(select u.id from ente_due_type u where u.ente_id = ? and ${mayUseDueType('?', 'u.id')}))`,
    [enteId, operatorId],
  ],
]

/** A due with everything its page shows. */
export interface DueDetail extends DueRow {
  pagatore: Person
  bilancio: string | null
  /** The ente's application code, which the number of a notice with an old IUV contains. */
  applicationCode: string | null
  tipoVersamento: string
  commissioneCents: number | null
  generatesIuv: boolean
  cancelledReason: string | null
  flowId: string | null
  flowName: string | null
  /** True when the reader sent the file and may use all its types, so that he may open its page. */
  isOwnFlow: boolean
  flowRow: number | null
  flowSource: string | null
  sheetRows: SheetNumbers | null
  createdAt: string
  /** Cents of its shares that are settled. */
  settledCents: number
  shares: {
    position: 1 | 2
    domain: string
    name: string
    iban: string
    cents: number
    datiSpecifici: string
    causale: string
    address: Record<string, string> | null
  }[]
  attempts: {
    cartId: string
    iuv: string
    attemptCode: string
    state: AttemptState
    requestedAt: string
    receiptId: string | null
    hasReceipt: boolean
    /** The reader may see all dues of its cart. */
    isCartSeen: boolean
  }[]
}

/** A due that this reader may see; undefined when it is of another ente, or of a type that he may not use. */
export async function findDue(db: Knex, reader: DueReader, id: string): Promise<DueDetail | undefined> {
  const conditions = readable(reader)
  const { rows } = await db.raw<{ rows: DueDetail[] }>(
    `select ${COLUMNS}, d.pagatore, d.bilancio,
       (select e.application_code from ente e where e.id = d.ente_id) as "applicationCode",
       d.tipo_versamento as "tipoVersamento", d.commissione_cents as "commissioneCents", d.generates_iuv as "generatesIuv",
       d.cancelled_reason as "cancelledReason", d.flow_id as "flowId", f.base_name as "flowName",
       coalesce(f.operator_id = ? and f.due_types <@ ${GRANTED_DUE_TYPES}, false) as "isOwnFlow", d.flow_row as "flowRow",
       f.source as "flowSource", f.sheet_rows as "sheetRows", d.created_at as "createdAt",
       coalesce((select sum(importo_cents) from settlement where due_id = d.id), 0)::bigint as "settledCents",
       (select jsonb_agg(jsonb_build_object('position', s.position, 'domain', s.domain, 'name', s.ente_name, 'iban', s.iban,
          'cents', s.importo_cents, 'datiSpecifici', s.dati_specifici_riscossione, 'causale', s.causale,
          'address', s.address) order by s.position) from due_share s where s.due_id = d.id) as shares,
       coalesce((select jsonb_agg(jsonb_build_object('cartId', r.cart_id, 'iuv', r.iuv, 'attemptCode', r.attempt_code, 'state', r.state,
          'requestedAt', r.created_at, 'receiptId', receipt.id, 'hasReceipt', coalesce(${SAYS_MONEY_MOVED}, false)
            -- A receipt may be about several dues. The reader gets it only if he may see all of them.
            and not exists (select from attempt_item i join due o on o.id = i.due_id
              where i.attempt_id = r.id and not ${mayUseDueType('?', 'o.ente_due_type_id')}),
          'isCartSeen', not exists (select from cart_item i join due o on o.id = i.due_id
              where i.cart_id = r.cart_id and not ${mayUseDueType('?', 'o.ente_due_type_id')}))
          order by r.created_at desc)
         from attempt r left join receipt on receipt.attempt_id = r.id and receipt.settling
         where r.id in (select attempt_id from attempt_item where due_id = d.id)), '[]') as attempts
     from due d join ente_due_type t on t.id = d.ente_due_type_id left join flow f on f.id = d.flow_id
       ${DUE_DOUBT}
     where ${conditions.map(([sql]) => sql).join(' and ')} and d.id = ?`,
    [
      ...[reader.operatorId, reader.enteId, reader.operatorId, reader.operatorId, reader.operatorId],
      ...conditions.flatMap(([, bindings]) => bindings),
      id,
    ],
  )
  return rows[0]
}

export interface DueEvent {
  at: string
  kind: string
  toState: string | null
  data: Record<string, unknown>
}

/** The history of a due, the oldest event first. Accesses are left out, because they have a register of their own. */
export const dueEvents = (db: Knex, id: string): Promise<DueEvent[]> =>
  rowsOf<DueEvent>(
    db('event')
      .select({ at: 'at', kind: 'kind', toState: 'to_state', data: 'data' })
      .where({ entity: 'due', entity_id: id })
      .whereNot({ kind: 'accessed' })
      .orderBy('id'),
  )

/** A message about a due, without its content: a mail with a receipt of it, or a message exchanged with the node. */
export interface DueMessage {
  at: string
  kind: 'mail' | 'node_in' | 'node_out'
  /** The address of a mail, or the operation of a message of the node. */
  about: string
  /** The state of a mail, or the outcome of a message of the node. */
  outcome: string
  /** The receipt of a mail says that money moved; null for a message. */
  saysPaid: boolean | null
  /** Of a mail: its id, the cart of its receipt, and why it cannot be asked for again; null for a message. */
  mail: { id: string; cartId: string; whyNotAgain: NotAgain | null } | null
}

/** The newest `limit` messages about a due, the newest first. */
export async function dueMessages(db: Knex, id: string, limit: number): Promise<DueMessage[]> {
  const { rows } = await db.raw<{ rows: DueMessage[] }>(
    `with tried as (select r.id, r.domain, r.iuv, r.cart_id from attempt_item i join attempt r on r.id = i.attempt_id where i.due_id = ?)
     (select coalesce(m.sent_at, m.created_at) as at, 'mail' as kind, m.address as about, m.state as outcome, coalesce(receipt.total_cents > 0, false) as "saysPaid",
        jsonb_build_object('id', m.id, 'cartId', m.cart_id, 'whyNotAgain', ${WHY_NOT_AGAIN}) as mail
        from email m join receipt on receipt.id = m.receipt_id where receipt.attempt_id in (select id from tried))
     union all
     (select j.at, 'node_' || j.direction, j.operation, j.outcome, null, null
        from (select distinct domain, iuv from tried) t join journal j on j.iuv = t.iuv and j.domain = t.domain
        order by j.at desc limit ?)
     union all
     -- Messages about the whole cart. Messages about its other attempts are left out, because those are about other dues.
     (select j.at, 'node_' || j.direction, j.operation, j.outcome, null, null
        from (select distinct cart_id from tried) t join journal j on j.cart_id = t.cart_id and j.iuv is null
        order by j.at desc limit ?)
     order by at desc limit ?`,
    [id, limit, limit, limit],
  )
  return rows
}

/** The field of a type's form that gives the amount. */
export type AmountKind = 'amount_fixed' | 'amount_typed' | 'amount_computed'

/** The active types of due that this reader may use, in order of name. */
export async function dueTypesOf(
  db: Knex,
  reader: DueReader,
): Promise<{ code: string; name: string; datiSpecifici: string; amountKind: AmountKind | null }[]> {
  return db('ente_due_type')
    .select({
      code: 'code',
      name: 'name',
      datiSpecifici: 'dati_specifici_riscossione',
      amountKind: db.raw(
        `(select field ->> 'kind' from jsonb_array_elements(form -> 'fields') field where field ->> 'kind' like 'amount%' limit 1)`,
      ),
    })
    .where({ ente_id: reader.enteId, active: true })
    .whereRaw(mayUseDueType('?', 'ente_due_type.id'), [reader.operatorId])
    .orderBy('name')
}

/**
 * Cancels a due if it is payable; otherwise returns its state and changes nothing. The lock decides between this and a payment that
 * begins at the same moment.
 */
export async function cancelDue(
  db: Knex,
  { id, by, why = null }: { id: string; by: Actor; why?: string | null },
): Promise<'cancelled' | DueState> {
  return db.transaction(async (trx) => {
    const note = { ...signedBy(by), ...(why === null ? {} : { why }) }
    const kept = await cancelPayable(trx, [id], note)
    return kept.get(id) ?? 'cancelled'
  })
}

/** The state of a due that is not cancelled, because it is not payable. */
type KeptState = Exclude<DueState, 'payable'>

/**
 * Cancels those of these dues that are payable, for a person. Returns the states of the others, which stay as they are. It locks in the
 * order of ids, as payments do.
 * @param note who cancels and why, and by which act on many dues, if it is one
 */
export async function cancelPayable(
  trx: Knex,
  ids: readonly string[],
  note: Record<string, unknown>,
): Promise<Map<string, KeptState>> {
  const { rows } = await trx.raw<{ rows: { id: string; state: DueState }[] }>(
    'select id, state from due where id = any (?::uuid[]) order by id for no key update',
    [[...ids]],
  )
  await trx.raw(
    `with cancelled as (update due set state = 'cancelled', cancelled_reason = 'operator'
       where id = any (?::uuid[]) and state = 'payable' returning id)
     insert into event (entity, entity_id, kind, data) select 'due', id, 'cancelled_by', ?::jsonb from cancelled order by id`,
    [[...ids], JSON.stringify(note)],
  )
  return new Map(rows.flatMap(({ id, state }) => (state === 'payable' ? [] : [[id, state] as const])))
}
