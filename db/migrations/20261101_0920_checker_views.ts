import type { Knex } from 'knex'

/** What the money checker reads: stable names over tables that may change. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create view c_due as
  select d.id, e.codice_fiscale as ente, d.iud, d.iuv, d.state, d.importo_cents as cents
  from due d join ente e on e.id = d.ente_id;

-- One attempt per RPT; "cart" is what the citizen sees as one payment.
create view c_attempt as
  select r.id, r.domain as ente, r.iuv, r.ccp, r.cart_id as cart, r.state, r.total_cents as cents,
    r.state in ('created', 'sent') as open, r.forced_reason as forced, r.next_check_at as deadline,
    array(select distinct i.due_id from attempt_item i where i.attempt_id = r.id) as dues
  from attempt r;

create view c_receipt as
  select id, domain as ente, iuv, ccp, attempt_id as attempt, outcome, total_cents as cents,
    coalesce(outcome in ('paid', 'partly_paid', 'timed_out_partly'), false) as positive, encode(sha256, 'hex') as sha256, settling, answer,
    addresses, received_at, handled_at
  from receipt;

create view c_share as
  select id, due_id as due, domain as ente, importo_cents as cents from due_share;

create view c_settlement as
  select share_id as share, due_id as due, receipt_id as receipt, importo_cents as cents from settlement;

create view c_anomaly as
  select id, kind, receipt_id as receipt, due_id as due, unplaced_cents as cents, closed_at from anomaly;

-- Every message kept: the whole request as it was on the wire, and the document in it.
create view c_inbox as
  select id, operation as op, concat_ws('|', domain, iuv, ccp) as key, encode(sha256(request), 'hex') as sha256,
    at as acked_at, null::timestamptz as handled_at
  from journal where direction = 'in' and request is not null
  union all
  select id, 'receipt', concat_ws('|', domain, iuv, ccp), encode(sha256, 'hex'), received_at, handled_at from receipt;

create view c_mail as
  select id, cart_id as cart, receipt_id as receipt, kind, address, message_id, state, tries, created_at from email;

create view c_event as
  select entity, entity_id as id, seq, from_state, to_state from event where seq is not null;

-- The current row of everything that has a state, to compare with its history.
create view c_state as
  select 'cart' as entity, id, state, version from cart
  union all select 'attempt', id, state, version from attempt
  union all select 'due', id, state, version from due
  union all select 'email', id, state, version from email
  union all select 'ente', id, state, version from ente;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
