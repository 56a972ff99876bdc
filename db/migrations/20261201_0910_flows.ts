import type { Knex } from 'knex'

/** Entity, from, to…; written out, because a migration never changes while domain/ may. A test compares the two. */
const MOVES = [
  ['queued', 'loading refused stopped'],
  ['loading', 'paused writing refused stopped'],
  ['paused', 'queued stopped'],
  ['writing', 'loaded paused refused stopped'],
  ['loaded', 'writing cancelling'],
  ['refused', 'cancelling'],
  ['stopped', 'cancelling'],
  ['cancelling', 'cancelled'],
] as const

/**
 * Files of dues. Takes an exclusive lock on `due` for the time of building three indexes: a minute per five million rows;
 * the new columns cost nothing.
 */
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
  -- Null: sent by the software of the ente.
  operator_id uuid references operator,
  request_token text unique,
  -- Of the uploaded archive.
  sha256 bytea not null check (length(sha256) = 32),
  zip_bytes bigint not null,
  csv_bytes bigint not null,
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
  -- IUV of the last one.
  notices_after text not null default '',
  -- Of the whole file, and what the code's text needs.
  error_code text,
  error_details jsonb not null default '[]',
  -- What the cancelling of the file found.
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

-- What was decided together: a part of the file by bytes.
create table flow_chunk (
  flow_id uuid not null references flow,
  seq int not null,
  from_byte bigint not null,
  to_byte bigint not null,
  first_row int not null,
  rows int not null,
  rejected int not null,
  -- File of its loaded rows: each attempt writes one of its own, and the one that commits names it here.
  part text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (flow_id, seq)
);

create table flow_reject (
  flow_id uuid not null references flow,
  row int not null,
  code text not null,
  text text not null,
  -- The line as it came, bytes that are no text included.
  raw bytea not null,
  primary key (flow_id, row)
);

-- Rows of a file under way that left their due as it was: nothing on the due says that the file named it.
create table flow_unchanged (
  flow_id uuid not null references flow,
  iud text not null,
  primary key (flow_id, iud)
);

alter table due
  -- The file that wrote it last; of a citizen or an operator without.
  add flow_id uuid references flow,
  add flow_row int,
  add tipo_versamento text not null default 'ALL',
  add commissione_cents bigint check (commissione_cents >= 0),
  -- The row asked for an IUV of the platform.
  add generates_iuv boolean not null default false,
  -- Of the values that its last row gave; null when something else changed it since.
  add content_hash bytea,
  add changed_at timestamptz not null default now();
create index due_flow on due (flow_id, iud) where flow_id is not null;

-- Address of a second beneficiary, as its file gave it.
alter table due_share add address jsonb;

-- A due of a file begins with its file: a million rows would be a million births.
drop trigger record_birth on due;
create trigger record_birth after insert on due for each row when (new.flow_id is null)
  execute function record_birth();

create function stamp_change() returns trigger language plpgsql as $$
begin
  new.changed_at := clock_timestamp();
  return new;
end $$;
create trigger stamp_change before update on due for each row execute function stamp_change();

create trigger record_birth after insert on flow for each row execute function record_birth();
create trigger guard_move before update of state on flow for each row execute function guard_move();

create function tell_flow() returns trigger language plpgsql as $$
begin
  perform pg_notify('flow', new.id::text);
  return null;
end $$;
create trigger tell_flow after insert or update on flow for each row execute function tell_flow();

create or replace view c_event as
  select entity, entity_id as id, seq, from_state, to_state from event where seq is not null
  union all
  select 'due', d.id, 0, null, 'payable' from due d
  where d.flow_id is not null
    and not exists (select from event e where e.entity = 'due' and e.entity_id = d.id and e.seq = 0);

create or replace view c_state as
  select 'cart' as entity, id, state, version from cart
  union all select 'attempt', id, state, version from attempt
  union all select 'due', id, state, version from due
  union all select 'email', id, state, version from email
  union all select 'ente', id, state, version from ente
  union all select 'flow', id, state, version from flow;

create view c_import as
  select f.id, f.state, f.rows_read as lines, f.rows_loaded + f.rows_changed + f.rows_cancelled as ok,
    f.rows_rejected as rejected, f.rows_unchanged as unchanged, f.chunks, f.next_byte, f.csv_bytes
  from flow f;

-- Mails about files: to the operator who sent one.
alter table email add flow_id uuid references flow;
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check check (kind in ('receipt', 'link', 'code', 'deferred', 'flow'));
alter table email add constraint email_flow_check check ((kind = 'flow') = (flow_id is not null));
`)
  await knex('state_move').insert(
    MOVES.flatMap(([from, targets]) =>
      targets.split(' ').map((to) => ({ entity: 'flow', from_state: from, to_state: to })),
    ),
  )
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
