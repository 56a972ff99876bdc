import type { Knex } from 'knex'

/** What the money checker reads: stable names over tables that may change. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create view c_due as
  select d.id, e.codice_fiscale as ente, d.iud, d.iuv, d.state, d.importo_cents as cents
  from due d join ente e on e.id = d.ente_id;

-- "cart" is what the citizen sees as one payment.
create view c_attempt as
  select r.id, r.domain as ente, r.iuv, r.attempt_code as ccp, r.cart_id as cart, r.state, r.total_cents as cents,
    r.state in ('created', 'sent') as open, r.forced_reason as forced, r.next_check_at as deadline,
    array(select distinct i.due_id from attempt_item i where i.attempt_id = r.id) as dues
  from attempt r;

create view c_receipt as
  select id, domain as ente, iuv, attempt_code as ccp, attempt_id as attempt, outcome, total_cents as cents,
    coalesce(outcome in ('paid', 'partly_paid', 'timed_out_partly'), false) as positive, encode(sha256, 'hex') as sha256, settling, answer,
    addresses, received_at, handled_at
  from receipt;

create view c_share as
  select id, due_id as due, domain as ente, importo_cents as cents from due_share;

create view c_settlement as
  select share_id as share, due_id as due, receipt_id as receipt, reported_row_id as reported_row, importo_cents as cents from settlement;

create view c_anomaly as
  select id, kind, receipt_id as receipt, due_id as due, unplaced_cents as cents, closed_at from anomaly;

-- Every message kept: the whole request as it was on the wire, and the document in it.
create view c_inbox as
  select id, operation as op, concat_ws('|', domain, iuv, attempt_code) as key, encode(sha256(request), 'hex') as sha256,
    at as acked_at, null::timestamptz as handled_at
  from journal where direction = 'in' and request is not null
  union all
  select id, 'receipt', concat_ws('|', domain, iuv, attempt_code), encode(sha256, 'hex'), received_at, handled_at from receipt;

create view c_mail as
  select id, cart_id as cart, receipt_id as receipt, kind, address, message_id, state, tries, created_at from email;

create view c_event as
  select entity, entity_id as id, seq, from_state, to_state from event where seq is not null
  union all
  select 'due', d.id, 0, null, 'payable' from due d
  where d.flow_id is not null
    and not exists (select from event e where e.entity = 'due' and e.entity_id = d.id and e.seq = 0);

-- The current row of everything that has a state, to compare with its history.
create view c_state as
  select 'cart' as entity, id, state, version from cart
  union all select 'attempt', id, state, version from attempt
  union all select 'due', id, state, version from due
  union all select 'email', id, state, version from email
  union all select 'ente', id, state, version from ente
  union all select 'flow', id, state, version from flow
  union all select 'export', id, state, version from export
  union all select 'approval', id, state, version from approval;

create view c_import as
  select f.id, f.state, f.rows_read as lines, f.rows_loaded + f.rows_changed + f.rows_cancelled as ok,
    f.rows_rejected as rejected, f.rows_unchanged as unchanged, f.chunks, f.next_byte, f.csv_bytes
  from flow f;

create view c_export as
  select id, kind, state, rows, csv_bytes, encode(sha256, 'hex') as sha256 from export;

-- Each receipt that was answered OK, with the digest of the document inside its request, worked out from the bytes on the wire. The
-- digest is null where SQL cannot find the document in them (UTF-16, CDATA, character references): then only the key is compared.
create function base64_digest(text text) returns text language sql immutable as $$
  select case when text ~ '^[A-Za-z0-9+/]*={0,2}$' and length(text) % 4 = 0
    then encode(sha256(decode(text, 'base64')), 'hex') end
$$;

create view c_acknowledged as
  select id, concat_ws('|', domain, iuv, attempt_code) as key, at,
    base64_digest(translate(substring(convert_from(request, 'LATIN1')
      from '<(?:[A-Za-z_][\\w.-]*:)?rt(?:[ \\t\\r\\n][^>]*)?>([^<&]*)</'), E' \\t\\r\\n', '')) as sha256
  from journal where direction = 'in' and operation = 'paaInviaRT' and outcome = 'OK';
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
