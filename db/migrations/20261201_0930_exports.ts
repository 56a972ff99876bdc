import type { Knex } from 'knex'

/** Entity, from, to…; written out, because a migration never changes while domain/ may. A test compares the two. */
const MOVES = [
  ['queued', 'running failed'],
  ['running', 'ready failed'],
  ['ready', 'deleted'],
  ['failed', 'queued'],
] as const

/**
 * Booked exports, and what they read of receipts. Fills a column of every settlement and builds an index on it: a minute per two
 * million.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table export (
  id uuid primary key default uuidv7(),
  -- In the names of files.
  number bigint generated always as identity (start with 1001) unique,
  ente_id uuid not null references ente,
  -- Null: booked by the software of the ente.
  operator_id uuid references operator,
  request_token text unique,
  kind text not null check (kind in ('paid', 'expired')),
  state text not null default 'queued',
  version int not null default 0,
  format text check (format in ('1_0', '1_1', '1_2', '1_3')),
  with_receipt boolean not null default false,
  from_on date,
  to_on date,
  due_on date,
  -- Empty: every type its operator may see.
  tipi text[] not null default '{}',
  -- Payments of which the ente is the second beneficiary.
  as_secondary boolean not null default false,
  rows int,
  -- Found and left out, because the format cannot say them.
  skipped int not null default 0,
  csv_bytes bigint,
  zip_bytes bigint,
  sha256 bytea,
  base_name text,
  error_code text,
  next_check_at timestamptz not null default now() + interval '15 seconds',
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  check ((kind = 'paid') = (format is not null and from_on is not null and to_on is not null)),
  check ((kind = 'expired') = (due_on is not null))
);
create index export_ente on export (ente_id, id desc);
create index export_open on export (next_check_at) where state in ('queued', 'running');
create index export_kept on export (ended_at) where state = 'ready';
create trigger record_birth after insert on export for each row execute function record_birth();
create trigger guard_move before update of state on export for each row execute function guard_move();

create function tell_export() returns trigger language plpgsql as $$
begin
  perform pg_notify('export', new.id::text);
  return null;
end $$;
create trigger tell_export after update on export for each row execute function tell_export();

-- What the document says, read once when it came: exports of a million rows cannot read a million documents.
alter table receipt add details jsonb;
create index receipt_unread on receipt (id) where details is null and settling;

-- The day its RT says; exports are asked by it.
alter table settlement add paid_on date;
create function settlement_day() returns trigger language plpgsql as $$
begin
  select coalesce((receipt.details -> 'items' -> (i.position - 1) ->> 'outcomeOn')::date,
      (receipt.received_at at time zone 'Europe/Rome')::date)
    into new.paid_on
  from receipt left join attempt_item i on i.attempt_id = receipt.attempt_id and i.share_id = new.share_id where receipt.id = new.receipt_id;
  return new;
end $$;
create trigger settlement_day before insert on settlement for each row execute function settlement_day();
update settlement s set paid_on = (receipt.received_at at time zone 'Europe/Rome')::date from receipt where receipt.id = s.receipt_id;
create index settlement_paid_on on settlement (paid_on, share_id);

create view c_export as
  select id, kind, state, rows, csv_bytes, encode(sha256, 'hex') as sha256 from export;

create or replace view c_state as
  select 'cart' as entity, id, state, version from cart
  union all select 'attempt', id, state, version from attempt
  union all select 'due', id, state, version from due
  union all select 'email', id, state, version from email
  union all select 'ente', id, state, version from ente
  union all select 'flow', id, state, version from flow
  union all select 'export', id, state, version from export;

alter table email add export_id uuid references export;
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check
  check (kind in ('receipt', 'link', 'code', 'deferred', 'flow', 'export'));
alter table email add constraint email_export_check check ((kind = 'export') = (export_id is not null));
`)
  await knex('state_move').insert(
    MOVES.flatMap(([from, targets]) =>
      targets.split(' ').map((to) => ({ entity: 'export', from_state: from, to_state: to })),
    ),
  )
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
