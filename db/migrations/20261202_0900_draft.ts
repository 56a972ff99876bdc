import type { Knex } from 'knex'

/** Files of dues that are no flow yet: a CSV of which something is asked, and spreadsheets from their conversion to their confirmation. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
insert into state_move (entity, from_state, to_state) values
  ('draft', 'converting', 'waiting'), ('draft', 'converting', 'refused'), ('draft', 'converting', 'discarded'),
  ('draft', 'waiting', 'taken'), ('draft', 'waiting', 'discarded'), ('draft', 'waiting', 'expired');

alter table flow
  -- How the file came: the documented archive, its CSV alone, or a spreadsheet from which the CSV was made.
  add column source text not null default 'zip' check (source in ('zip', 'csv', 'sheet')),
  -- The name of a file that had not the documented one.
  add column original_name text check (length(original_name) between 1 and 255);

create table draft (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  operator_id uuid not null references operator,
  kind text not null check (kind in ('csv', 'sheet')),
  state text not null,
  version int not null default 0,
  file_name text not null check (length(file_name) between 1 and 255),
  bytes bigint not null,
  -- Digest of the file as it came.
  sha256 bytea not null check (length(sha256) = 32),
  wants_notices boolean not null,
  -- Proposed from the name of the file or from its columns. The operator decides when he confirms.
  iuf text,
  format text check (format in ('1_0', '1_1', '1_2', '1_3', '1_4')),
  -- Rows of the sheet, and those among them with a cell that was not converted.
  rows int,
  rows_unread int,
  -- Why the whole sheet was refused: a kind of domain/flow/sheet/problem.ts, with what its text needs.
  problem jsonb,
  flow_id uuid unique references flow,
  next_check_at timestamptz not null default now() + interval '15 seconds',
  expires_at timestamptz not null default now() + interval '7 days',
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((state = 'refused') = (problem is not null)),
  check ((state = 'taken') = (flow_id is not null)),
  check ((state in ('converting', 'waiting')) = (ended_at is null))
);
create index draft_own on draft (operator_id, ente_id, id desc);
create index draft_converting on draft (next_check_at) where state = 'converting';
create index draft_waiting on draft (expires_at) where state = 'waiting';

create trigger record_birth after insert on draft for each row execute function record_birth();
create trigger guard_move before update of state on draft for each row execute function guard_move();
-- The pages of drafts follow the channel of flows.
create trigger tell_draft after insert or update on draft for each row execute function tell_flow();
`)
  // The view is extended and not written anew, so that what other migrations put into it stays.
  await knex.raw(`do $$ begin
  execute 'create or replace view c_state as ' || rtrim(pg_get_viewdef('c_state'::regclass), '; ')
    || ' union all select ''draft'', id, state, version from draft';
end $$`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
