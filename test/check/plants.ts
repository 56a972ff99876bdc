import type { Knex } from 'knex'
import { foldFigures } from '../../db/figures/keep.ts'
import { countReportingWeeks } from '../../db/figures/reporting-weeks.ts'
import type { SimState } from '../../tools/check/facts.ts'
import type { Checked } from './payments.ts'

/** Makes a change that triggers and foreign keys would refuse, so they are switched off first. */
export const sql =
  (text: string, ...bindings: string[]) =>
  async (db: Knex): Promise<void> => {
    await db.raw(`set local session_replication_role = replica`)
    await db.raw(text, bindings)
  }

/** Plants a mail of a cart that was asked for again so many times. */
const askedAgain = (times: number, cartId: string) =>
  sql(
    `insert into email_again (message_id, email_id, asked_by)
     select '<b' || n || '@x>', (select id from email where cart_id = ? limit 1), gen_random_uuid() from generate_series(1, ${times}) n`,
    cartId,
  )

/** SQL: the columns of an anomaly that somebody closed. */
const closed = (resolution: string, person = 'gen_random_uuid()'): string =>
  `state = 'closed', closed_at = now(), resolution = '${resolution}', reason = 'x', closed_by_id = ${person}`

export const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString()

export type Done = Record<'paid' | 'refused' | 'twice' | 'open' | 'halfPaid', Checked>
/** A planted violation. It is a function, because the ids of carts and dues exist only when the tests run. */
type Plant = [id: string, what: string, plant: (db: Knex, outside: SimState, done: Done) => unknown]

/** Planted violations, each with the invariant that must report it. */
export const PLANTS: Plant[] = [
  [
    'I1',
    'a payment nobody told us of',
    (_, { payments }) => payments.push({ domain: '1', iuv: '2', ccp: '3', cents: 1, at: at(1) }),
  ],
  [
    'I2',
    'a receipt never looked at',
    (db, _, done) => sql(`update receipt set handled_at = null where cart_id = ?`, done.refused.cartId)(db),
  ],
  [
    'I2',
    'money neither settled nor on the work list',
    (db) => sql(`delete from anomaly where kind = 'duplicate'`)(db),
  ],
  [
    'I3',
    'a share settled twice',
    async (db, _, done) => {
      await db.raw(`alter table settlement drop constraint settlement_pkey`)
      await sql(`insert into settlement select * from settlement where due_id = ?`, done.paid.dueId)(db)
    },
  ],
  [
    'I3',
    'two settling receipts of one RPT',
    async (db, _, done) => {
      await db.raw(`drop index receipt_settling`)
      await sql(`update receipt set settling = true where cart_id = ?`, done.twice.cartId)(db)
    },
  ],
  [
    'I4',
    'a settlement one cent short',
    (db, _, done) =>
      sql(`update settlement set importo_cents = importo_cents - 1 where due_id = ?`, done.paid.dueId)(db),
  ],
  ['I4', 'a payment one cent above its receipt', (_, { payments }) => (payments[0]!.cents += 1)],
  ['I4', 'a receipt without any payment', (_, { payments }) => payments.shift()],
  [
    'I5',
    'a paid due without settlements',
    (db, _, done) => sql(`delete from settlement where due_id = ?`, done.paid.dueId)(db),
  ],
  [
    'I5',
    'a settled due that is still payable',
    (db, _, done) => sql(`update due set state = 'payable' where id = ?`, done.paid.dueId)(db),
  ],
  [
    'I5',
    'a paid due in an open attempt',
    (db, _, done) =>
      sql(`update attempt set state = 'sent', next_check_at = now() where cart_id = ?`, done.paid.cartId)(db),
  ],
  ['I5', 'a paid due that nobody paid', (_, { payments }) => payments.shift()],
  [
    'I6',
    'a due in two open attempts',
    async (db, _, done) => {
      await sql(
        `update attempt_item set due_id = ? where attempt_id in (select id from attempt where cart_id = ?)`,
        done.open.dueId,
        done.refused.cartId,
      )(db)
      await sql(
        `update attempt set state = 'sent', next_check_at = now() where cart_id = ?`,
        done.refused.cartId,
      )(db)
    },
  ],
  ['I6', 'an RPT the node took twice', (_, { rpts }) => rpts.push(rpts[0]!)],
  ['I6', 'an RPT we do not know', (_, { rpts }) => (rpts[0] = { ...rpts[0]!, ccp: 'other' })],
  [
    'I7',
    'an attempt nobody looked at for three minutes',
    (db, _, done) =>
      sql(
        `update attempt set next_check_at = now() - interval '181 seconds' where cart_id = ?`,
        done.open.cartId,
      )(db),
  ],
  [
    'I8',
    'an acknowledged request that was not journalled',
    (db, _, done) =>
      sql(
        `delete from journal where iuv = (select iuv from attempt where cart_id = ?)`,
        done.paid.cartId,
      )(db),
  ],
  [
    'I8',
    'an OK in the journal whose document is not kept',
    (db, _, done) =>
      sql(
        `update receipt set sha256 = sha256('other'), document = 'other' where cart_id = ?`,
        done.paid.cartId,
      )(db),
  ],
  [
    'I2',
    'a receipt answered OK that nobody understood and nobody is asked about',
    (db, _, done) =>
      sql(`update receipt set outcome = null, total_cents = null where cart_id = ?`, done.refused.cartId)(db),
  ],
  ['I8', 'an acknowledged document that is not kept', (_, { replies }) => (replies[0]!.rtSha256 = '00')],
  [
    'I9',
    'an address without its mail',
    (db, _, done) => sql(`delete from email where cart_id = ?`, done.paid.cartId)(db),
  ],
  [
    'I9',
    'a mail never sent',
    (db, _, done) => sql(`update email set state = 'pending' where cart_id = ?`, done.paid.cartId)(db),
  ],
  ['I9', 'a mail said to be sent that never arrived', (_, { mails }) => mails.shift()],
  ['I9', 'a mail that arrived three times', (_, { mails }) => mails.push(mails[0]!, mails[0]!)],
  ['I9', 'a mail nobody wrote', (_, { mails }) => mails.push({ ...mails[0]!, messageId: '<x@y>' })],
  [
    'I9',
    'a mail that left again and nobody asked for',
    (db, _, done) =>
      sql(
        `insert into event (entity, entity_id, seq, kind, from_state, to_state)
         select 'email', id, 9, 'moved', 'sent', 'pending' from email where cart_id = ? limit 1`,
        done.paid.cartId,
      )(db),
  ],
  [
    'I9',
    'a mail asked for again that had never arrived',
    (db, _, done) => askedAgain(1, done.paid.cartId)(db),
  ],
  [
    'I9',
    'a mail asked for again more than three times in a day',
    (db, { mails }, done) => {
      mails.push(...[1, 2, 3, 4].map((n) => ({ ...mails[0]!, messageId: `<b${n}@x>` })))
      return askedAgain(4, done.paid.cartId)(db)
    },
  ],
  [
    'I9',
    'a mail about a receipt that decided nothing',
    (db, _, done) =>
      sql(
        `update email set receipt_id = (select id from receipt where cart_id = ? and not settling limit 1) where cart_id = ?`,
        done.twice.cartId,
        done.twice.cartId,
      )(db),
  ],
  [
    'I10',
    'a move that is in no table',
    (db, _, done) =>
      sql(`update event set from_state = 'paid' where entity_id = ? and seq = 1`, done.paid.dueId)(db),
  ],
  [
    'I10',
    'a history with a gap',
    (db, _, done) => sql(`delete from event where entity_id = ? and seq = 1`, done.paid.dueId)(db),
  ],
  [
    'I10',
    'a row its history does not lead to',
    (db, _, done) => sql(`update cart set state = 'not_paid' where id = ?`, done.open.cartId)(db),
  ],
  [
    'I13',
    'two current revisions of one flow',
    async (db) => {
      await db.raw(`drop index reporting_flow_current`)
      await db.raw(`insert into reporting_flow (ente_id, domain, flow_id, psp_id, revision, source, flow_at)
        select (select id from ente order by id limit 1), '99999900014', 'F', 'P', n, 'rest', now() from generate_series(1, 2) n`)
      await db.raw(
        `update reporting_flow set state = 'stored', is_current = true, stored_at = now() where flow_id = 'F'`,
      )
    },
  ],
  [
    'I13',
    'a flow with a cent that no row has',
    async (db) => {
      await db.raw(`insert into reporting_flow (ente_id, domain, flow_id, psp_id, revision, source, flow_at, rows_cents)
        select id, '99999900014', 'F', 'P', 1, 'rest', now(), 1 from ente order by id limit 1`)
      await db.raw(
        `update reporting_flow set state = 'stored', is_current = true, stored_at = now() where flow_id = 'F'`,
      )
    },
  ],
  [
    'I14',
    'one iud on two dues',
    async (db, _, done) => {
      await db.raw(`drop index due_ente_iud`)
      await sql(
        `update due set ente_id = o.ente_id, iud = o.iud from due o where o.id = ? and due.id = ?`,
        done.paid.dueId,
        done.refused.dueId,
      )(db)
    },
  ],
  [
    'I14',
    'one iuv on two dues',
    async (db, _, done) => {
      await db.raw(`drop index due_ente_iuv`)
      await sql(
        `update due set ente_id = o.ente_id, iuv = o.iuv from due o where o.id = ? and due.id = ?`,
        done.paid.dueId,
        done.refused.dueId,
      )(db)
    },
  ],
  [
    'I14',
    'wrong check digits',
    (db, _, done) => sql(`update due set iuv = left(iuv, 15) || '99' where id = ?`, done.paid.dueId)(db),
  ],
  [
    'I14',
    'a number generated twice',
    (db, _, done) =>
      sql(
        `update attempt set domain = '01234567890', iuv = 'RF56120100000000000010000' where cart_id in (?, ?)`,
        done.paid.cartId,
        done.refused.cartId,
      )(db),
  ],
  [
    'I16',
    'a person in an id of ours',
    (db, _, done) => sql(`update email set message_id = address where cart_id = ?`, done.paid.cartId)(db),
  ],
  [
    'I21',
    'a cart that says paid with a negative receipt',
    (db, _, done) => sql(`update cart set state = 'paid' where id = ?`, done.refused.cartId)(db),
  ],
  [
    'I21',
    'a cart that says nothing was charged, and it was',
    (db, _, done) => sql(`update cart set state = 'not_paid' where id = ?`, done.paid.cartId)(db),
  ],
  [
    'I22',
    'an anomaly closed by nobody',
    async (db) => {
      await db.raw('alter table anomaly drop constraint anomaly_signed')
      await sql(`update anomaly set ${closed('accepted', 'null')} where kind = 'duplicate'`)(db)
    },
  ],
  [
    'I22',
    'money that was accepted and belongs to no due',
    (db) => sql(`update anomaly set ${closed('accepted')} where kind = 'duplicate'`)(db),
  ],
  [
    'I22',
    'an anomaly that settled itself and still has its money',
    (db) => sql(`update anomaly set ${closed('settled')} where kind = 'duplicate'`)(db),
  ],
  [
    'I22',
    'money that was returned and never was',
    (db) =>
      sql(
        `update anomaly set ${closed('returned')}, return_reference = 'CRO', unplaced_cents = 0 where kind = 'duplicate'`,
      )(db),
  ],
  [
    'I22',
    'money that was given to no due',
    (db) => sql(`update anomaly set ${closed('given')}, unplaced_cents = 0 where kind = 'duplicate'`)(db),
  ],
  [
    'I23',
    'a payment that the figures do not count',
    (db) => sql(`delete from figure_delta where kind = 'paid'`)(db),
  ],
  [
    'I23',
    'figures that counted one due twice',
    (db) => sql(`insert into figure_delta select * from figure_delta where kind = 'open' limit 1`)(db),
  ],
  [
    'I23',
    'a due that was cancelled behind the back of the figures',
    (db, _, done) =>
      sql(`update due set state = 'cancelled', cancelled_reason = 'x' where id = ?`, done.refused.dueId)(db),
  ],
  [
    'I23',
    'figures one cent off',
    async (db) => {
      await foldFigures(db)
      await sql(`update figure set cents = cents + 1 where kind = 'paid'`)(db)
    },
  ],
  [
    'I23',
    'a week of reporting one cent off',
    async (db) => {
      await foldFigures(db)
      await countReportingWeeks(db)
      await sql(`update reporting_week set collected_cents = collected_cents + 1`)(db)
    },
  ],
  [
    'I23',
    'a week of reporting that nobody counted',
    async (db) => {
      await foldFigures(db)
      await sql(`delete from reporting_week_stale`)(db)
    },
  ],
  ['I24', 'an act that lost a due', (db, _, done) => anAct(db, done, { rows: 2 })],
  ['I24', 'an act that says it cancelled a due that it did not', (db, _, done) => anAct(db, done)],
  [
    'I24',
    'an act that cancelled a cent more than its due has',
    async (db, _, done) => {
      await cancelled(db, done)
      await anAct(db, done, { cents_done: 1 })
    },
  ],
  [
    'I24',
    'a due that two acts cancelled',
    async (db, _, done) => {
      await cancelled(db, done)
      await anAct(db, done)
      await anAct(db, done)
    },
  ],
  ['I11', 'a file that lost a row', (db, _, done) => aFlowRow(db, done, { rows_read: 3 })],
  [
    'I11',
    'a rejected row that was not kept',
    (db, _, done) => aFlowRow(db, done, { rows_read: 3, rows_rejected: 3 }),
  ],
  [
    'I11',
    'a row that wrote a due and was rejected',
    async (db, _, done) => {
      await aFlowRow(db, done, { rows_read: 2, rows_rejected: 1, rows_loaded: 1 })
      await sql(`insert into flow_reject (flow_id, row, reasons, raw)
        select flow_id, flow_row, '[]', '' from due where flow_id is not null`)(db)
    },
  ],
  [
    'I11',
    'a due that a check wrote',
    async (db, _, done) => {
      await aFlowRow(db, done, { rows_read: 1, rows_loaded: 1 })
      await sql(`alter table flow drop constraint flow_check_state, drop constraint flow_check_plain`)(db)
      await sql(`update flow set is_check = true`)(db)
    },
  ],
  [
    'I11',
    'a hole between two chunks',
    async (db, _, done) => {
      await aFlowRow(db, done, { rows_read: 2, rows_loaded: 2 })
      await sql(`insert into flow_chunk (flow_id, seq, from_byte, to_byte, first_row, rows, rejected)
        select f.id, c.seq, c.from_byte, c.from_byte + 10, c.seq + 1, 1, 0
        from flow f, (values (0, 0), (1, 11)) as c (seq, from_byte)`)(db)
    },
  ],
  [
    'I11',
    'a spreadsheet that became dues and that nobody confirmed',
    async (db, _, done) => {
      await aFlowRow(db, done, { rows_read: 2, rows_loaded: 2 })
      await sql(`update flow set source = 'sheet'`)(db)
    },
  ],
  [
    'I12',
    'an export that can be downloaded and was not written to its end',
    (db) =>
      sql(
        `insert into export (ente_id, kind, due_on, state) select id, 'expired', current_date, 'ready' from ente limit 1`,
      )(db),
  ],
  [
    'I20',
    'a due with a type of another ente',
    (db, _, done) =>
      sql(
        `update due set ente_due_type_id = (select t.id from ente_due_type t where t.ente_id <> due.ente_id limit 1)
         where id = ?`,
        done.paid.dueId,
      )(db),
  ],
]

/** Inserts a flow with these counts, of which one due comes. */
async function aFlowRow(db: Knex, done: Done, counts: Record<string, number>): Promise<void> {
  await db.raw(`alter table flow drop constraint if exists flow_check1`)
  await sql(`set local session_replication_role = replica`)(db)
  const [{ ente_id }] = (await db('due').select('ente_id').where({ id: done.paid.dueId })) as [
    { ente_id: string },
  ]
  const [{ id }] = (await db('flow')
    .insert({
      ente_id,
      base_name: 'X-Y-1_0',
      iuf: 'Y',
      format: '1_0',
      state: 'loading',
      sha256: Buffer.alloc(32),
      zip_bytes: 1,
      csv_bytes: 1,
      header: 'IUD',
      next_byte: 1,
      ...counts,
    })
    .returning('id')) as [{ id: string }]
  await sql(`update due set flow_id = ?, flow_row = 1 where id = ?`, id, done.paid.dueId)(db)
}

const cancelled = (db: Knex, done: Done): Promise<void> =>
  sql(
    `update due set state = 'cancelled', cancelled_reason = 'operator' where id = ?`,
    done.refused.dueId,
  )(db)

/** An act that says that it cancelled one due. */
async function anAct(db: Knex, done: Done, changes: Record<string, number> = {}): Promise<void> {
  await sql(
    `with act as (
       insert into bulk_act (ente_id, operator_id, kind, nonce, due_types, state, ended_at, rows, rows_done, cents, cents_done)
       select ente_id, gen_random_uuid(), 'cancel', gen_random_uuid(), '{X}', 'stopped', now(), 1, 1, importo_cents, importo_cents
       from due where id = ? returning id)
     insert into bulk_act_row (act_id, due_id, outcome) select act.id, ?, 'done' from act`,
    done.refused.dueId,
    done.refused.dueId,
  )(db)
  if (Object.keys(changes).length > 0) await db('bulk_act').update(changes)
}
