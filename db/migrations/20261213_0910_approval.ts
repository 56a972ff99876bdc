import type { Knex } from 'knex'

/** Entity, from, to…; written out, because a migration never changes while domain/ may. A test compares the two. */
const MOVES = ['approved', 'elapsed', 'withdrawn', 'overtaken'].map((to) => ({
  entity: 'approval',
  from_state: 'waiting',
  to_state: to,
}))

/** Requests that need a second person, and mails that tell several addresses of one event. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table approval (
  id uuid primary key default uuidv7(),
  -- What happens when it is approved: db/ente/settle-approval.ts.
  kind text not null,
  ente_id uuid not null references ente,
  -- The row it is about, and what of that row.
  entity text not null,
  entity_id uuid not null,
  target text not null,
  from_value jsonb not null,
  to_value jsonb not null,
  state text not null default 'waiting',
  version int not null default 0,
  asked_by uuid not null references operator,
  asked_by_name text not null,
  asked_at timestamptz not null default now(),
  -- From when it happens without a second person; null: never.
  due_at timestamptz,
  decided_by uuid references operator,
  decided_by_name text,
  decided_at timestamptz,
  check ((state = 'waiting') = (decided_at is null)),
  check (state <> 'approved' or (decided_by is not null and decided_by <> asked_by)),
  check (state <> 'elapsed' or (decided_by is null and decided_at >= due_at)),
  check ((decided_by is null) = (decided_by_name is null))
);
-- The database, not the code, lets one request wait for each thing.
create unique index approval_waiting on approval (entity_id, target) where state = 'waiting';
create index approval_ente on approval (ente_id, asked_at) where state = 'waiting';
create index approval_due on approval (due_at) where state = 'waiting';
create trigger record_birth after insert on approval for each row execute function record_birth();
create trigger guard_move before update of state on approval for each row execute function guard_move();

create or replace view c_state as
  select 'cart' as entity, id, state, version from cart
  union all select 'attempt', id, state, version from attempt
  union all select 'due', id, state, version from due
  union all select 'email', id, state, version from email
  union all select 'ente', id, state, version from ente
  union all select 'flow', id, state, version from flow
  union all select 'export', id, state, version from export
  union all select 'approval', id, state, version from approval;

alter table email drop constraint email_event_id_key;
alter table email add constraint email_event_address unique (event_id, address);
`)
  await knex('state_move').insert(MOVES)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
