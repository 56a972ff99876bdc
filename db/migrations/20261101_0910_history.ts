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
] as const

/** The table of allowed moves, the trigger that holds everything to it, the event history and the journal. */
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

create function tell_payment() returns trigger language plpgsql as $$
begin
  perform pg_notify('payment', new.id::text);
  return null;
end $$;

create trigger tell_payment after update of state, redirect_url, returned_at on cart
  for each row when (old.state is distinct from new.state
    or old.redirect_url is distinct from new.redirect_url
    or old.returned_at is distinct from new.returned_at)
  execute function tell_payment();

create table journal (
  id uuid not null default uuidv7(),
  at timestamptz not null default clock_timestamp(),
  direction text not null check (direction in ('in', 'out')),
  operation text not null,
  cart_id uuid,
  domain text,
  iuv text,
  ccp text,
  outcome text not null,
  http_status int,
  duration_ms int,
  request bytea,
  response bytea,
  primary key (id, at)
) partition by range (at);
create table journal_default partition of journal default;
create index journal_cart on journal (cart_id, at) where cart_id is not null;
create index journal_iuv on journal (iuv, at) where iuv is not null;

-- Makes the partition of a month when it is missing; the sweep calls it ahead of time.
create function ensure_journal_month(day date) returns void language plpgsql as $$
declare
  first date := date_trunc('month', day)::date;
  name text := 'journal_' || to_char(day, 'YYYYMM');
begin
  if to_regclass(name) is not null then
    return;
  end if;
  execute format('create table %I partition of journal for values from (%L) to (%L)',
    name, first, (first + interval '1 month')::date);
end $$;
select ensure_journal_month(current_date);
select ensure_journal_month((current_date + interval '1 month')::date);
`)
  for (const table of ['cart', 'attempt', 'due', 'email', 'ente']) {
    await knex.raw(`create trigger record_birth after insert on ${table}
      for each row execute function record_birth()`)
    await knex.raw(`create trigger guard_move before update of state on ${table}
      for each row execute function guard_move()`)
  }
  await knex('state_move').insert(
    MOVES.flatMap(([entity, from, targets]) =>
      targets.split(' ').map((to) => ({ entity, from_state: from, to_state: to })),
    ),
  )
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
