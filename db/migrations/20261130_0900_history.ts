import type { Knex } from 'knex'

/** Entity, from, to…; written out, because a migration never changes while domain/ may. A test compares the two. */
const MOVES = [
  ['cart', 'open', 'requested expired cancelled'],
  ['cart', 'requested', 'paid partially_paid not_paid timed_out'],
  ['cart', 'partially_paid', 'paid'],
  ['cart', 'not_paid', 'paid partially_paid'],
  ['cart', 'timed_out', 'paid partially_paid'],
  ['cart', 'expired', 'archived'],
  ['attempt', 'created', 'sent paid partially_paid not_paid timed_out'],
  ['attempt', 'sent', 'paid partially_paid not_paid timed_out'],
  ['attempt', 'not_paid', 'paid partially_paid'],
  ['attempt', 'timed_out', 'paid partially_paid'],
  ['due', 'payable', 'paying paid cancelled'],
  ['due', 'paying', 'paid payable'],
  ['email', 'pending', 'sent failed'],
  ['email', 'failed', 'pending'],
  ['ente', 'INSERITO', 'PRE-ESERCIZIO'],
  ['ente', 'PRE-ESERCIZIO', 'ESERCIZIO INSERITO'],
  ['ente', 'ESERCIZIO', 'PRE-ESERCIZIO'],
  ['flow', 'queued', 'loading refused stopped'],
  ['flow', 'loading', 'paused writing refused stopped'],
  ['flow', 'paused', 'queued stopped'],
  ['flow', 'writing', 'loaded paused refused stopped'],
  ['flow', 'loaded', 'writing cancelling'],
  ['flow', 'refused', 'cancelling'],
  ['flow', 'stopped', 'cancelling'],
  ['flow', 'cancelling', 'cancelled'],
  ['export', 'queued', 'running failed'],
  ['export', 'running', 'ready failed'],
  ['export', 'ready', 'deleted'],
  ['export', 'failed', 'queued'],
  ['approval', 'waiting', 'approved elapsed withdrawn overtaken'],
] as const

/** States, their allowed moves, and the history of events. A trigger holds every table with a state to its moves. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table state_move (
  entity text not null,
  from_state text not null,
  to_state text not null,
  primary key (entity, from_state, to_state)
);

create table event (
  id bigint generated always as identity primary key,
  entity text not null,
  entity_id uuid not null,
  -- Position among the state changes of its entity, without gaps; null for a note, which changes no state.
  seq int,
  kind text not null,
  from_state text,
  to_state text,
  data jsonb not null default '{}',
  at timestamptz not null default clock_timestamp(),
  unique (entity, entity_id, seq),
  check ((kind in ('born', 'moved')) = (seq is not null))
);
create index event_entity on event (entity_id, id);
create index event_receipt_noted on event (id desc) where kind = 'receipt_noted';

-- The register of accesses: events of kind 'accessed', found by person, operator, ente and day.
create index event_accessed on event (id) where kind = 'accessed';
create index event_accessed_at on event (at) where kind = 'accessed';
create index event_accessed_operator on event ((data ->> 'byId'), id) where kind = 'accessed';
create index event_accessed_person on event ((data ->> 'person'), id) where kind = 'accessed' and data ->> 'person' is not null;
create index event_accessed_ente on event using gin ((data -> 'enti')) where kind = 'accessed';

create function record_birth() returns trigger language plpgsql as $$
begin
  insert into event (entity, entity_id, seq, kind, to_state) values (tg_table_name, new.id, 0, 'born', new.state);
  return null;
end $$;

create function guard_move() returns trigger language plpgsql as $$
begin
  if new.state is not distinct from old.state then
    return new;
  end if;
  if not exists (select from state_move
                 where entity = tg_table_name and from_state = old.state and to_state = new.state) then
    raise exception 'STATE_MOVE_REFUSED' using errcode = 'MP001',
      hint = tg_table_name || ': ' || old.state || ' -> ' || new.state;
  end if;
  new.version := old.version + 1;
  insert into event (entity, entity_id, seq, kind, from_state, to_state)
    values (tg_table_name, new.id, new.version, 'moved', old.state, new.state);
  return new;
end $$;

create table session (
  sid text primary key,
  sess json not null,
  expire timestamptz(6) not null
);
create index session_expire on session (expire);

create table rate_limit (
  key text primary key,
  points int not null default 0,
  expire bigint
);
`)
  await knex('state_move').insert(
    MOVES.flatMap(([entity, from, targets]) =>
      targets.split(' ').map((to) => ({ entity, from_state: from, to_state: to })),
    ),
  )
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
