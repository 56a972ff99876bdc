import type { Knex } from 'knex'

/** Acts on many dues at once, and the dues of each. It locks nothing that is there. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
insert into state_move (entity, from_state, to_state) values
  ('bulk_act', 'queued', 'running'), ('bulk_act', 'queued', 'stopping'), ('bulk_act', 'queued', 'failed'),
  ('bulk_act', 'running', 'done'), ('bulk_act', 'running', 'stopping'), ('bulk_act', 'running', 'failed'),
  ('bulk_act', 'stopping', 'stopped'), ('bulk_act', 'stopping', 'failed');

create table bulk_act (
  id uuid primary key default uuidv7(),
  -- By which people name it.
  number bigint generated always as identity (start with 1001) unique,
  ente_id uuid not null references ente,
  operator_id uuid not null references operator,
  -- What is done: a name of domain/bulk/acts.ts.
  kind text not null check (length(kind) between 1 and 20),
  state text not null default 'queued',
  version int not null default 0,
  -- From the form that asks for confirmation, so that a double click asks once.
  nonce uuid not null,
  -- Codes of the types of its dues: an operator who may not use one of them does not see the act.
  due_types text[] not null check (cardinality(due_types) > 0),
  -- Its dues, and the sum of those that were to be done when it was confirmed.
  rows int not null check (rows > 0),
  cents bigint not null,
  rows_done int not null default 0,
  cents_done bigint not null default 0,
  rows_left int not null default 0,
  error_code text,
  zip_bytes bigint,
  file_removed_at timestamptz,
  stopped_by uuid references operator,
  next_check_at timestamptz not null default now() + interval '15 seconds',
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  unique (operator_id, nonce),
  check (rows_done >= 0 and rows_left >= 0 and rows_done + rows_left <= rows),
  -- Only one that was stopped or has failed may have dues that nobody has looked at.
  check (state <> 'done' or rows_done + rows_left = rows),
  check ((state in ('done', 'stopped', 'failed')) = (ended_at is not null)),
  check ((state = 'failed') = (error_code is not null))
);
create index bulk_act_ente on bulk_act (ente_id, id desc);
create index bulk_act_open on bulk_act (next_check_at) where state in ('queued', 'running', 'stopping');
create index bulk_act_kept on bulk_act (ended_at) where zip_bytes is not null and file_removed_at is null;
create trigger record_birth after insert on bulk_act for each row execute function record_birth();
create trigger guard_move before update of state on bulk_act for each row execute function guard_move();

create table bulk_act_row (
  act_id uuid not null references bulk_act,
  due_id uuid not null references due,
  -- Null until its turn has come.
  outcome text check (outcome in ('done', 'left')),
  -- Why it was left: a name of domain/bulk/acts.ts.
  reason text,
  primary key (act_id, due_id),
  check ((outcome is not distinct from 'left') = (reason is not null))
);
create index bulk_act_row_waiting on bulk_act_row (act_id, due_id) where outcome is null;
create index bulk_act_row_left on bulk_act_row (act_id, due_id) where outcome = 'left';
create index bulk_act_row_due on bulk_act_row (due_id);

create function tell_bulk_act() returns trigger language plpgsql as $$
begin
  perform pg_notify('bulk_act', new.id::text);
  return null;
end $$;
create trigger tell_bulk_act after update on bulk_act for each row execute function tell_bulk_act();

-- For the money checker. The view of states is extended as it is found, because other changes extend it too.
do $$ begin
  execute 'create or replace view c_state as ' || rtrim(pg_get_viewdef('c_state'::regclass), '; ')
    || ' union all select ''bulk_act'', id, state, version from bulk_act';
end $$;
create view c_bulk as
  select id, kind, state, rows, rows_done as done, rows_left as "left", cents_done as cents from bulk_act;
create view c_bulk_row as
  select act_id as act, due_id as due, outcome, reason from bulk_act_row;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
