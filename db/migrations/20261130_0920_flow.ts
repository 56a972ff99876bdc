import type { Knex } from 'knex'

/** Files of dues, their chunks and their rejected rows. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table flow (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  -- <codIpa>-<IUF>-<format>, without ending.
  base_name text not null,
  iuf text not null check (length(iuf) between 1 and 50),
  format text not null check (format in ('1_0', '1_1', '1_2', '1_3', '1_4')),
  state text not null default 'queued',
  version int not null default 0,
  -- Null when the software of the ente sent it.
  operator_id uuid references operator,
  request_token text unique,
  -- Digest of the uploaded archive.
  sha256 bytea not null check (length(sha256) = 32),
  zip_bytes bigint not null,
  csv_bytes bigint not null,
  -- Codes of the types of the dues that the rows of the file named: an operator who may not use one of them does not see the file.
  due_types text[] not null default '{}',
  wants_notices boolean not null default false,
  -- First line of the file as it came: the outcome files repeat it.
  header text not null,
  -- How far the file is decided: all before this byte, up to this row, in this many chunks.
  next_byte bigint not null,
  rows_read int not null default 0,
  chunks int not null default 0,
  rows_loaded int not null default 0,
  rows_changed int not null default 0,
  rows_cancelled int not null default 0,
  rows_unchanged int not null default 0,
  rows_rejected int not null default 0,
  notices_wanted int not null default 0,
  notices_printed int not null default 0,
  -- IUV of the last notice that was printed.
  notices_after text not null default '',
  -- Why the whole file was refused, and what the text of the code needs.
  error_code text,
  error_details jsonb not null default '[]',
  -- What became of its dues when the file was cancelled.
  dues_cancelled int not null default 0,
  dues_kept_paid int not null default 0,
  dues_kept_paying int not null default 0,
  cancelled_by uuid references operator,
  loading_since timestamptz,
  -- Time spent loading before loading_since.
  loading_ms bigint not null default 0,
  ended_at timestamptz,
  next_check_at timestamptz not null default now() + interval '15 seconds',
  created_at timestamptz not null default now(),
  check ((state = 'refused') <= (error_code is not null)),
  check (rows_read = rows_loaded + rows_changed + rows_cancelled + rows_unchanged + rows_rejected)
);
-- A file that was refused or cancelled gives its name back.
create unique index flow_iuf on flow (ente_id, upper(iuf)) where state not in ('refused', 'cancelled');
create unique index flow_sha256 on flow (ente_id, sha256) where state not in ('refused', 'cancelled');
-- The database, not the code, lets one file of an ente load at a time.
create unique index flow_running on flow (ente_id) where state in ('loading', 'writing');
create index flow_ente on flow (ente_id, id desc);
create index flow_open on flow (next_check_at) where state in ('queued', 'loading', 'writing', 'stopped', 'cancelling');

-- A part of the file, by bytes, whose rows are committed together.
create table flow_chunk (
  flow_id uuid not null references flow,
  seq int not null,
  from_byte bigint not null,
  to_byte bigint not null,
  first_row int not null,
  rows int not null,
  rejected int not null,
  -- File of its loaded rows: each try writes one of its own, and the one that commits names it here.
  part text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (flow_id, seq)
);

create table flow_reject (
  flow_id uuid not null references flow,
  row int not null,
  -- By name (domain/flow/reason.ts); the outcome file gives them the texts of the old platform.
  reasons jsonb not null,
  -- The line as it came, also when its bytes are no text.
  raw bytea not null,
  primary key (flow_id, row)
);

-- Rows of a file under way that left their due unchanged: the due itself does not show that the file named it.
create table flow_unchanged (
  flow_id uuid not null references flow,
  iud text not null,
  primary key (flow_id, iud)
);

create trigger record_birth after insert on flow for each row execute function record_birth();
create trigger guard_move before update of state on flow for each row execute function guard_move();

create function tell_flow() returns trigger language plpgsql as $$
begin
  perform pg_notify('flow', new.id::text);
  return null;
end $$;
create trigger tell_flow after insert or update on flow for each row execute function tell_flow();
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
