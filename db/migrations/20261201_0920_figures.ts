import type { Knex } from 'knex'

/**
 * The figures of the home pages, kept beside the rows that they count. Filling them reads every due and settlement once: about ten
 * seconds for five million dues, during which nothing else can write them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Longer than pages may take.
set local statement_timeout = 0;
-- Sums per type of due and day. open: dues to collect, by due date (null: they have none). paid: shares of the ente that are settled,
-- by day of payment in Rome. docs/decisions/0036-figures-are-deltas.md
create table figure (
  kind text not null check (kind in ('open', 'paid')),
  ente_due_type_id uuid not null references ente_due_type,
  day date,
  items bigint not null,
  cents bigint not null,
  constraint figure_key unique nulls not distinct (ente_due_type_id, kind, day)
);

-- What changed since the last fold, only ever inserted by the transactions that change the rows and removed by the fold. It has no
-- key and no foreign key, because a payment must not wait for another one, nor pay for an index.
create table figure_delta (
  kind text not null,
  ente_due_type_id uuid not null,
  day date,
  items bigint not null,
  cents bigint not null
);

-- True for a due that an ente still expects money of, as its list of dues shows them: a payable spontaneous due without an IUV exists
-- only in the cart of a citizen.
create function is_to_collect(state text, spontaneous boolean, iuv text) returns boolean immutable language sql as $$
  select state in ('payable', 'paying') and not (state = 'payable' and spontaneous and iuv is null)
$$;

-- The figures as they are now: folded and not yet folded, in one snapshot.
create view figure_now as
  select kind, ente_due_type_id, day, items, cents from figure
  union all
  select kind, ente_due_type_id, day, items, cents from figure_delta;

-- The figures worked out from the rows themselves, to build them again and to check them.
create view figure_of_rows as
  select 'open' as kind, d.ente_due_type_id, d.due_on as day, count(*) as items, sum(d.importo_cents)::bigint as cents
  from due d where is_to_collect(d.state, d.spontaneous, d.iuv) group by 2, 3
  union all
  select 'paid', d.ente_due_type_id, s.paid_on, count(*), sum(s.importo_cents)::bigint
  from settlement s join due_share sh on sh.id = s.share_id and sh.position = 1 join due d on d.id = s.due_id group by 2, 3;

-- The triggers run once per statement: a chunk of a file that writes thousands of dues leaves one delta per type and due date.
create function figure_due_added() returns trigger language plpgsql as $$
begin
  insert into figure_delta (kind, ente_due_type_id, day, items, cents)
  select 'open', d.ente_due_type_id, d.due_on, count(*), sum(d.importo_cents)
  from after_rows d where is_to_collect(d.state, d.spontaneous, d.iuv) group by 2, 3;
  return null;
end $$;

-- A due that stays to collect with its day and cents leaves no delta, so the beginning of a payment of a notice costs none.
create function figure_due_changed() returns trigger language plpgsql as $$
begin
  insert into figure_delta (kind, ente_due_type_id, day, items, cents)
  select 'open', c.ente_due_type_id, c.due_on, sum(c.items), sum(c.items * c.importo_cents)
  from (
    select d.ente_due_type_id, d.due_on, d.importo_cents, 1 as items from after_rows d where is_to_collect(d.state, d.spontaneous, d.iuv)
    union all
    select d.ente_due_type_id, d.due_on, d.importo_cents, -1 from before_rows d where is_to_collect(d.state, d.spontaneous, d.iuv)) c
  group by 2, 3 having sum(c.items) <> 0 or sum(c.items * c.importo_cents) <> 0;
  return null;
end $$;

create function figure_settled() returns trigger language plpgsql as $$
begin
  insert into figure_delta (kind, ente_due_type_id, day, items, cents)
  select 'paid', d.ente_due_type_id, s.paid_on, count(*), sum(s.importo_cents)
  from after_rows s join due_share sh on sh.id = s.share_id and sh.position = 1 join due d on d.id = s.due_id group by 2, 3;
  return null;
end $$;

create function figure_unsettled() returns trigger language plpgsql as $$
begin
  insert into figure_delta (kind, ente_due_type_id, day, items, cents)
  select 'paid', d.ente_due_type_id, s.paid_on, -count(*), -sum(s.importo_cents)
  from before_rows s join due_share sh on sh.id = s.share_id and sh.position = 1 join due d on d.id = s.due_id group by 2, 3;
  return null;
end $$;

create trigger figure_added after insert on due referencing new table as after_rows
  for each statement execute function figure_due_added();
create trigger figure_changed after update on due referencing old table as before_rows new table as after_rows
  for each statement execute function figure_due_changed();
create trigger figure_added after insert on settlement referencing new table as after_rows
  for each statement execute function figure_settled();
create trigger figure_removed after delete on settlement referencing old table as before_rows
  for each statement execute function figure_unsettled();

-- No row is written between the triggers and this, because each trigger keeps its table locked until the migration ends.
insert into figure (kind, ente_due_type_id, day, items, cents) select kind, ente_due_type_id, day, items, cents from figure_of_rows;

-- Operators' home counts files, exports and dues under way of one ente.
create index flow_ente_moving on flow (ente_id) where state in ('queued', 'loading', 'writing', 'stopped', 'cancelling');
create index export_ente_open on export (ente_id) where state in ('queued', 'running');
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
