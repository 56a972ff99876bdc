import type { Knex } from 'knex'

/**
 * What came in by week, for the home pages: collected, reported and credited. What changes the rows notes the weeks that it touches, and the
 * sweep counts those again (db/figures/reporting-weeks.ts), so this only notes every week that there is.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
set local statement_timeout = 0;
-- Sums per ente, week of Rome (its Monday) and type of due; without a type: credits, and reported payments without a due.
create table reporting_week (
  ente_id uuid not null references ente,
  week date not null,
  ente_due_type_id uuid references ente_due_type,
  -- Shares of the ente by day of payment, as the folded figures have them.
  collected_cents bigint not null,
  -- Payments of current flows, by day of production of the flow; revoked ones are subtracted. open: whose money has no place yet.
  reported_items int not null,
  reported_cents bigint not null,
  open_items int not null,
  open_cents bigint not null,
  -- Credits that count, by day of booking. untied: without a flow or payment that is sure.
  credited_cents bigint not null,
  untied_items int not null,
  untied_cents bigint not null,
  constraint reporting_week_key unique nulls not distinct (ente_id, week, ente_due_type_id)
);
create index reporting_week_day on reporting_week (week);

-- Weeks to be counted again. Only ever inserted, and removed by what counted them, so that nothing waits for it.
create table reporting_week_stale (
  id bigint generated always as identity primary key,
  ente_id uuid not null,
  week date not null
);

create function rome_week(at timestamptz) returns date stable language sql as $$
  select date_trunc('week', at at time zone 'Europe/Rome')::date
$$;

-- The sums of one week of an ente worked out from the rows.
create function reporting_week_of(an_ente uuid, monday date) returns table (ente_due_type_id uuid, collected_cents bigint,
  reported_items int, reported_cents bigint, open_items int, open_cents bigint, credited_cents bigint, untied_items int, untied_cents bigint)
stable language sql as $$
  select s.type_id, sum(s.collected)::bigint, sum(s.items)::int, sum(s.reported)::bigint, sum(s.open_items)::int, sum(s.open)::bigint,
    sum(s.credited)::bigint, sum(s.untied_items)::int, sum(s.untied)::bigint
  from (
    select f.ente_due_type_id as type_id, sum(f.cents) as collected, 0 as items, 0 as reported, 0 as open_items, 0 as open, 0 as credited,
      0 as untied_items, 0 as untied
    from ente_due_type t join figure f on f.ente_due_type_id = t.id
    where t.ente_id = an_ente and f.kind = 'paid' and f.day >= monday and f.day < monday + 7 group by 1
    union all
    select d.ente_due_type_id, 0, count(*), sum(case when r.code = 'REVOKED' then -r.importo_cents else r.importo_cents end),
      count(*) filter (where coalesce(r.places -> 'awaited', r.places -> 'unplaced') is not null),
      sum(coalesce((r.places ->> 'awaited')::bigint, 0) + coalesce((r.places ->> 'unplaced')::bigint, 0)), 0, 0, 0
    from reporting_flow f join reported_row r on r.reporting_flow_id = f.id left join due d on d.id = r.due_id and d.ente_id = an_ente
    where f.ente_id = an_ente and f.state = 'stored' and f.is_current and f.flow_at >= monday::timestamp at time zone 'Europe/Rome'
      and f.flow_at < (monday + 7)::timestamp at time zone 'Europe/Rome' group by 1
    union all
    select null, 0, 0, 0, 0, 0, sum(c.cents), count(*) filter (where not c.tied), sum(c.cents) filter (where not c.tied)
    from (select c.cents, exists (select from treasury_tie t where t.credit_id = c.id and t.state in ('certain', 'accepted')) as tied
      from treasury_credit c
      where c.ente_id = an_ente and c.booked_on >= monday and c.booked_on < monday + 7 and c.is_seen and c.twin_id is null and c.cents > 0) c
  ) s group by 1
  having coalesce(sum(s.collected), 0) <> 0 or sum(s.items) > 0 or sum(s.credited) > 0
$$;

create function reporting_flow_stale() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week)
  select new.ente_id, rome_week(at) from unnest(array[old.flow_at, new.flow_at]) at group by 2;
  return null;
end $$;
create trigger reporting_week_stale after update on reporting_flow for each row
  when ((old.state, old.is_current, old.flow_at) is distinct from (new.state, new.is_current, new.flow_at)) execute function reporting_flow_stale();

-- These run once per statement, because a statement of a bank has thousands of credits.
create function treasury_credit_stale() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week)
  select c.ente_id, date_trunc('week', c.booked_on)::date from changed_rows c group by 1, 2;
  return null;
end $$;
create trigger reporting_week_added after insert on treasury_credit referencing new table as changed_rows
  for each statement execute function treasury_credit_stale();
create trigger reporting_week_before after update on treasury_credit referencing old table as changed_rows
  for each statement execute function treasury_credit_stale();
create trigger reporting_week_after after update on treasury_credit referencing new table as changed_rows
  for each statement execute function treasury_credit_stale();

create function treasury_tie_stale() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week)
  select c.ente_id, date_trunc('week', c.booked_on)::date from changed_rows t join treasury_credit c on c.id = t.credit_id group by 1, 2;
  return null;
end $$;
create trigger reporting_week_added after insert on treasury_tie referencing new table as changed_rows
  for each statement execute function treasury_tie_stale();
create trigger reporting_week_changed after update on treasury_tie referencing new table as changed_rows
  for each statement execute function treasury_tie_stale();

-- The folded figures change only when the sweep folds, so payments have no more to do.
create function figure_stale() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week)
  select t.ente_id, date_trunc('week', f.day)::date from changed_rows f join ente_due_type t on t.id = f.ente_due_type_id
  where f.kind = 'paid' group by 1, 2;
  return null;
end $$;
create trigger reporting_week_added after insert on figure referencing new table as changed_rows
  for each statement execute function figure_stale();
create trigger reporting_week_changed after update on figure referencing new table as changed_rows
  for each statement execute function figure_stale();
create trigger reporting_week_removed after delete on figure referencing old table as changed_rows
  for each statement execute function figure_stale();

-- Every week that has rows.
create view reporting_week_there as
  select t.ente_id, date_trunc('week', f.day)::date as week
  from figure f join ente_due_type t on t.id = f.ente_due_type_id where f.kind = 'paid'
  union
  select ente_id, rome_week(flow_at) from reporting_flow where state = 'stored'
  union
  select ente_id, date_trunc('week', booked_on)::date from treasury_credit;
insert into reporting_week_stale (ente_id, week) select ente_id, week from reporting_week_there;

-- What waits for a person is little, and is counted on the home page.
create index treasury_tie_proposed on treasury_tie (credit_id) where state = 'proposed';
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
