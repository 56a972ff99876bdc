import type { Knex } from 'knex'

/** Booked exports of payments and of expired dues. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table export (
  id uuid primary key default uuidv7(),
  -- In the names of its files.
  number bigint generated always as identity (start with 1001) unique,
  ente_id uuid not null references ente,
  -- Null when the software of the ente booked it.
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
  due_types text[] not null default '{}',
  -- Codes of the types of the rows in the file, once it is there: an operator who may not use one of them does not see the file.
  held_due_types text[],
  -- Payments of which the ente is the second beneficiary.
  as_secondary boolean not null default false,
  -- Counted before the first row is written; null when the rows are read page by page.
  rows_total int,
  rows_written int not null default 0,
  rows int,
  -- Rows that were left out, because the format has no place for them.
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

-- A page of exports shows many: it follows the operator who booked them or, for an administrator, the ente.
create function tell_export() returns trigger language plpgsql as $$
begin
  perform pg_notify('export', new.ente_id::text);
  if new.operator_id is not null then
    perform pg_notify('export', new.operator_id::text);
  end if;
  return null;
end $$;
create trigger tell_export after update on export for each row execute function tell_export();
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
